import type { Device, DeviceList, HidScannerSettings, SerialScannerSettings } from '../domain/contracts/devices.ts';
import type { FailureCode } from '../domain/failure.ts';
import { factorySerial, recogniseFamily, serialSignals } from '../domain/scanner-family.ts';
import type { VerdictSignal } from '../domain/scanner-family.table.ts';
import type { HidDeviceInfo } from './devices/hid-access.ts';
import type { ScanTally } from './devices/scan-tally.ts';
import type { SerialPortInfo } from './devices/serial-ports.ts';
import type { SerialState } from './devices/serial-scanner.ts';

/** The scanner settings of this machine. */
export interface ScannerSettings {
  readonly serial: readonly SerialScannerSettings[];
  readonly hid: readonly HidScannerSettings[];
}

/** A scanner that is being read from. */
export interface RunningScanner {
  readonly id: string;
  readonly name: string;
  readonly state: () => SerialState;
  /** When it came into this state, epoch ms. */
  readonly sinceAt: () => number;
  readonly tellsVerdicts: boolean;
  readonly signals: () => VerdictSignal[];
  /** Null when it knows no such signal; else whether it was sent. */
  readonly sendSignal: (signal: VerdictSignal) => Promise<boolean> | null;
  readonly stop: () => Promise<void>;
}

/** Everything the list is made of. */
export interface DeviceFacts {
  readonly settings: ScannerSettings;
  readonly tally: ScanTally;
  readonly running: readonly RunningScanner[];
  readonly ports: readonly SerialPortInfo[];
  readonly hid: readonly { readonly device: HidDeviceInfo; readonly present: boolean }[];
  readonly hidAvailable: boolean;
}

/** Describes the devices: set-up serial scanners, HID scanners, then the other ports by path. */
export function describeDevices({ settings, tally, running, ports, hid, hidAvailable }: DeviceFacts): DeviceList {
  const used = settings.serial.map((setting) => {
    const port = ports.find(({ path }) => path === setting.path);
    const scanner = running.find(({ id }) => id === `serial:${setting.path}`);
    return describeScanner({ setting, port: port ?? nameless(setting.path), isListed: port !== undefined, scanner, tally });
  });
  const unused = ports.filter(({ path }) => !settings.serial.some((setting) => setting.path === path)).map(describeUnused);
  const plugged = hid.map((seen) => describeHid(seen, { settings, tally, scanner: running.find(({ id }) => id === seen.device.id) }));
  return { devices: [...used, ...plugged, ...unused], hidAvailable };
}

const nameless = (path: string): SerialPortInfo => ({ path, vendor: null, product: null, vendorId: null, productId: null, serialNumber: null });

interface ScannerFacts {
  readonly setting: SerialScannerSettings;
  readonly port: SerialPortInfo;
  readonly isListed: boolean;
  readonly scanner: RunningScanner | undefined;
  readonly tally: ScanTally;
}

function describeScanner({ setting, port, isListed, scanner, tally }: ScannerFacts): Device {
  const id = `serial:${setting.path}`;
  const state = scanner?.state() ?? 'connecting';
  const family = familyOf(port, setting);
  return {
    ...describePort(port),
    ...family,
    ...tally.of(id),
    id,
    name: setting.name ?? port.product ?? setting.path,
    present: isListed || state === 'ready' || state === 'busy',
    use: 'on',
    state,
    stateSinceAt: scanner?.sinceAt() ?? null,
    problem: problemOf(state, isListed),
    serial: setting,
    signals: scanner?.signals() ?? [],
  };
}

function describeUnused(port: SerialPortInfo): Device {
  const { path, product } = port;
  const family = familyOf(port, null);
  const proposal: SerialScannerSettings = { path, ...factorySerial(family.family), ...(product === null ? {} : { name: product.slice(0, 60) }) };
  return {
    ...describePort(port),
    ...family,
    ...{ lastScan: null, scans: 0, refused: 0 },
    id: `serial:${path}`,
    name: product ?? path,
    present: true,
    use: 'unused',
    state: null,
    stateSinceAt: null,
    problem: null,
    serial: proposal,
    signals: serialSignals(family.family),
  };
}

interface HidFacts {
  readonly settings: ScannerSettings;
  readonly tally: ScanTally;
  readonly scanner: RunningScanner | undefined;
}

function describeHid({ device, present }: DeviceFacts['hid'][number], { settings, tally, scanner }: HidFacts): Device {
  const { id, vendor, product, vendorId, productId } = device;
  const setting = settings.hid.find((candidate) => candidate.id === id) ?? { id, use: true };
  const recognised = recogniseFamily(device);
  const state = scanner?.state() ?? null;
  return {
    ...{ id, connection: 'hid', path: null, vendor, product, vendorId, productId, present, state, serial: null, hid: setting },
    ...tally.of(id),
    name: setting.name ?? product ?? id,
    family: recognised?.family ?? null,
    familyBy: recognised?.by ?? null,
    use: setting.use ? 'on' : 'off',
    stateSinceAt: scanner?.sinceAt() ?? null,
    problem: state === null ? null : problemOf(state, present),
    signals: scanner?.signals() ?? [],
  };
}

function describePort({ path, vendor, product, vendorId, productId }: SerialPortInfo) {
  return { connection: 'serial' as const, path, vendor, product, vendorId, productId, hid: null };
}

function familyOf(port: SerialPortInfo, setting: SerialScannerSettings | null): Pick<Device, 'family' | 'familyBy'> {
  if (setting?.family !== undefined) return { family: setting.family, familyBy: 'settings' };
  const recognised = recogniseFamily({ ...port, product: port.product ?? setting?.name ?? null });
  return recognised === null ? { family: null, familyBy: null } : { family: recognised.family, familyBy: recognised.by };
}

/** What to tell the clerk of a state; a port that is listed and still does not open has failed. */
function problemOf(state: SerialState, isListed: boolean): FailureCode | null {
  if (state === 'busy') return 'device/port-busy';
  if (state === 'not-permitted') return 'device/not-permitted';
  if (state === 'lost') return isListed ? 'device/port-failed' : 'device/port-missing';
  return null;
}
