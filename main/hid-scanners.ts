import type { HidScannerSettings } from '../domain/contracts/devices.ts';
import type { RunningScanner } from './device-list.ts';
import type { HidAccess, HidDeviceInfo } from './devices/hid-access.ts';
import { createHidScanner, type HidScanner } from './devices/hid-scanner.ts';
import type { ScanHub } from './devices/scan-hub.ts';

/** The HID-POS scanners: each that is plugged in is used, unless it is switched off. */
export interface HidScanners {
  use(settings: readonly HidScannerSettings[]): Promise<void>;
  /** Looks for what was plugged in or out. */
  look(): Promise<void>;
  running(): RunningScanner[];
  /** Every device seen since the start, with whether it is there now. */
  seen(): readonly SeenHid[];
  /** False where HID devices cannot be listed. */
  isAvailable(): boolean;
  close(): Promise<void>;
}

/** A device that is or was plugged in. */
export interface SeenHid {
  readonly device: HidDeviceInfo;
  readonly present: boolean;
}

interface Pooled {
  readonly scanner: HidScanner;
  readonly running: RunningScanner;
  readonly key: string;
}

/** What the HID scanners need. */
export interface HidScannersDeps {
  readonly access: HidAccess;
  readonly hub: ScanHub;
  readonly now: () => number;
  readonly onState: () => void;
}

/** Creates the HID scanners; nothing is looked for before the first `use`. */
export function createHidScanners(deps: HidScannersDeps): HidScanners {
  const seen = new Map<string, SeenHid>();
  const pool = new Map<string, Pooled>();
  let settings: readonly HidScannerSettings[] = [];
  let isAvailable = true;

  const note = (found: readonly HidDeviceInfo[]): void => {
    const before = JSON.stringify([...seen.values()].map(({ device, present }) => [device.id, device.path, present]));
    for (const [id, { device }] of seen) seen.set(id, { device, present: false });
    for (const device of found) seen.set(device.id, { device, present: true });
    if (JSON.stringify([...seen.values()].map(({ device, present }) => [device.id, device.path, present])) !== before) deps.onState();
  };

  const match = async (): Promise<void> => {
    for (const [id, pooled] of pool) {
      if (JSON.stringify(settingOf(settings, id)) === pooled.key) continue;
      pool.delete(id);
      await pooled.scanner.stop();
    }
    for (const id of seen.keys()) {
      const setting = settingOf(settings, id);
      if (setting.use && !pool.has(id)) pool.set(id, startHidScanner(deps, seen, setting));
    }
    await Promise.all([...pool.values()].map(({ scanner }) => scanner.look()));
  };

  const look = async (): Promise<void> => {
    const found = await deps.access.list();
    isAvailable = found !== null;
    note(found ?? []);
    await match();
  };

  return {
    use: async (next) => {
      settings = next;
      await look();
    },
    look,
    running: () => [...pool.values()].map(({ running }) => running),
    seen: () => [...seen.values()],
    isAvailable: () => isAvailable,
    close: async () => {
      for (const { scanner } of pool.values()) await scanner.stop();
      pool.clear();
    },
  };
}

/** The settings of a device; one that was never set up is used. */
export function settingOf(settings: readonly HidScannerSettings[], id: string): HidScannerSettings {
  return settings.find((setting) => setting.id === id) ?? { id, use: true };
}

function startHidScanner({ access, hub, now, onState }: HidScannersDeps, seen: ReadonlyMap<string, SeenHid>, setting: HidScannerSettings): Pooled {
  const { id, charset = 'auto' } = setting;
  const name = setting.name ?? seen.get(id)?.device.product ?? id;
  const origin = { source: 'hid', device: name, deviceId: id } as const;
  let sinceAt = now();
  const scanner = createHidScanner({
    find: () => {
      const known = seen.get(id);
      return known?.present === true ? known.device : null;
    },
    access,
    submit: (bytes, symbology) => void hub.submit({ ...origin, bytes, charset, ...(symbology === null ? {} : { symbology }) }),
    refuse: (code) => hub.refuse({ ...origin, code }),
    onState: () => {
      sinceAt = now();
      onState();
    },
  });
  const { state, stop, sendSignal, signals } = scanner;
  const running = { id, name, state, stop, signals, sendSignal, sinceAt: () => sinceAt, tellsVerdicts: setting.signals === true };
  return { scanner, running, key: JSON.stringify(setting) };
}
