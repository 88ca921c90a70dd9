import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { combineFactors, createSlot, enterSlot, fillSlot, type Kdf, type KeySlot, moveSlot, openSlot } from '../../domain/key-slot.ts';
import { chooseArgon2id } from './argon2.ts';

/** What somebody knows and what they or their machine has. */
export interface Factors {
  readonly passphrase: string;
  readonly possessed: Uint8Array;
}

/** One piece of work on key slots. */
export type SlotJob =
  | { readonly type: 'create'; readonly id: string; readonly kdf: Kdf; readonly factors: Factors; readonly content: Uint8Array }
  | { readonly type: 'open'; readonly slot: KeySlot; readonly factors: Factors }
  /** What lies in the slot with its holder's signing key behind it. */
  | { readonly type: 'enter'; readonly slot: KeySlot; readonly factors: Factors }
  | { readonly type: 'move'; readonly slot: KeySlot; readonly kdf: Kdf; readonly from: Factors; readonly to: Factors }
  | { readonly type: 'fill'; readonly slot: KeySlot; readonly content: Uint8Array };

/** What a job gives: a slot, or what lay in one; null for the wrong factors. */
export interface SlotAnswers {
  readonly create: KeySlot;
  readonly open: Uint8Array | null;
  readonly enter: Uint8Array | null;
  readonly move: KeySlot | null;
  readonly fill: KeySlot;
}

const argon2id = chooseArgon2id();

/** Does one job; made for a thread of its own, which takes everything it computed on the way with it when it ends. */
export async function doSlotJob(job: SlotJob): Promise<SlotAnswers[SlotJob['type']]> {
  const random = systemRandom;
  switch (job.type) {
    case 'create':
      return createSlot({ id: job.id, kdf: job.kdf, key: await deriveKey(job.kdf, job.factors), content: job.content, random });
    case 'open':
      return openSlot(job.slot, await deriveKey(job.slot.kdf, job.factors));
    case 'enter':
      return enterSlot(job.slot, await deriveKey(job.slot.kdf, job.factors));
    case 'move':
      return moveSlot(job.slot, { oldKey: await deriveKey(job.slot.kdf, job.from), newKey: await deriveKey(job.kdf, job.to), kdf: job.kdf, random });
    case 'fill':
      return fillSlot(job.slot, job.content, random);
  }
}

async function deriveKey(kdf: Kdf, { passphrase, possessed }: Factors): Promise<Uint8Array> {
  const salt = decodeBase64(kdf.salt);
  if (salt === null) throw new Error('a salt is no BASE64');
  // The same characters on every keyboard and system (RFC 8265 4.2.2).
  const message = encodeUtf8(passphrase.normalize('NFC'));
  const known = await argon2id(message, salt, kdf);
  message.fill(0);
  const key = combineFactors(known, possessed);
  known.fill(0);
  return key;
}
