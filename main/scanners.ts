import type { DeviceList, SerialScannerSettings } from '../domain/contracts/devices.ts';
import type { Status } from '../domain/contracts/counter.ts';
import { decodeHex } from '../domain/crypto/hex.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { findFamily, recogniseFamily } from '../domain/scanner-family.ts';
import type { VerdictSignal } from '../domain/scanner-family.table.ts';
import { createBroadcast } from './desk/broadcast.ts';
import { describeDevices, type RunningScanner, type ScannerSettings } from './device-list.ts';
import { createScanTally } from './devices/scan-tally.ts';
import type { ScanHub } from './devices/scan-hub.ts';
import { listSerialPorts, type SerialPortInfo } from './devices/serial-ports.ts';
import { createSerialScanner, type OpenSerialLine } from './devices/serial-scanner.ts';

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

/** What the scanners need; `open` and `listPorts` replace the real serial ports. */
export interface ScannersDeps {
  readonly hub: ScanHub;
  readonly now: () => number;
  readonly onChanged: () => void;
  readonly open?: OpenSerialLine | undefined;
  readonly listPorts?: (() => Promise<readonly SerialPortInfo[]>) | undefined;
}

const lookEveryMs = 2000;

/** Creates the scanners, none running. */
export function createScanners(deps: ScannersDeps): Scanners {
  const running = new Map<string, RunningScanner>();
  const changes = createBroadcast<null>({ limit: 1 });
  const tell = (): void => changes.publish(null);
  const tally = createScanTally(deps.hub, tell);
  const listPorts = deps.listPorts ?? listSerialPorts;
  let settings: ScannerSettings = { serial: [], hid: [] };
  const onState = (): void => {
    deps.onChanged();
    tell();
  };
  const inTurn = createTurns();
  const list = async (): Promise<DeviceList> =>
    describeDevices({ settings, tally, running: [...running.values()], ports: await listPorts() });
  return {
    states: () => [...running.values()].map(({ id, name, state }) => ({ id, name, state: state() })),
    use: (next) =>
      inTurn(async () => {
        settings = next;
        await replaceScanners(running, next.serial, (setting) => startScanner(deps, setting, onState));
        onState();
      }),
    list,
    watch: (signal) => watchList(list, changes.subscribe(signal), tell),
    signal: (id, signal) => sendSignal(running, id, signal),
    tell: (scanId, signal) => tellOrigin(running, tally.deviceOf(scanId), signal),
    close: async () => {
      await inTurn(() => replaceScanners(running, [], (setting) => startScanner(deps, setting, onState)));
      changes.close();
    },
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
  start: (setting: SerialScannerSettings) => RunningScanner,
): Promise<void> {
  const keys = new Set(settings.map((setting) => JSON.stringify(setting)));
  for (const [key, scanner] of running) {
    if (keys.has(key)) continue;
    running.delete(key);
    await scanner.stop();
  }
  for (const setting of settings) {
    const key = JSON.stringify(setting);
    if (!running.has(key)) running.set(key, start(setting));
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

function startScanner({ hub, now, open }: ScannersDeps, settings: SerialScannerSettings, onState: () => void): RunningScanner {
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
  const signals = findFamily(settings.family ?? recogniseFamily({ vendorId: null, vendor: null, product: settings.name ?? null })?.family)?.signals;
  const sendSignal = (signal: VerdictSignal): Promise<boolean> | null => {
    const command = signals?.[signal] ?? null;
    return command === null ? null : send(decodeHex(command) ?? new Uint8Array());
  };
  return { id, name, state, stop, sinceAt: () => sinceAt, tellsVerdicts: settings.signals === true, sendSignal };
}

async function sendSignal(running: ReadonlyMap<string, RunningScanner>, id: string, signal: VerdictSignal): Promise<Result<null>> {
  const scanner = [...running.values()].find((candidate) => candidate.id === id);
  if (scanner === undefined) return fail('device/port-missing');
  const sending = scanner.sendSignal(signal);
  if (sending === null) return fail('device/no-signal');
  return (await sending) ? ok(null) : fail('device/port-missing');
}

function tellOrigin(running: ReadonlyMap<string, RunningScanner>, id: string | null, signal: VerdictSignal): void {
  for (const scanner of running.values()) {
    if (scanner.id === id && scanner.tellsVerdicts) void scanner.sendSignal(signal);
  }
}
