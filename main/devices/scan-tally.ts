import type { LastScan } from '../../domain/contracts/devices.ts';
import type { Scan, ScanHub } from './scan-hub.ts';

/** What came through a device so far; never what it said. */
export interface DeviceTally {
  readonly lastScan: LastScan | null;
  readonly scans: number;
  readonly refused: number;
}

/** Counts what comes through each device, and remembers which device a scan came from. */
export interface ScanTally {
  of(deviceId: string): DeviceTally;
  /** The device of one of the last scans. */
  deviceOf(scanId: string): string | null;
}

const nothing: DeviceTally = { lastScan: null, scans: 0, refused: 0 };
const rememberedScans = 64;

/** Creates the tally and listens to the hub from now on; `onChanged` is told of every change. */
export function createScanTally(hub: ScanHub, onChanged: () => void): ScanTally {
  const tallies = new Map<string, DeviceTally>();
  const origins = new Map<string, string>();
  const change = (deviceId: string | undefined, next: (tally: DeviceTally) => DeviceTally): void => {
    if (deviceId === undefined) return;
    tallies.set(deviceId, next(tallies.get(deviceId) ?? nothing));
    onChanged();
  };
  const count = (scan: Scan, repeat: boolean): void =>
    change(scan.deviceId, (tally) => ({ ...tally, scans: tally.scans + 1, lastScan: describeScan(scan, repeat) }));
  // First of all listeners, so that a scan's device is known when its verdict comes.
  hub.onScan((scan) => {
    if (scan.deviceId !== undefined) origins.set(scan.scanId, scan.deviceId);
    const [oldest] = origins.keys();
    if (origins.size > rememberedScans && oldest !== undefined) origins.delete(oldest);
    count(scan, false);
  });
  hub.onRepeat(({ scan }) => count(scan, true));
  hub.onRefused(({ deviceId }) => change(deviceId, (tally) => ({ ...tally, refused: tally.refused + 1 })));
  return { of: (deviceId) => tallies.get(deviceId) ?? nothing, deviceOf: (scanId) => origins.get(scanId) ?? null };
}

/** A scan without its content. */
export function describeScan(scan: Scan, repeat: boolean): LastScan {
  const { receivedAt, symbology, bytes, charset, charsetWhy } = scan;
  return { at: receivedAt, symbology: symbology ?? null, length: bytes.length, charset, charsetWhy, repeat };
}
