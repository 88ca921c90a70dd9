import { concatBytes } from './crypto/bytes.ts';
import { createHmacSm3, sm3 } from './crypto/sm3.ts';
import { borrowUtf8, encodeUtf8 } from './crypto/utf8.ts';

/** Makes MACs of entries: HMAC-SM3 of an entry's 64 hex digits under the key of its epoch, 32 bytes. */
export function createEntryMac(epochKey: Uint8Array): (hash: string) => Uint8Array {
  const mac = createHmacSm3(epochKey);
  return (hash) => mac(borrowUtf8(hash));
}

/**
 * The key of the next epoch: SM3("ratchet" ‖ key). It cannot be run backwards: who takes today's key can forge no entry of
 * an epoch before. The first key is given away at the beginning and is all that a later check needs.
 */
export function nextEpochKey(epochKey: Uint8Array): Uint8Array {
  return sm3(concatBytes(ratchet, epochKey));
}

/** What tells whether a key is that of an epoch, and nothing of the key: SM3("mark" ‖ key). */
export function epochMark(epochKey: Uint8Array): Uint8Array {
  return sm3(concatBytes(mark, epochKey));
}

const ratchet = encodeUtf8('ratchet');
const mark = encodeUtf8('mark');
