import { closeSync, existsSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { createHmacSm3 } from '../../domain/crypto/sm3.ts';
import { syncFolder } from './folder-sync.ts';
import { borrowUtf8, decodeUtf8 } from '../../domain/crypto/utf8.ts';

/** Where a log stood: generation, and number and hash of its last entry. */
export interface AnchorPoint {
  readonly gen: number;
  readonly seq: number;
  readonly hash: string;
  /** The entry that says that there was no anchor (`audit.anchor-missing`), where this one was begun after it. */
  readonly anew?: { readonly gen: number; readonly seq: number };
}

/** The last known end of the log, kept outside the database: what a copied-back database file is caught by. */
export interface Anchor {
  /** Null when there is none, or none that this key wrote. */
  read(): AnchorPoint | null;
  /**
   * Written as soon as the thread has nothing else to do, the newest for all that came meanwhile; the first one at once and synced. Never throws: an anchor that
   * cannot be written is one that lags behind, which is no fault of the log.
   */
  write(point: AnchorPoint): void;
  /** Writes what waits and puts it on the disk, as `close` does too. */
  sync(): void;
  close(): void;
}

const slotLength = 4096;
const macLength = 32;
const lengthBytes = 2;

/**
 * Opens the anchor file, two slots written in turn, each with an HMAC-SM3: a write that tears leaves the other slot. It is
 * written after a commit and without a sync of its own, so after a power cut it may lag behind the log, never lead it.
 */
export function openAnchorFile(deps: { readonly file: string; readonly key: Uint8Array }): Anchor {
  mkdirSync(dirname(deps.file), { recursive: true, mode: 0o700 });
  const isNew = !existsSync(deps.file);
  const handle = openSync(deps.file, isNew ? 'w+' : 'r+', 0o600);
  if (isNew) {
    writeSync(handle, new Uint8Array(2 * slotLength), 0, null, 0);
    fsyncSync(handle);
    syncFolder(dirname(deps.file));
  }
  const mac = createHmacSm3(deps.key);
  // One for all: what stands behind the shorter of two statements is read by nobody.
  const slot = Buffer.alloc(slotLength);
  let turn = 0;
  let isBlank = true;
  let waiting: { readonly point: AnchorPoint; readonly timer: NodeJS.Immediate } | null = null;
  const flush = (): void => {
    if (waiting === null) return;
    const { point, timer } = waiting;
    waiting = null;
    clearImmediate(timer);
    try {
      writeSync(handle, slot, 0, fillSlot(slot, point, mac), turn * slotLength);
      turn = 1 - turn;
      isBlank = false;
    } catch {
      // See the promise of `write`.
    }
  };
  const sync = (): void => {
    flush();
    try {
      fdatasyncSync(handle);
    } catch {
      // As above.
    }
  };
  return {
    read: () => {
      const points = [0, 1].map((slot) => readSlot(handle, slot, mac));
      const newest = points.reduce((a, b) => (a === null || (b !== null && isLater(b, a)) ? b : a), null);
      turn = points[0] !== null && points[0] === newest ? 1 : 0;
      isBlank = newest === null;
      return newest;
    },
    write: (point) => {
      const isFirst = isBlank;
      waiting = { point, timer: waiting?.timer ?? setImmediate(flush) };
      // A log with entries and no anchor looks as if somebody had taken it away.
      if (isFirst) sync();
    },
    sync,
    close: () => {
      sync();
      closeSync(handle);
    },
  };
}

/** Where the log stood by an anchor file; null when there is none, or none that this key wrote. Makes no file. */
export function readAnchorFile(deps: { readonly file: string; readonly key: Uint8Array }): AnchorPoint | null {
  if (!existsSync(deps.file)) return null;
  const opened = openAnchorFile(deps);
  const point = opened.read();
  opened.close();
  return point;
}

/** Whether a point lies behind another in the log: by generation, then by number. */
export function isLater(a: AnchorPoint, b: AnchorPoint): boolean {
  return a.gen === b.gen ? a.seq > b.seq : a.gen > b.gen;
}

type Mac = (data: Uint8Array) => Uint8Array;

/** Gives how many bytes of the slot are used. */
function fillSlot(slot: Buffer, point: AnchorPoint, mac: Mac): number {
  const text = borrowUtf8(JSON.stringify(point));
  slot.writeUInt16BE(text.length);
  slot.set(text, lengthBytes);
  slot.set(mac(text), lengthBytes + text.length);
  return lengthBytes + text.length + macLength;
}

function readSlot(handle: number, slot: number, mac: Mac): AnchorPoint | null {
  const bytes = new Uint8Array(slotLength);
  const read = readSync(handle, bytes, 0, slotLength, slot * slotLength);
  const length = new DataView(bytes.buffer).getUint16(0);
  if (read < slotLength && read < lengthBytes + length + macLength) return null;
  if (length === 0 || lengthBytes + length + macLength > slotLength) return null;
  const text = bytes.subarray(lengthBytes, lengthBytes + length);
  const stated = bytes.subarray(lengthBytes + length, lengthBytes + length + macLength);
  if (!equalBytes(stated, mac(text))) return null;
  return JSON.parse(decodeUtf8(text) ?? 'null') as AnchorPoint | null;
}
