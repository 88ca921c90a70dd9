import { expect, test } from 'vitest';
import { listSerialPorts } from '../../../main/devices/serial-ports.ts';

const nameless = { vendor: null, product: null, vendorId: null, productId: null, serialNumber: null };

test('elsewhere than on Linux it lists what the system names, sorted', async () => {
  const list = () =>
    Promise.resolve([
      { path: 'COM7', manufacturer: 'Newland', friendlyName: 'NLS-HR32 (COM7)', vendorId: '1eab', productId: '0c06', serialNumber: 'S1' },
      { path: 'COM1' },
    ]);
  expect(await listSerialPorts({ platform: 'win32', list })).toEqual([
    { path: 'COM1', ...nameless },
    { path: 'COM7', vendor: 'Newland', product: 'NLS-HR32', vendorId: '1EAB', productId: '0C06', serialNumber: 'S1' },
  ]);
});

test('on Linux it reads the class of terminals: no udev, no program', async () => {
  const texts: Record<string, string> = {
    // Modem class: the interface lies right under the device.
    '/sys/class/tty/ttyACM0/device/../idVendor': '0c2e\n',
    '/sys/class/tty/ttyACM0/device/../idProduct': '0b6a\n',
    '/sys/class/tty/ttyACM0/device/../manufacturer': 'Honeywell\n',
    '/sys/class/tty/ttyACM0/device/../product': '7990g\n',
    '/sys/class/tty/ttyACM0/device/../serial': '  \n',
    // A bridge chip: one level more.
    '/sys/class/tty/ttyUSB0/device/../../idVendor': '1a86\n',
    '/sys/class/tty/ttyUSB0/device/../../idProduct': '7523\n',
    '/sys/class/tty/ttyUSB0/device/../../product': 'USB Serial\n',
    '/sys/class/tty/ttyS0/type': '4\n',
    '/sys/class/tty/ttyS1/type': '0\n',
  };
  const ports = await listSerialPorts({
    platform: 'linux',
    list: () => Promise.reject(new Error('spawn udevadm ENOENT')),
    readDirectory: () => Promise.resolve(['tty', 'tty0', 'console', 'ttyACM0', 'ttyUSB0', 'ptmx', 'ttyS1', 'ttyS0', 'ttyprintk']),
    readText: (path) => (texts[path] === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(texts[path])),
  });
  expect(ports).toEqual([
    { path: '/dev/ttyACM0', vendor: 'Honeywell', product: '7990g', vendorId: '0C2E', productId: '0B6A', serialNumber: null },
    { path: '/dev/ttyS0', ...nameless },
    { path: '/dev/ttyUSB0', vendor: null, product: 'USB Serial', vendorId: '1A86', productId: '7523', serialNumber: null },
  ]);
});

test('never rejects on this machine, nor anywhere', async () => {
  await expect(listSerialPorts()).resolves.toBeInstanceOf(Array);
  const broken = { list: () => Promise.reject(new Error('x')), readDirectory: () => Promise.reject(new Error('x')) };
  await expect(listSerialPorts({ platform: 'linux', ...broken })).resolves.toEqual([]);
  await expect(listSerialPorts({ platform: 'darwin', ...broken })).resolves.toEqual([]);
});
