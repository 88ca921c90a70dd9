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
   * Put as soon as the thread has nothing else to do, the newest for all that came meanwhile, after `mostWaiting` of them at once. Never
   * throws: on a disk that refuses the key of before stays, which leads here, until the next one. The caller leaves the bytes as they are.
   */
  putSoon(key: Uint8Array): void;
  /** At the end of an opening, once nothing is in doubt any more: what was found is put here, and nothing but it stays. Never throws, as above. */
  settle(): void;
  close(): void;
}

/** So many keys wait at most, one for each epoch. */
export const mostWaiting = 5;

const slotLength = 4096;
const slots = [0, 1] as const;
type Slot = (typeof slots)[number];

/** Opens the file, made at the first opening: two slots, each a key sealed under the machine's own. Throws what the disk says. */
export function openEpochKeyFile({ file, sealing }: { readonly file: string; readonly sealing: RecordSealing }): EpochKeyFile {
  const handle = openSlots(file);
  // Of the key on the disk that leads to the one in force; null where none does: what is here belongs to another database then.
  let present: Slot | null = null;
  let led: Uint8Array | null = null;
  let waiting: { readonly key: Uint8Array; readonly timer: NodeJS.Immediate; readonly count: number } | null = null;
  const put = (key: Uint8Array): void => {
    if (waiting !== null) clearImmediate(waiting.timer);
    waiting = null;
    const [slot, before] = present === 0 ? ([1, 0] as const) : ([0, 1] as const);
    writeSync(handle, encodeSlot(sealing.seal(place, key)), 0, slotLength, slot * slotLength);
    fdatasyncSync(handle);
    [present, led] = [slot, null];
    wipe(handle, before);
  };
  const flush = (): void => {
    const key = waiting?.key;
    if (key !== undefined) unlessRefused(() => put(key));
  };
  const putSoon = (key: Uint8Array): void => {
    waiting = { key, timer: waiting?.timer ?? setImmediate(flush), count: (waiting?.count ?? 0) + 1 };
    if (waiting.count >= mostWaiting) flush();
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
    putSoon,
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
  } catch {
    // See the promises above.
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
