import type { DeviceList, SerialScannerSettings } from '../domain/contracts/devices.ts';
import type { Status } from '../domain/contracts/counter.ts';
import { decodeHex } from '../domain/crypto/hex.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { findFamily, recogniseFamily, serialSignals } from '../domain/scanner-family.ts';
import type { VerdictSignal } from '../domain/scanner-family.table.ts';
import { createBroadcast } from './desk/broadcast.ts';
import { describeDevices, type RunningScanner, type ScannerSettings } from './device-list.ts';
import { createHidAccess, type HidAccess } from './devices/hid-access.ts';
import { createScanTally } from './devices/scan-tally.ts';
import type { ScanHub } from './devices/scan-hub.ts';
import { listSerialPorts, type SerialPortInfo } from './devices/serial-ports.ts';
import { createSerialScanner, type OpenSerialLine } from './devices/serial-scanner.ts';
import { createHidScanners } from './hid-scanners.ts';

/** The serial and HID scanners of this counter; the window brings its camera and keyboard wedge by itself. */
export interface Scanners {
  states(): Status['scanners'];
  /** Stops scanners that are no longer set up and starts new ones; those unchanged go on. Calls are served in turn. */
  use(settings: ScannerSettings): Promise<void>;
  /** Everything that could be a scanner, set up or not. */
  list(): Promise<DeviceList>;
  /** The list now, then after every change. */
  watch(signal?: AbortSignal): AsyncGenerator<DeviceList, void, void>;
  /** Makes a scanner beep or light up. */
  signal(id: string, signal: VerdictSignal): Promise<Result<null>>;
  /** The verdict of a scan is known: its scanner is told if it is set to be. */
  tell(scanId: string, signal: VerdictSignal): void;
  close(): Promise<void>;
}

/** What the scanners need; `open`, `listPorts` and `hid` replace the real devices. */
export interface ScannersDeps {
  readonly hub: ScanHub;
  readonly now: () => number;
  readonly onChanged: () => void;
  readonly open?: OpenSerialLine | undefined;
  readonly listPorts?: (() => Promise<readonly SerialPortInfo[]>) | undefined;
  readonly hid?: HidAccess | undefined;
}

// Twice within the three seconds in which a replugged scanner has to be back.
const lookEveryMs = 1500;

/** Creates the scanners, none running. */
export function createScanners(deps: ScannersDeps): Scanners {
  const serial = new Map<string, RunningScanner>();
  const changes = createBroadcast<null>({ limit: 1 });
  const announce = (): void => changes.publish(null);
  const onState = (): void => {
    deps.onChanged();
    announce();
  };
  const tally = createScanTally(deps.hub, announce);
  const hid = createHidScanners({ access: deps.hid ?? createHidAccess(), hub: deps.hub, now: deps.now, onState });
  const listPorts = deps.listPorts ?? listSerialPorts;
  let settings: ScannerSettings = { serial: [], hid: [] };
  const inTurn = createTurns();
  const looking = setInterval(skipWhileBusy(() => inTurn(hid.look)), lookEveryMs);
  looking.unref();
  const running = (): RunningScanner[] => [...serial.values(), ...hid.running()];
  const list = async (): Promise<DeviceList> =>
    describeDevices({ settings, tally, running: running(), ports: await listPorts(), hid: hid.seen(), hidAvailable: hid.isAvailable() });
  return {
    states: () => running().map(({ id, name, state }) => ({ id, name, state: state() })),
    use: (next) =>
      inTurn(async () => {
        settings = next;
        const ports = await listPorts();
        await replaceScanners(serial, next.serial, (setting) => startScanner(deps, { setting, ports, onState }));
        await hid.use(next.hid);
        onState();
      }),
    list,
    watch: (signal) => watchList(list, changes.subscribe(signal), announce),
    signal: (id, signal) => sendSignal(running(), id, signal),
    tell: (scanId, signal) => tellOrigin(running(), tally.deviceOf(scanId), signal),
    close: async () => {
      clearInterval(looking);
      await inTurn(async () => {
        await replaceScanners(serial, [], null);
        await hid.close();
      });
      changes.close();
    },
  };
}

/** Work that is asked for again before it is done is done once. */
function skipWhileBusy(work: () => Promise<void>): () => void {
  let isBusy = false;
  return () => {
    if (isBusy) return;
    isBusy = true;
    void work().finally(() => (isBusy = false));
  };
}

/** One piece of work after the other: two settings at once must not start and stop across each other. */
function createTurns() {
  let last: Promise<void> = Promise.resolve();
  return (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}

async function replaceScanners(
  running: Map<string, RunningScanner>,
  settings: readonly SerialScannerSettings[],
  start: ((setting: SerialScannerSettings) => RunningScanner) | null,
): Promise<void> {
  const keys = new Set(settings.map((setting) => JSON.stringify(setting)));
  for (const [key, scanner] of running) {
    if (keys.has(key)) continue;
    running.delete(key);
    await scanner.stop();
  }
  for (const setting of settings) {
    const key = JSON.stringify(setting);
    if (start !== null && !running.has(key)) running.set(key, start(setting));
  }
}

async function* watchList(list: () => Promise<DeviceList>, news: AsyncGenerator<null, void, void>, tell: () => void): AsyncGenerator<DeviceList, void, void> {
  // What is plugged in or out without being set up tells nobody: it has to be looked for.
  const looking = setInterval(tell, lookEveryMs);
  looking.unref();
  try {
    let last = await list();
    yield last;
    for await (const _ of news) {
      const next = await list();
      if (JSON.stringify(next) === JSON.stringify(last)) continue;
      last = next;
      yield next;
    }
  } finally {
    clearInterval(looking);
  }
}

interface Start {
  readonly setting: SerialScannerSettings;
  readonly ports: readonly SerialPortInfo[];
  readonly onState: () => void;
}

function startScanner({ hub, now, open }: ScannersDeps, { setting: settings, ports, onState }: Start): RunningScanner {
  const { path, charset, aimIdentifier } = settings;
  const device = settings.name ?? path;
  let sinceAt = now();
  const origin = { source: 'serial', device, deviceId: `serial:${path}` } as const;
  const scanner = createSerialScanner({
    settings,
    submit: (bytes) => void hub.submit({ ...origin, bytes, charset: charset ?? 'auto', takeOffAim: aimIdentifier !== 'keep' }),
    refuse: (code) => hub.refuse({ ...origin, code }),
    onState: () => {
      sinceAt = now();
      onState();
    },
    ...(open === undefined ? {} : { open }),
  });
  scanner.start();
  const { id, name, state, send, stop } = scanner;
  const family = settings.family ?? recogniseFamily(ports.find((port) => port.path === path) ?? { vendorId: null, vendor: null, product: device })?.family;
  const signals = findFamily(family)?.signals;
  const sendSignal = (signal: VerdictSignal): Promise<boolean> | null => {
    const command = signals?.[signal] ?? null;
    return command === null ? null : send(decodeHex(command) ?? new Uint8Array());
  };
  return { id, name, state, stop, sinceAt: () => sinceAt, signals: () => serialSignals(family), tellsVerdicts: settings.signals === true, sendSignal };
}

async function sendSignal(running: readonly RunningScanner[], id: string, signal: VerdictSignal): Promise<Result<null>> {
  const scanner = running.find((candidate) => candidate.id === id);
  if (scanner === undefined) return fail('device/port-missing');
  const sending = scanner.sendSignal(signal);
  if (sending === null) return fail('device/no-signal');
  return (await sending) ? ok(null) : fail('device/port-missing');
}

function tellOrigin(running: readonly RunningScanner[], id: string | null, signal: VerdictSignal): void {
  for (const scanner of running) {
    if (scanner.id === id && scanner.tellsVerdicts) void scanner.sendSignal(signal);
  }
}
