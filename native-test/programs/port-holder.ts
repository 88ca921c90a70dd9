import { openSerialLine } from '../../main/devices/serial-scanner.ts';

// Another program that has a serial port open until it is killed.
const [path = ''] = process.argv.slice(2);
await openSerialLine({ path, baudRate: 9600, suffix: 'CR' });
console.log('open');
setInterval(() => {}, 1000);
