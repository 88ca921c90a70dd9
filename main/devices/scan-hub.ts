import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { type FailureCode, fail, ok, type Result } from '../../domain/failure.ts';
import { type CharsetSetting, readScanContent, type ScanContent } from '../../domain/scan-content.ts';

/** The kinds of source a code can come from. */
export type ScanSource = 'serial' | 'hid' | 'wedge' | 'camera' | 'image';

/** What a source hands in: the raw bytes of one code, as read. */
export interface ScanInput {
  readonly source: ScanSource;
  /** The name that the clerk knows. */
  readonly device: string;
  /** The id of the device list; absent for what the window reads. */
  readonly deviceId?: string;
  readonly bytes: Uint8Array;
  /** AIM symbology identifier or the reader's name for it. */
  readonly symbology?: string;
  readonly charset?: CharsetSetting;
  /** Whether a leading AIM identifier is the scanner's and no part of the code. */
  readonly takeOffAim?: boolean;
}

/** Our time with the platform's correction, epoch ms, and how far it may be off. */
export interface TrustedTime {
  readonly at: number;
  readonly uncertaintyMs: number;
}

/**
 * One new scan, the same shape whatever it came through: bytes, text with the character set and why, symbology, source,
 * device, time. `receivedAt` is epoch ms by our clock, `startedMono` the monotonic ms of the same moment.
 */
export interface Scan extends ScanContent {
  readonly scanId: string;
  readonly source: ScanSource;
  readonly device: string;
  readonly deviceId?: string;
  readonly receivedAt: number;
  readonly startedMono: number;
  readonly trusted: TrustedTime;
}

/** The same code again within the repeat window: `scanId` is that of the scan it repeats. */
export interface ScanRepeat {
  readonly scanId: string;
  readonly source: ScanSource;
  readonly device: string;
  /** What was read this time. */
  readonly scan: Scan;
}

/** Input that never became a scan. */
export interface ScanRefusal {
  readonly code: FailureCode;
  readonly source: ScanSource;
  readonly device: string;
  readonly deviceId?: string;
}

/** What the hub needs; times in ms. `repeatMs` counts from when the code was last seen. */
export interface ScanHubDeps {
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  /** What is known of our clock: the true time minus ours, and how far that may be off, ms. */
  readonly clock?: () => { readonly offsetMs: number; readonly uncertaintyMs: number };
  readonly repeatMs?: number;
  readonly maxBytes?: number;
  /** Scans of one device that may wait; the oldest is given up for the newest. */
  readonly maxWaitingPerDevice?: number;
  /** Scans that listeners may be working on at the same time. */
  readonly maxInFlight?: number;
}

/** The one door through which every scanner, camera and window hands in codes. */
export interface ScanHub {
  /** Takes one code; `repeat` says that nothing new was started. Fails with `scan/too-long` before looking inside. */
  submit(input: ScanInput): Result<{ scanId: string; repeat: boolean }>;
  /** Announces input that a source had to throw away. */
  refuse(refusal: ScanRefusal): void;
  /** Listeners may be asynchronous: the scan counts as in flight until all have settled. Returns the unsubscription. */
  onScan(listener: (scan: Scan) => void | Promise<void>): () => void;
  onRepeat(listener: (repeat: ScanRepeat) => void): () => void;
  onRefused(listener: (refusal: ScanRefusal) => void): () => void;
  /** While it is there a tap gets every code first, repeats too; what it keeps (true) goes nowhere else. Returns its end. */
  tap(take: (scan: Scan) => boolean): () => void;
  /** The next person's code is a new scan even if it is the same one (下一位). */
  forgetRepeats(): void;
  /** Gives up what waits: it was held out by the person before. */
  dropWaiting(): void;
  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void>;
}

const rememberedCodes = 64;
const refusalSilenceMs = 1000;

/**
 * Creates the scan hub: length cap before anything reads the bytes, one scan for the same code within the repeat window
 * (wire notes B11), and a bounded queue per device served in turns, so that a stuck scanner starves only itself.
 */
export function createScanHub(deps: ScanHubDeps): ScanHub {
  const { now, monotonic, random, repeatMs = 4000, maxBytes = 4096, maxInFlight = 4 } = deps;
  const scans = createListeners<Scan, void | Promise<void>>();
  const repeats = createListeners<ScanRepeat, void>();
  const refusals = createListeners<ScanRefusal, void>();
  const taps = createListeners<Scan, boolean>();
  const clock = deps.clock ?? (() => ({ offsetMs: 0, uncertaintyMs: 0 }));
  const seen = createSeenCodes({ monotonic, repeatMs });
  const queue = createFairQueue<Scan>(deps.maxWaitingPerDevice ?? 4);
  const refuse = createHush(monotonic, refusals.emit);
  const idleWaiters: (() => void)[] = [];
  let inFlight = 0;

  const deliver = (): void => {
    while (inFlight < maxInFlight) {
      const scan = queue.take();
      if (scan === undefined) break;
      inFlight += 1;
      void Promise.allSettled(scans.emit(scan)).then(() => {
        inFlight -= 1;
        deliver();
      });
    }
    if (inFlight === 0) for (const resolve of idleWaiters.splice(0)) resolve();
  };

  const submit = (input: ScanInput): Result<{ scanId: string; repeat: boolean }> => {
    if (input.bytes.length === 0 || input.bytes.length > maxBytes) {
      refuse({ code: 'scan/too-long', ...originOf(input) });
      return fail('scan/too-long');
    }
    const scan = describeScan(input, { scanId: printUuid(random), receivedAt: now(), startedMono: monotonic() }, clock());
    if (taps.emit(scan).includes(true)) return ok({ scanId: scan.scanId, repeat: false });
    const digest = encodeHex(sm3(scan.bytes));
    const repeated = seen.find(digest);
    if (repeated !== undefined) {
      const { source, device } = scan;
      repeats.emit({ scanId: repeated, source, device, scan });
      return ok({ scanId: repeated, repeat: true });
    }
    seen.add(digest, scan.scanId);
    // The oldest is given up: what the person holds in front of the scanner now is the newest.
    const givenUp = queue.put(scan.deviceId ?? scan.device, scan);
    if (givenUp !== undefined) {
      seen.remove(givenUp.scanId);
      refuse({ code: 'scan/busy', ...originOf(input) });
    }
    deliver();
    return ok({ scanId: scan.scanId, repeat: false });
  };

  return {
    submit,
    refuse,
    onScan: scans.add,
    onRepeat: repeats.add,
    onRefused: refusals.add,
    tap: taps.add,
    forgetRepeats: seen.clear,
    dropWaiting: queue.clear,
    idle: () =>
      inFlight === 0 && queue.isEmpty() ? Promise.resolve() : new Promise<void>((resolve) => idleWaiters.push(resolve)),
  };
}

type Origin = Pick<Scan, 'source' | 'device' | 'deviceId'>;

function originOf({ source, device, deviceId }: ScanInput): Origin {
  return { source, device, ...(deviceId === undefined ? {} : { deviceId }) };
}

type Moment = Pick<Scan, 'scanId' | 'receivedAt' | 'startedMono'>;

function describeScan(input: ScanInput, moment: Moment, clock: { readonly offsetMs: number; readonly uncertaintyMs: number }): Scan {
  const trusted = { at: moment.receivedAt + clock.offsetMs, uncertaintyMs: clock.uncertaintyMs };
  return { ...moment, ...originOf(input), trusted, ...readScanContent(input.bytes, input) };
}

/** A scanner gone mad must not drown the window in notices: one a second per device and cause. */
function createHush(monotonic: () => number, emit: (refusal: ScanRefusal) => void): (refusal: ScanRefusal) => void {
  const refusedAt = new Map<string, number>();
  return (refusal) => {
    const key = `${refusal.code} ${refusal.deviceId ?? refusal.device}`;
    const last = refusedAt.get(key);
    if (last !== undefined && monotonic() - last < refusalSilenceMs) return;
    refusedAt.set(key, monotonic());
    emit(refusal);
  };
}

/** Codes seen lately; seeing one again keeps it alive, so that a phone left under a scanner stays one scan. */
function createSeenCodes({ monotonic, repeatMs }: { monotonic: () => number; repeatMs: number }) {
  const codes = new Map<string, { scanId: string; at: number }>();
  return {
    find(digest: string): string | undefined {
      const code = codes.get(digest);
      if (code === undefined || monotonic() - code.at >= repeatMs) return undefined;
      code.at = monotonic();
      return code.scanId;
    },
    add(digest: string, scanId: string): void {
      codes.delete(digest);
      codes.set(digest, { scanId, at: monotonic() });
      const [oldest] = codes.keys();
      if (codes.size > rememberedCodes && oldest !== undefined) codes.delete(oldest);
    },
    /** What was never looked at was not seen. */
    remove(scanId: string): void {
      for (const [digest, code] of codes) if (code.scanId === scanId) codes.delete(digest);
    },
    clear: (): void => codes.clear(),
  };
}

/** Queues by device, taken from in turns; `put` returns the entry that had to make room. */
function createFairQueue<T>(maxPerDevice: number) {
  const waiting = new Map<string, T[]>();
  return {
    put(device: string, entry: T): T | undefined {
      const entries = waiting.get(device) ?? [];
      waiting.set(device, entries);
      entries.push(entry);
      return entries.length > maxPerDevice ? entries.shift() : undefined;
    },
    take(): T | undefined {
      const [first] = waiting;
      if (first === undefined) return undefined;
      const [device, entries] = first;
      const entry = entries.shift();
      waiting.delete(device);
      // Back in at the end: the other devices come first next time.
      if (entries.length > 0) waiting.set(device, entries);
      return entry;
    },
    isEmpty: (): boolean => waiting.size === 0,
    clear: (): void => waiting.clear(),
  };
}

function createListeners<T, R>() {
  const listeners = new Set<(event: T) => R>();
  return {
    add(listener: (event: T) => R): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit: (event: T): R[] => [...listeners].map((listener) => listener(event)),
  };
}

/** A version 4 UUID (RFC 9562 5.4). */
function printUuid(random: RandomBytes): string {
  const bytes = random(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x40);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return encodeHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
