import { closeSync, existsSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder-sync.ts';
import type { RecordSealing } from './record-sealing.ts';
import { settingPlace } from './record-places.ts';

/**
 * The MAC key of the present epoch, outside the database: there each key that is over would go on standing in the write-ahead
 * log, in snapshots and backups. Here it is written over. The key on the disk may lag some epochs behind, to which it leads.
 */
export interface EpochKeyFile {
  /** The first key that `lead` makes of one that lies here; null when of none. Writes nothing: what a commit that failed left in the log may yet come into force. */
  find(lead: (key: Uint8Array) => Uint8Array | null): Uint8Array | null;
  /** Puts a key on the disk, then writes over the one before it. Throws what the disk says. */
  put(key: Uint8Array): void;
  /**
   * Put as soon as the thread has nothing else to do, the newest for all that came meanwhile. Never throws: on a disk that refuses, the key
   * of before stays, which leads here. The caller leaves the bytes as they are.
   */
  putSoon(key: Uint8Array): void;
  /** Before the next key: puts what waits when the file is `longestLag` epochs behind already. Throws what the disk says. */
  catchUp(): void;
  /** At the end of an opening, once nothing is in doubt any more: what was found is put here, and nothing but it stays. Never throws, as above. */
  settle(): void;
  close(): void;
}

/** So many epochs the key on the disk is behind at most. */
export const longestLag = 5;

const slotLength = 4096;
const slots = [0, 1] as const;
type Slot = (typeof slots)[number];

/** Opens the file, made at the first opening: two slots, each a key sealed under the machine's own. Throws what the disk says. */
export function openEpochKeyFile({ file, sealing }: { readonly file: string; readonly sealing: RecordSealing }): EpochKeyFile {
  const handle = openSlots(file);
  // Of the key on the disk that leads to the one in force; null where none does: what is here belongs to another database then.
  let present: Slot | null = null;
  let led: Uint8Array | null = null;
  let waiting: { readonly key: Uint8Array; readonly lag: number } | null = null;
  let timer: NodeJS.Immediate | null = null;
  const put = (key: Uint8Array): void => {
    const [slot, before] = present === 0 ? ([1, 0] as const) : ([0, 1] as const);
    writeSync(handle, encodeSlot(sealing.seal(place, key)), 0, slotLength, slot * slotLength);
    fdatasyncSync(handle);
    [present, led, waiting] = [slot, null, null];
    wipe(handle, before);
  };
  const flush = (): void => {
    if (timer !== null) clearImmediate(timer);
    timer = null;
    const key = waiting?.key;
    if (key !== undefined) unlessRefused(() => put(key));
  };
  return {
    find: (lead) => {
      for (const slot of slots) {
        const key = readSlot(handle, slot, sealing);
        const found = key === null ? null : lead(key);
        if (found !== key) key?.fill(0);
        if (found === null) continue;
        [present, led] = [slot, found === key ? null : found];
        return found;
      }
      return null;
    },
    put,
    putSoon: (key) => {
      waiting = { key, lag: (waiting?.lag ?? 0) + 1 };
      timer ??= setImmediate(flush);
    },
    catchUp: () => {
      if (waiting !== null && waiting.lag >= longestLag) put(waiting.key);
    },
    settle: () => {
      flush();
      const [key, over] = [led, present === 0 ? 1 : 0] as const;
      if (present === null) return;
      if (key !== null) return unlessRefused(() => put(key));
      if (!isEmpty(handle, over)) unlessRefused(() => wipe(handle, over));
    },
    close: () => {
      flush();
      closeSync(handle);
    },
  };
}

const place = settingPlace('audit-epoch');
const lengthBytes = 2;

function openSlots(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) return openSync(file, 'r+');
  const handle = openSync(file, 'w+', 0o600);
  writeSync(handle, new Uint8Array(slots.length * slotLength), 0, slots.length * slotLength, 0);
  fsyncSync(handle);
  syncFolder(dirname(file));
  return handle;
}

function wipe(handle: number, slot: Slot): void {
  writeSync(handle, new Uint8Array(slotLength), 0, slotLength, slot * slotLength);
}

function unlessRefused(work: () => void): void {
  try {
    work();
  } catch (error) {
    // See the promises above.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}

function encodeSlot(sealed: Uint8Array): Uint8Array {
  const slot = new Uint8Array(slotLength);
  new DataView(slot.buffer).setUint16(0, sealed.length);
  slot.set(sealed, lengthBytes);
  return slot;
}

function readSlot(handle: number, slot: Slot, sealing: RecordSealing): Uint8Array | null {
  const bytes = slotBytes(handle, slot);
  const length = new DataView(bytes.buffer).getUint16(0);
  return length === 0 || length > slotLength - lengthBytes ? null : sealing.open(place, bytes.subarray(lengthBytes, lengthBytes + length));
}

function isEmpty(handle: number, slot: Slot): boolean {
  return slotBytes(handle, slot).every((byte) => byte === 0);
}

function slotBytes(handle: number, slot: Slot): Uint8Array {
  const bytes = new Uint8Array(slotLength);
  readSync(handle, bytes, 0, slotLength, slot * slotLength);
  return bytes;
}
