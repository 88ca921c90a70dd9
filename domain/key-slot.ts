import { decodeBase64, encodeBase64 } from './crypto/base64.ts';
import { concatUnmoved } from './crypto/bytes.ts';
import type { RandomBytes } from './crypto/random.ts';
import { openRecord, sealRecord } from './crypto/sealed-record.ts';
import { decryptSm2, encryptSm2, generateSm2KeyPair, isSm2PrivateKey } from './crypto/sm2.ts';
import { hkdfSm3 } from './crypto/sm3.ts';
import { encodeUtf8 } from './crypto/utf8.ts';

/** What one guess at a passphrase costs: Argon2id (RFC 9106), memory in KiB. */
export interface KdfCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** How a passphrase becomes a key: kept beside what the key opens, so that cost can rise later. Salt BASE64. */
export interface Kdf extends KdfCost {
  readonly id: 'argon2id';
  readonly salt: string;
}

/** Below this no slot is made or opened: whoever can write the file could otherwise make guessing cheap (design 06 §7). */
export const kdfFloor: KdfCost = { memoryKiB: 65_536, passes: 3, lanes: 4 };

const saltLength = 16;

/** Fresh parameters of a cost. */
export function createKdf(cost: KdfCost, random: RandomBytes): Kdf {
  const { memoryKiB, passes, lanes } = cost;
  return { id: 'argon2id', memoryKiB, passes, lanes, salt: encodeBase64(random(saltLength)) };
}

/** Whether parameters cost at least as much as the floor; a cheaper one is a downgrade. */
export function isCostly(kdf: Kdf, floor: KdfCost): boolean {
  const isEnough = kdf.memoryKiB >= floor.memoryKiB && kdf.passes >= floor.passes && kdf.lanes >= floor.lanes;
  // A row of passes without end would be a way to stop the counter.
  const isBounded = kdf.memoryKiB <= 1_048_576 && kdf.passes <= 32 && kdf.lanes <= 16;
  return kdf.id === 'argon2id' && isEnough && isBounded && (decodeBase64(kdf.salt)?.length ?? 0) >= saltLength;
}

/** The two factors in one key: what somebody knows (Argon2id output) and what the machine or a token has. 16 bytes. */
export function combineFactors(known: Uint8Array, possessed: Uint8Array): Uint8Array {
  const both = concatUnmoved(known, possessed);
  const key = hkdfSm3(both, encodeUtf8('counter/key-slot/1'), encodeUtf8(`${known.length}|${possessed.length}`), 16);
  both.fill(0);
  return key;
}

/**
 * A person's key slot: an SM2 key pair whose private half is sealed under their two factors, and the master key encrypted
 * to its public half. So a passphrase change seals 32 bytes again, and a new master key reaches everybody without asking anybody.
 * All byte fields BASE64.
 */
export interface KeySlot {
  readonly id: string;
  readonly kdf: Kdf;
  readonly publicKey: string;
  readonly sealedPrivateKey: string;
  readonly content: string;
}

/** Makes a slot around `content` (a master key, a share) for the holder of `key`. */
export function createSlot(input: { readonly id: string; readonly kdf: Kdf; readonly key: Uint8Array; readonly content: Uint8Array; readonly random: RandomBytes }): KeySlot {
  const { id, kdf, key, content, random } = input;
  const pair = generateSm2KeyPair(random);
  const head = { id, kdf, publicKey: encodeBase64(pair.publicKey) };
  const sealedPrivateKey = sealPrivateKey(head, key, pair.privateKey, random);
  pair.privateKey.fill(0);
  return fillSlot({ ...head, sealedPrivateKey, content: '' }, content, random);
}

/** The slot with other content, for the same person; needs no secret of theirs. */
export function fillSlot(slot: KeySlot, content: Uint8Array, random: RandomBytes): KeySlot {
  const publicKey = requireBytes(slot.publicKey);
  const plaintext = concatUnmoved(placeOf(slot), content);
  const ciphertext = encryptSm2({ publicKey, plaintext, layout: 'C1C3C2', random });
  plaintext.fill(0);
  return { ...slot, content: encodeBase64(ciphertext) };
}

/** What lies in the slot, or null: another key, or a slot in which anything was changed. */
export function openSlot(slot: KeySlot, key: Uint8Array): Uint8Array | null {
  const privateKey = openPrivateKey(slot, key);
  const content = privateKey === null ? null : readContent(slot, privateKey);
  privateKey?.fill(0);
  return content;
}

/** What lies in the slot, and behind it the private key that its holder signs with (SM2, 32 bytes); or null, as `openSlot`. */
export function enterSlot(slot: KeySlot, key: Uint8Array): Uint8Array | null {
  const privateKey = openPrivateKey(slot, key);
  const content = privateKey === null ? null : readContent(slot, privateKey);
  if (privateKey === null || content === null) return null;
  const signingKey = deriveSigningKey(slot, privateKey);
  const both = concatUnmoved(content, signingKey);
  for (const secret of [privateKey, content, signingKey]) secret.fill(0);
  return both;
}

/** Another pair than the slot's own, which decrypts (GM/T 0034 has two pairs), that only whoever opens the slot can derive; it is the slot's for life. */
function deriveSigningKey({ id }: KeySlot, privateKey: Uint8Array): Uint8Array {
  for (let attempt = 1; ; attempt += 1) {
    const derived = hkdfSm3(privateKey, encodeUtf8('counter/person-signing/1'), encodeUtf8(`${attempt}|${id}`), 32);
    if (isSm2PrivateKey(derived)) return derived;
  }
}

function readContent(slot: KeySlot, privateKey: Uint8Array): Uint8Array | null {
  const ciphertext = decodeBase64(slot.content);
  const opened = ciphertext === null ? null : decryptSm2({ privateKey, ciphertext, layout: 'C1C3C2' });
  if (opened === null) return null;
  const place = placeOf(slot);
  const isHere = place.every((byte, at) => opened[at] === byte);
  const content = isHere ? ownBytes(opened.subarray(place.length)) : null;
  opened.fill(0);
  return content;
}

/** The slot under new factors, its content untouched; null when the old key is not the right one. */
export function moveSlot(slot: KeySlot, change: { readonly oldKey: Uint8Array; readonly newKey: Uint8Array; readonly kdf: Kdf; readonly random: RandomBytes }): KeySlot | null {
  const privateKey = openPrivateKey(slot, change.oldKey);
  if (privateKey === null) return null;
  const head = { id: slot.id, kdf: change.kdf, publicKey: slot.publicKey };
  const sealedPrivateKey = sealPrivateKey(head, change.newKey, privateKey, change.random);
  privateKey.fill(0);
  return { ...slot, ...head, sealedPrivateKey };
}

/** A copy outside the collector's young space, which moves small arrays about and leaves their old bytes behind. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return concatUnmoved(bytes);
}

type SlotHead = Pick<KeySlot, 'id' | 'kdf' | 'publicKey'>;

function sealPrivateKey(head: SlotHead, key: Uint8Array, privateKey: Uint8Array, random: RandomBytes): string {
  return encodeBase64(sealRecord({ key, keyId: 0, nonce: random(12), plaintext: privateKey, aad: headOf(head) }));
}

function openPrivateKey(slot: KeySlot, key: Uint8Array): Uint8Array | null {
  const sealed = decodeBase64(slot.sealedPrivateKey);
  return sealed === null ? null : openRecord({ key, sealed, aad: headOf(slot) });
}

// Everything that says how the slot is opened is authenticated by what it seals.
function headOf({ id, kdf, publicKey }: SlotHead): Uint8Array {
  return encodeUtf8(JSON.stringify(['key-slot', 1, id, kdf.id, kdf.memoryKiB, kdf.passes, kdf.lanes, kdf.salt, publicKey]));
}

// What was encrypted to a person for one slot cannot be laid into another.
function placeOf({ id }: Pick<KeySlot, 'id'>): Uint8Array {
  return encodeUtf8(`key-slot|1|${id}|`);
}

function requireBytes(base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  if (bytes === null) throw new Error('a public key is no BASE64');
  return bytes;
}
