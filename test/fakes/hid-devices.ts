import type { HidAccess, HidHandle, HidLibrary, ListedHid } from '../../main/devices/hid-access.ts';

/** One short item of a report descriptor: prefix (tag and type) and a value in as few bytes as it needs. */
export function item(prefix: number, value?: number): number[] {
  if (value === undefined) return [prefix];
  if (value < 0x100) return [prefix | 1, value];
  return value < 0x1_0000 ? [prefix | 2, value & 0xff, value >> 8] : [prefix | 3, value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, Math.floor(value / 2 ** 24)];
}

const usagePage = (page: number) => item(0x04, page);
const usage = (id: number) => item(0x08, id);
const size = (bits: number) => item(0x74, bits);
const count = (values: number) => item(0x94, values);
const input = (flags: number) => item(0x80, flags);
const output = (flags: number) => item(0x90, flags);

/** As scanners of several makers have it: report 2 with byte count, AIM identifier, 56 bytes, two of the maker's, continued; report 4 sounds the beeper. */
export const countedDescriptor = Uint8Array.from([
  ...[usagePage(0x8c), usage(0x02), item(0xa0, 0x01), usage(0x12), item(0xa0, 0x02), item(0x84, 2), item(0x14, 0), item(0x24, 255)].flat(),
  ...[size(8), count(1), usagePage(0x01), usage(0x3b), input(0x02)].flat(),
  ...[count(3), usagePage(0x8c), usage(0xfb), usage(0xfc), usage(0xfd), input(0x02)].flat(),
  ...[count(56), usage(0xfe), input(0x102)].flat(),
  ...[usagePage(0xff66), count(2), usage(0x04), usage(0x00), input(0x02)].flat(),
  ...[usagePage(0x8c), item(0x24, 1), size(1), count(8), usage(0xff), input(0x02), item(0xc0)].flat(),
  ...[usage(0x14), item(0xa0, 0x02), item(0x84, 4), size(1), count(8), usage(0), usage(0x5f), usage(0x60), usage(0), usage(0), usage(0x85), usage(0x86), output(0x86), item(0xc0)].flat(),
  ...item(0xc0),
]);

/** Handmade: no report ids, the flag first and not on a byte of its own, data before the identifier, no count; usages whole. */
export const shiftedDescriptor = Uint8Array.from([
  ...[usagePage(0x8c), usage(0x01), item(0xa0, 0x01), item(0x14, 0), item(0x24, 255)].flat(),
  ...[size(1), count(1), usage(0x8c_00ff), input(0x02), size(3), count(1), input(0x01)].flat(),
  ...[size(8), count(20), usage(0xfe), input(0x102), count(3), item(0x18, 0xfb), item(0x28, 0xfd), input(0x02)].flat(),
  ...[size(4), count(1), input(0x01), item(0xc0)].flat(),
]);

/** A keyboard: no scanner. */
export const keyboardDescriptor = Uint8Array.from([
  ...[usagePage(0x01), usage(0x06), item(0xa0, 0x01), usagePage(0x07), item(0x18, 0xe0), item(0x28, 0xe7), item(0x14, 0), item(0x24, 1)].flat(),
  ...[size(1), count(8), input(0x02), size(8), count(1), input(0x01), count(6), item(0x24, 101), item(0x18, 0), item(0x28, 101), input(0x00), item(0xc0)].flat(),
]);

/** The reports in which a scanner with `countedDescriptor` sends a code. */
export function countedReports(bytes: Uint8Array, identifier = ']Q1'): Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < Math.max(bytes.length, 1); at += 56) {
    const piece = bytes.subarray(at, at + 56);
    const report = new Uint8Array(64);
    report.set([2, piece.length, ...Buffer.from(identifier)]);
    report.set(piece, 5);
    report[63] = at + 56 < bytes.length ? 1 : 0;
    reports.push(report);
  }
  return reports;
}

/** The reports in which a scanner with `shiftedDescriptor` sends a code. */
export function shiftedReports(bytes: Uint8Array, identifier = ']C0'): Uint8Array[] {
  const reports: Uint8Array[] = [];
  for (let at = 0; at < Math.max(bytes.length, 1); at += 20) {
    const aligned = new Uint8Array(24);
    aligned.set(bytes.subarray(at, at + 20));
    aligned.set(Buffer.from(identifier), 20);
    // Everything four bits up, the flag in the lowest bit.
    const report = Uint8Array.from(aligned, (byte, place) => ((byte << 4) & 0xff) | ((aligned[place - 1] ?? 0) >> 4));
    report[0] = (report[0] ?? 0) | (at + 20 < bytes.length ? 1 : 0);
    reports.push(report);
  }
  return reports;
}

/** A HID library with devices that a test plugs in and out. */
export function createFakeHidLibrary() {
  const plugged = new Map<string, { listed: ListedHid; listeners: Map<string, (value: Uint8Array) => void>; written: number[][]; fault: string | null }>();
  const library: HidLibrary = {
    devicesAsync: () => Promise.resolve([...plugged.values()].map(({ listed }) => listed)),
    HIDAsync: {
      open: (path) => {
        const device = plugged.get(path);
        if (device === undefined) return Promise.reject(new Error(`could not open device ${path}`));
        if (device.fault !== null) return Promise.reject(new Error(device.fault));
        opened += 1;
        const handle: HidHandle = {
          on: (event, listener) => device.listeners.set(event, listener),
          write: (report) => {
            device.written.push([...report]);
            return Promise.resolve(report.length);
          },
          close: () => {
            opened -= 1;
            device.listeners.clear();
            return Promise.resolve();
          },
        };
        return Promise.resolve(handle);
      },
    },
  };
  let opened = 0;
  const device = (path: string) => {
    const found = plugged.get(path);
    if (found === undefined) throw new Error(`${path} is not plugged in`);
    return found;
  };
  return {
    library,
    plug: (path: string, more: Partial<ListedHid> = {}): void => {
      plugged.set(path, { listed: { vendorId: 0x0c2e, productId: 0x0b61, usagePage: 0x8c, path, serialNumber: 'S1', product: 'Voyager', manufacturer: 'Honeywell', ...more }, listeners: new Map(), written: [], fault: null });
    },
    unplug: (path: string): void => {
      const { listeners } = device(path);
      plugged.delete(path);
      listeners.get('error')?.(new Uint8Array());
    },
    report: (path: string, report: Uint8Array): void => device(path).listeners.get('data')?.(report),
    break: (path: string, fault: string | null): void => {
      device(path).fault = fault;
    },
    written: (path: string): number[][] => device(path).written,
    opened: (): number => opened,
  };
}

/** An access without any device. */
export const noHid: HidAccess = { list: () => Promise.resolve([]), open: () => Promise.reject(new Error('none')) };
