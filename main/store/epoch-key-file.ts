import { closeSync, existsSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder-sync.ts';
import type { RecordSealing } from './record-sealing.ts';
import { settingPlace } from './record-places.ts';

/**
 * The MAC key of the present epoch, outside the database: there each key that is over would go on standing in the write-ahead
 * log, in snapshots and backups. Here it is written over in place.
 */
export interface EpochKeyFile {
  /** The key that `isIt` knows; null when neither is it. Writes nothing: what a commit that failed left in the log may yet come into force. */
  find(isIt: (key: Uint8Array) => boolean): Uint8Array | null;
  /** Puts the next key beside the present one and on the disk, before the transaction that brings it into force is committed. */
  prepare(key: Uint8Array): void;
  /**
   * After that commit, and at an opening once nothing is in doubt any more: writes over the key that is not in force. Never throws: a
   * disk that refuses, or a power cut, leaves it to the next key prepared or the next opening.
   */
  settle(): void;
  close(): void;
}

const slotLength = 4096;
const slots = [0, 1] as const;
type Slot = (typeof slots)[number];

/** Opens the file, made at the first opening: two slots, each a key sealed under the machine's own. Throws what the disk says. */
export function openEpochKeyFile({ file, sealing }: { readonly file: string; readonly sealing: RecordSealing }): EpochKeyFile {
  const handle = openSlots(file);
  let present: Slot | null = null;
  let isPrepared = false;
  const other = (): Slot => (present === 0 ? 1 : 0);
  return {
    find: (isIt) => {
      for (const slot of slots) {
        const key = readSlot(handle, slot, sealing);
        if (key === null || !isIt(key)) {
          key?.fill(0);
          continue;
        }
        [present, isPrepared] = [slot, false];
        return key;
      }
      return null;
    },
    prepare: (key) => {
      writeSync(handle, encodeSlot(sealing.seal(place, key)), 0, slotLength, other() * slotLength);
      fdatasyncSync(handle);
      isPrepared = true;
    },
    settle: () => {
      if (isPrepared) [present, isPrepared] = [other(), false];
      // None is in force in an older database that was put in place: what is here belongs to the right one.
      if (present === null) return;
      try {
        if (!isEmpty(handle, other())) writeSync(handle, new Uint8Array(slotLength), 0, slotLength, other() * slotLength);
      } catch {
        // See the promise above.
      }
    },
    close: () => closeSync(handle),
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
