import { expect, test } from 'vitest';
import { createHidAccess } from '../../../main/devices/hid-access.ts';
import { countedDescriptor, createFakeHidLibrary, keyboardDescriptor } from '../../fakes/hid-devices.ts';

const refuse = () => Promise.reject(new Error('ENOENT'));

test('on Linux scanners are found by their descriptors, without the library', async () => {
  const files: Record<string, Uint8Array> = {
    '/sys/class/hidraw/hidraw0/device/report_descriptor': keyboardDescriptor,
    '/sys/class/hidraw/hidraw1/device/report_descriptor': countedDescriptor,
    '/sys/class/hidraw/hidraw1/device/uevent': Buffer.from('DRIVER=hid-generic\nHID_ID=0003:00001EAB:00000C10\nHID_NAME=Newland NLS-HR32\nHID_PHYS=usb-0000:00:14.0-2/input0\nHID_UNIQ=\n'),
    '/sys/class/hidraw/hidraw2/device/report_descriptor': countedDescriptor,
    '/sys/class/hidraw/hidraw2/device/uevent': Buffer.from('HID_ID=0003:00000C2E:00000B61\nHID_NAME=Voyager\nHID_UNIQ=S 1\n'),
    '/sys/class/hidraw/hidraw3/device/report_descriptor': countedDescriptor,
    '/sys/class/hidraw/hidraw3/device/uevent': Buffer.from('HID_ID=0003:00000C2E:00000B61\nHID_NAME=Voyager\nHID_UNIQ=S 1\n'),
  };
  const access = createHidAccess({
    platform: 'linux',
    load: refuse,
    readDirectory: () => Promise.resolve(['hidraw0', 'hidraw1', 'hidraw2', 'hidraw3', 'hidraw4', 'x']),
    readBytes: (path) => (files[path] === undefined ? refuse() : Promise.resolve(files[path])),
  });
  const found = await access.list();
  expect(found?.map(({ id, path, product, vendorId }) => [id, path, product, vendorId])).toEqual([
    ['hid:1EAB:0C10:usb-0000:00:14.0-2/input0', '/dev/hidraw1', 'Newland NLS-HR32', '1EAB'],
    ['hid:0C2E:0B61:S_1', '/dev/hidraw2', 'Voyager', '0C2E'],
    ['hid:0C2E:0B61:S_1#2', '/dev/hidraw3', 'Voyager', '0C2E'],
  ]);
  expect(await createHidAccess({ platform: 'linux', load: refuse, readDirectory: refuse }).list()).toEqual([]);
});

test('elsewhere the library is asked for the usage page; without it nothing can be said', async () => {
  const fake = createFakeHidLibrary();
  fake.plug('\\\\?\\hid#1');
  fake.plug('\\\\?\\hid#2', { usagePage: 1 });
  const access = createHidAccess({ platform: 'win32', load: () => Promise.resolve(fake.library) });
  expect((await access.list())?.map(({ id, vendor }) => [id, vendor])).toEqual([['hid:0C2E:0B61:S1', 'Honeywell']]);
  expect(await createHidAccess({ platform: 'win32', load: refuse }).list()).toBeNull();
  const broken = { ...fake.library, devicesAsync: refuse };
  expect(await createHidAccess({ platform: 'darwin', load: () => Promise.resolve(broken) }).list()).toBeNull();
});

test('the real library loads and lists on this machine', async () => {
  const devices = await createHidAccess({ platform: 'win32' }).list();
  expect(devices).toBeInstanceOf(Array);
  expect(await createHidAccess().list()).toBeInstanceOf(Array);
  await expect(createHidAccess().open('/nonexistent/hidraw')).rejects.toThrow();
});
