import { expect, test } from 'vitest';
import { listSerialPorts } from '../../../main/devices/serial-ports.ts';

test('lists what the system names, sorted', async () => {
  const list = () => Promise.resolve([{ path: '/dev/ttyUSB1', manufacturer: 'Newland' }, { path: '/dev/ttyACM0' }]);
  expect(await listSerialPorts({ list })).toEqual([
    { path: '/dev/ttyACM0', vendor: null, product: null },
    { path: '/dev/ttyUSB1', vendor: 'Newland', product: null },
  ]);
});

test('reads the device folder where udevadm is missing', async () => {
  const texts: Record<string, string> = { '/sys/class/tty/ttyACM0/device/../manufacturer': 'Honeywell\n', '/sys/class/tty/ttyACM0/device/../product': '7990g\n' };
  const ports = await listSerialPorts({
    list: () => Promise.reject(new Error('spawn udevadm ENOENT')),
    readDirectory: () => Promise.resolve(['tty', 'tty0', 'console', 'ttyACM0', 'ttyUSB0', 'ptmx', 'ttyS1']),
    readText: (path) => (texts[path] === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(texts[path])),
  });
  expect(ports).toEqual([
    { path: '/dev/ttyACM0', vendor: 'Honeywell', product: '7990g' },
    { path: '/dev/ttyS1', vendor: null, product: null },
    { path: '/dev/ttyUSB0', vendor: null, product: null },
  ]);
});

test('never rejects on this machine', async () => {
  await expect(listSerialPorts()).resolves.toBeInstanceOf(Array);
  await expect(listSerialPorts({ list: () => Promise.reject(new Error('x')), readDirectory: () => Promise.reject(new Error('x')) })).resolves.toEqual([]);
});
