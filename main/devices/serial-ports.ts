import { readdir, readFile } from 'node:fs/promises';
import { SerialPort } from 'serialport';

/** A serial port of this machine, with the names its USB device gives itself; ids are four upper-case hex digits. */
export interface SerialPortInfo {
  readonly path: string;
  readonly vendor: string | null;
  readonly product: string | null;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
}

/** How ports are found; all are the real ones unless a test says otherwise. */
export interface SerialPortsDeps {
  readonly platform?: NodeJS.Platform;
  readonly list?: () => Promise<readonly ListedPort[]>;
  readonly readDirectory?: (path: string) => Promise<readonly string[]>;
  readonly readText?: (path: string) => Promise<string>;
}

/** What the library says of a port. */
export interface ListedPort {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly friendlyName?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

// USB serial, USB modem class (most scanners), on-board and Arm on-board ports; ptys and consoles are none.
const deviceName = /^tty(?:USB|ACM|AMA|XRUSB|mxc|SAC|S)[0-9]{1,3}$/;

/**
 * Lists the serial ports, sorted by path; never rejects. On Linux from `/sys/class/tty`: needs no udev, starts no program,
 * and may be asked every second; elsewhere the library asks the system.
 */
export async function listSerialPorts(deps: SerialPortsDeps = {}): Promise<SerialPortInfo[]> {
  const isLinux = (deps.platform ?? process.platform) === 'linux';
  const ports = isLinux ? await readTtyClass(deps) : await askLibrary(deps);
  return ports.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function askLibrary(deps: SerialPortsDeps): Promise<SerialPortInfo[]> {
  const list = deps.list ?? ((): Promise<readonly ListedPort[]> => SerialPort.list());
  return list().then((found) => found.map(describeListed), () => []);
}

function describeListed({ path, manufacturer, friendlyName, vendorId, productId, serialNumber }: ListedPort): SerialPortInfo {
  return {
    path,
    vendor: manufacturer ?? null,
    // Windows: `USB Serial Device (COM3)`; the port is said beside it.
    product: friendlyName?.replace(/ \(COM[0-9]+\)$/, '') ?? null,
    vendorId: readHexId(vendorId),
    productId: readHexId(productId),
    serialNumber: serialNumber ?? null,
  };
}

async function readTtyClass(deps: SerialPortsDeps): Promise<SerialPortInfo[]> {
  const readDirectory = deps.readDirectory ?? readdir;
  const readText = deps.readText ?? ((path: string) => readFile(path, 'utf8'));
  const names = await readDirectory('/sys/class/tty').catch(() => []);
  const read: ReadName = (path) => readText(path).then((text) => text.trim() || null, () => null);
  const found = await Promise.all(names.filter((name) => deviceName.test(name)).map((name) => readTty(read, name)));
  return found.filter((port) => port !== null);
}

type ReadName = (path: string) => Promise<string | null>;

async function readTty(read: ReadName, name: string): Promise<SerialPortInfo | null> {
  const folder = `/sys/class/tty/${name}`;
  // The kernel keeps four on-board ports whether the machine has them or not; type 0 is one it has not.
  if ((await read(`${folder}/type`)) === '0') return null;
  const device = await findUsbDevice(read, `${folder}/device`);
  const of = (what: string): Promise<string | null> => (device === null ? Promise.resolve(null) : read(`${device}/${what}`));
  const [vendor, product, serialNumber] = [await of('manufacturer'), await of('product'), await of('serial')];
  const [vendorId, productId] = [readHexId(await of('idVendor')), readHexId(await of('idProduct'))];
  return { path: `/dev/${name}`, vendor, product, vendorId, productId, serialNumber };
}

/** The USB device of a tty: one level above the interface (modem class), two above the port of a bridge chip. */
async function findUsbDevice(read: ReadName, device: string): Promise<string | null> {
  for (const folder of [`${device}/..`, `${device}/../..`]) if ((await read(`${folder}/idVendor`)) !== null) return folder;
  return null;
}

function readHexId(text: string | null | undefined): string | null {
  return text !== null && text !== undefined && /^[0-9A-Fa-f]{4}$/.test(text) ? text.toUpperCase() : null;
}
