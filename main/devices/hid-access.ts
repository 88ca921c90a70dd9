import { readdir, readFile } from 'node:fs/promises';
import { barcodePage, type BarcodeLayout, commonBarcodeLayout, readBarcodeLayout } from './hid-barcode.ts';

/** A HID-POS scanner that is plugged in; ids are four upper-case hex digits. */
export interface HidDeviceInfo {
  /** `hid:VVVV:PPPP:` and the serial number, or the place it is plugged into: the same after replugging. */
  readonly id: string;
  readonly path: string;
  readonly vendorId: string;
  readonly productId: string;
  readonly vendor: string | null;
  readonly product: string | null;
  readonly layout: BarcodeLayout;
}

/** An open HID device. `onClose` fires once, for an unplug as for a failure. */
export interface HidLine {
  onReport(listener: (report: Uint8Array) => void): void;
  onClose(listener: () => void): void;
  write(report: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** The HID-POS scanners of this machine. */
export interface HidAccess {
  /** Those plugged in now; null where the system or the library cannot say. Never rejects. */
  list(): Promise<HidDeviceInfo[] | null>;
  /** Opens one; rejects when it is gone, taken or not permitted. */
  open(path: string): Promise<HidLine>;
}

/** The part of `node-hid` that is used. */
export interface HidLibrary {
  devicesAsync(): Promise<readonly ListedHid[]>;
  readonly HIDAsync: { open(path: string): Promise<HidHandle> };
}

/** A device as the library lists it. */
export interface ListedHid {
  readonly vendorId: number;
  readonly productId: number;
  readonly path?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  readonly usagePage?: number | undefined;
}

/** A device as the library opens it. */
export interface HidHandle {
  on(event: 'data' | 'error', listener: (value: Uint8Array) => void): unknown;
  write(report: Buffer): Promise<number>;
  close(): Promise<void>;
}

/** The real ones unless a test says otherwise. The library is a native add-on: loaded when there is something to open. */
export interface HidAccessDeps {
  readonly platform?: NodeJS.Platform;
  readonly load?: () => Promise<HidLibrary>;
  readonly readDirectory?: (path: string) => Promise<readonly string[]>;
  readonly readBytes?: (path: string) => Promise<Uint8Array>;
}

/** Creates the access: on Linux devices are looked for in `/sys/class/hidraw`, elsewhere the library is asked. */
export function createHidAccess(deps: HidAccessDeps = {}): HidAccess {
  const isLinux = (deps.platform ?? process.platform) === 'linux';
  const load = deps.load ?? loadLibrary;
  return {
    list: async () => {
      const found = isLinux ? await listHidraw(deps) : await load().then(listByLibrary).catch(() => null);
      return found === null ? null : numberTwins(found);
    },
    open: async (path) => listen(await (await load()).HIDAsync.open(path)),
  };
}

const loadLibrary = async (): Promise<HidLibrary> => (await import('node-hid')).default;

async function listHidraw(deps: HidAccessDeps): Promise<HidDeviceInfo[] | null> {
  const readDirectory = deps.readDirectory ?? readdir;
  const readBytes = deps.readBytes ?? ((path: string): Promise<Uint8Array> => readFile(path));
  // No such folder: the kernel knows no HID device at all.
  const names = await readDirectory('/sys/class/hidraw').catch(() => []);
  const devices = await Promise.all(
    names
      .filter((name) => /^hidraw[0-9]{1,3}$/.test(name))
      .map(async (name) => {
        const folder = `/sys/class/hidraw/${name}/device`;
        const layout = await readBytes(`${folder}/report_descriptor`).then(readBarcodeLayout, () => null);
        const facts = await readBytes(`${folder}/uevent`).then((bytes) => Buffer.from(bytes).toString('utf8'), () => '');
        return layout === null ? null : describeHidraw(`/dev/${name}`, facts, layout);
      }),
  );
  return devices.filter((device) => device !== null);
}

function describeHidraw(path: string, facts: string, layout: BarcodeLayout): HidDeviceInfo {
  const fact = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(facts)?.[1]?.trim() ?? '';
  const ids = /^[0-9A-F]{4}:0000([0-9A-F]{4}):0000([0-9A-F]{4})$/i.exec(fact('HID_ID'));
  const [vendorId, productId] = [(ids?.[1] ?? '0000').toUpperCase(), (ids?.[2] ?? '0000').toUpperCase()];
  const product = fact('HID_NAME') || null;
  return { id: makeId(vendorId, productId, fact('HID_UNIQ') || fact('HID_PHYS') || path), path, vendorId, productId, vendor: null, product, layout };
}

async function listByLibrary(library: HidLibrary): Promise<HidDeviceInfo[]> {
  const listed = await library.devicesAsync();
  return listed
    .filter(({ usagePage, path }) => usagePage === barcodePage && path !== undefined)
    .map(({ path = '', serialNumber, manufacturer, product, ...numbers }) => {
      const [vendorId, productId] = [printHexId(numbers.vendorId), printHexId(numbers.productId)];
      const id = makeId(vendorId, productId, serialNumber?.trim() || path);
      return { id, path, vendorId, productId, vendor: manufacturer?.trim() || null, product: product?.trim() || null, layout: commonBarcodeLayout() };
    });
}

function makeId(vendorId: string, productId: string, own: string): string {
  return `hid:${vendorId}:${productId}:${own.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, 200)}`;
}

/** Cheap scanners share one serial number; the second is told by its place in the list. */
function numberTwins(devices: readonly HidDeviceInfo[]): HidDeviceInfo[] {
  const seen = new Map<string, number>();
  return devices.map((device) => {
    const count = (seen.get(device.id) ?? 0) + 1;
    seen.set(device.id, count);
    return count === 1 ? device : { ...device, id: `${device.id}#${count}` };
  });
}

const printHexId = (id: number): string => (id & 0xffff).toString(16).toUpperCase().padStart(4, '0');

function listen(handle: HidHandle): HidLine {
  const closers: (() => void)[] = [];
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close().catch(() => {});
  };
  // The library tells an unplug as an error of its reading loop, once.
  handle.on('error', () => {
    void close();
    for (const tell of closers.splice(0)) tell();
  });
  return {
    onReport: (listener) => void handle.on('data', (report) => listener(report)),
    onClose: (listener) => void closers.push(listener),
    write: async (report) => void (await handle.write(Buffer.from(report))),
    close,
  };
}
