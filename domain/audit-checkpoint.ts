import { decodeBase64, encodeBase64 } from './crypto/base64.ts';
import { decodeSm2SignatureDer, type PinnedSm2Key, sm2DefaultId, type Sm2PublicKey, verifySm2 } from './crypto/sm2.ts';
import { encodeHex } from './crypto/hex.ts';
import { sm3 } from './crypto/sm3.ts';
import { encodeUtf8 } from './crypto/utf8.ts';

/** A statement about the whole log up to `size`, to be signed: no log that has signed it can take it back unseen. */
export interface Checkpoint {
  readonly device: string;
  readonly gen: number;
  /** How many entries the log had: the sequence number of the last. */
  readonly size: number;
  /** Root of the Merkle tree over the entries' hashes, 32 bytes. */
  readonly root: Uint8Array;
  /** Hash of the last entry, 64 lower-case hex digits. */
  readonly head: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly t: string;
  /** Which opening of the log it was, of those in which something was signed. */
  readonly boot: number;
}

/** A checkpoint as kept and exported: the very text that is signed, and an SM2 signature over it (DER, default user identity). */
export interface SignedCheckpoint {
  readonly text: string;
  readonly signature: Uint8Array;
}

/** Prints a checkpoint as the four lines that are signed (the shape of C2SP tlog-checkpoint; what this log adds is the fourth). */
export function printCheckpoint({ device, gen, size, root, head, t, boot }: Checkpoint): string {
  return `counter-audit/${device}/${gen}\n${size}\n${encodeBase64(root)}\n${head} ${t} ${boot}\n`;
}

/** Reads a checkpoint text; null unless it is exactly what `printCheckpoint` prints. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const match = form.exec(text);
  if (match === null) return null;
  const [, device = '', gen = '', size = '', root = '', head = '', t = '', boot = ''] = match;
  const bytes = decodeBase64(root);
  if (bytes?.length !== 32) return null;
  const checkpoint = { device, gen: Number(gen), size: Number(size), root: bytes, head, t, boot: Number(boot) };
  return printCheckpoint(checkpoint) === text ? checkpoint : null;
}

/** Whether the text was signed by the holder of the key. */
export function isCheckpointSigned(key: PinnedSm2Key | Sm2PublicKey, { text, signature }: SignedCheckpoint): boolean {
  const raw = decodeSm2SignatureDer(signature);
  return raw !== null && verifySm2({ key, message: encodeUtf8(text), signature: raw, id: sm2DefaultId });
}

/** What people compare: the first 16 hex digits of SM3 over the 65 bytes of a public key, in fours. */
export function printFingerprint(publicKey: Sm2PublicKey): string {
  return encodeHex(sm3(publicKey)).slice(0, 16).replace(/(.{4})(?=.)/g, '$1-');
}

const form =
  /^counter-audit\/([\w.-]{1,64})\/([1-9][0-9]{0,8})\n([1-9][0-9]{0,14}|0)\n([A-Za-z0-9+/=]{44})\n([0-9a-f]{64}) ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z) ([0-9]{1,9})\n$/;
