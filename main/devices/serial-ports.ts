import { readdir, readFile } from 'node:fs/promises';
import { SerialPort } from 'serialport';

/** A serial port of this machine, with the names its USB device gives itself. */
export interface SerialPortInfo {
  readonly path: string;
  readonly vendor: string | null;
  readonly product: string | null;
}

/** How ports are found; both are the real ones unless a test says otherwise. */
export interface SerialPortsDeps {
  readonly list?: () => Promise<readonly { path: string; manufacturer?: string | undefined }[]>;
  readonly readDirectory?: (path: string) => Promise<readonly string[]>;
  readonly readText?: (path: string) => Promise<string>;
}

// USB serial, USB modem class (most scanners), on-board and Arm on-board ports; ptys and consoles are none.
const deviceName = /^tty(?:USB|ACM|AMA|XRUSB|mxc|SAC|S)[0-9]{1,3}$/;

/**
 * Lists the serial ports, sorted by path; never rejects. Where the library cannot ask the system (no `udevadm`), the
 * device folder is read instead.
 */
export async function listSerialPorts(deps: SerialPortsDeps = {}): Promise<SerialPortInfo[]> {
  const list = deps.list ?? (() => SerialPort.list());
  const ports = await list().then(
    (found) => found.map(({ path, manufacturer }) => ({ path, vendor: manufacturer ?? null, product: null })),
    () => [],
  );
  const found = ports.length > 0 ? ports : await readDeviceFolder(deps);
  return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function readDeviceFolder(deps: SerialPortsDeps): Promise<SerialPortInfo[]> {
  const readDirectory = deps.readDirectory ?? readdir;
  const readText = deps.readText ?? ((path: string) => readFile(path, 'utf8'));
  const names = await readDirectory('/dev').catch(() => []);
  const readName = (path: string): Promise<string | null> => readText(path).then((text) => text.trim() || null, () => null);
  return Promise.all(
    names
      .filter((name) => deviceName.test(name))
      .map(async (name) => ({
        path: `/dev/${name}`,
        // The tty belongs to an interface of the USB device; the device's own strings are one level up.
        vendor: await readName(`/sys/class/tty/${name}/device/../manufacturer`),
        product: await readName(`/sys/class/tty/${name}/device/../product`),
      })),
  );
}
