import { concatBytes } from './bytes.ts';
import { createSm4Gcm, type Sm4Gcm } from './sm4-gcm.ts';

const version = 1;
const headerLength = 1 + 4;
const nonceLength = 12;
const tagLength = 16;

/** What one record at rest is sealed with; `keyId` is an unsigned 32-bit number, `nonce` 12 bytes used once under the key. */
export interface RecordToSeal {
  readonly key: Uint8Array | Sm4Gcm;
  readonly keyId: number;
  readonly nonce: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly aad: Uint8Array;
}

/** What one record is opened with; `aad` must be that of sealing. */
export interface RecordToOpen {
  readonly key: Uint8Array | Sm4Gcm;
  readonly sealed: Uint8Array;
  readonly aad: Uint8Array;
}

/** Seals a record as version(1) ‖ key id(4, big-endian) ‖ nonce(12) ‖ ciphertext ‖ tag(16), all of it authenticated. */
export function sealRecord(record: RecordToSeal): Uint8Array {
  const { keyId, nonce, plaintext } = record;
  const sealed = new Uint8Array(headerLength + nonceLength + plaintext.length + tagLength);
  sealed[0] = version;
  for (let i = 1; i < headerLength; i++) sealed[i] = keyId >>> (8 * (headerLength - 1 - i));
  sealed.set(nonce, headerLength);
  const [header, body] = [sealed.subarray(0, headerLength), sealed.subarray(headerLength + nonceLength)];
  withCipher(record.key, (cipher) => cipher.sealInto(body, nonce, plaintext, concatBytes(header, record.aad)));
  return sealed;
}

/** Opens a sealed record; null when it is too short, of another version, or not authentic under key and aad. */
export function openRecord(record: RecordToOpen): Uint8Array | null {
  const { sealed } = record;
  if (readRecordKeyId(sealed) === null) return null;
  const header = sealed.subarray(0, headerLength);
  const nonce = sealed.subarray(headerLength, headerLength + nonceLength);
  const body = sealed.subarray(headerLength + nonceLength);
  return withCipher(record.key, (cipher) => cipher.open(nonce, body, concatBytes(header, record.aad)));
}

/** The key id a sealed record names, to choose the key by (not yet authenticated); null for what is no sealed record. */
export function readRecordKeyId(sealed: Uint8Array): number | null {
  if (sealed.length < headerLength + nonceLength + tagLength || sealed[0] !== version) return null;
  return new DataView(sealed.buffer, sealed.byteOffset, headerLength).getUint32(1);
}

// A cipher made for one record leaves nothing of its key behind; one handed in stays with its owner.
function withCipher<T>(key: Uint8Array | Sm4Gcm, use: (cipher: Sm4Gcm) => T): T {
  if ('seal' in key) return use(key);
  const cipher = createSm4Gcm(key);
  try {
    return use(cipher);
  } finally {
    cipher.forget();
  }
}
