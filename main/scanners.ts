import type { Settings, Status } from '../domain/contracts/counter.ts';
import type { ScanHub } from './devices/scan-hub.ts';
import { createSerialScanner, type OpenSerialLine, type SerialScanner, type SerialSettings } from './devices/serial-scanner.ts';

/** The serial scanners of this counter; the window brings its camera and keyboard wedge by itself. */
export interface Scanners {
  states(): Status['scanners'];
  /** Stops scanners that are no longer set up and starts new ones; those unchanged go on. Calls are served in turn. */
  use(settings: Settings['serial']): Promise<void>;
  close(): Promise<void>;
}

/** What the scanners need; `open` replaces the real serial port. */
export interface ScannersDeps {
  readonly hub: ScanHub;
  readonly onChanged: () => void;
  readonly open?: OpenSerialLine | undefined;
}

/** Creates the scanners, none running. */
export function createScanners(deps: ScannersDeps): Scanners {
  const running = new Map<string, SerialScanner>();
  const keyOf = (setting: Settings['serial'][number]): string => JSON.stringify(setting);
  const stopAllBut = async (keys: ReadonlySet<string>): Promise<void> => {
    for (const [key, scanner] of running) {
      if (keys.has(key)) continue;
      running.delete(key);
      await scanner.stop();
    }
  };
  // Two settings at once must not start and stop across each other.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
  const apply = async (settings: Settings['serial']): Promise<void> => {
    await stopAllBut(new Set(settings.map(keyOf)));
    for (const setting of settings) {
      if (running.has(keyOf(setting))) continue;
      running.set(keyOf(setting), startScanner(deps, setting));
    }
    deps.onChanged();
  };
  return {
    states: () => [...running.values()].map((scanner) => ({ id: scanner.id, name: scanner.name, state: scanner.state() })),
    use: (settings) => inTurn(() => apply(settings)),
    close: () => inTurn(() => stopAllBut(new Set())),
  };
}

function startScanner({ hub, onChanged, open }: ScannersDeps, setting: Settings['serial'][number]): SerialScanner {
  const { path, baudRate, suffix, name } = setting;
  const settings: SerialSettings = { path, baudRate, suffix, ...(name === undefined ? {} : { name }) };
  const device = name ?? path;
  const scanner = createSerialScanner({
    settings,
    submit: (bytes) => void hub.submit({ source: 'serial', device, bytes }),
    refuse: (code) => hub.refuse({ code, source: 'serial', device }),
    onState: onChanged,
    ...(open === undefined ? {} : { open }),
  });
  scanner.start();
  return scanner;
}
