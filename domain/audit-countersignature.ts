import { isCheckpointSigned } from './audit-checkpoint.ts';
import type { Countersigned } from './contracts/evidence.ts';
import { decodeBase64 } from './crypto/base64.ts';
import { decodeHex } from './crypto/hex.ts';
import type { PinnedSm2Key } from './crypto/sm2.ts';

/** What an audit centre signs: that it had this checkpoint at this time and that it goes on from the one before. */
export function printCountersigned(t: string, checkpointText: string): string {
  return `${heading}\n${t}\n${checkpointText}`;
}

/** Whether a countersignature was made with the key it names (`pinned`, where the caller has that already); whose key that is must be known from elsewhere. */
export function isCountersigned({ text, t, signature, publicKey }: Countersigned, pinned?: PinnedSm2Key): boolean {
  const [der, key] = [decodeBase64(signature), pinned ?? decodeHex(publicKey)];
  return der !== null && key !== null && isCheckpointSigned(key, { text: printCountersigned(t, text), signature: der });
}

/** One line that holds all of a countersignature but the checkpoint, to be kept beside it. */
export function printKeptCountersignature({ t, publicKey, signature }: Omit<Countersigned, 'text'>): string {
  return `${t} ${publicKey} ${signature}`;
}

/** Reads such a line; null when it is none. */
export function parseKeptCountersignature(line: string): Omit<Countersigned, 'text'> | null {
  const [, t, publicKey, signature] = /^(\S{24}) (04[0-9a-f]{128}) ([A-Za-z0-9+/=]{80,100})$/.exec(line) ?? [];
  return t === undefined || publicKey === undefined || signature === undefined ? null : { t, publicKey, signature };
}

const heading = 'counter-countersigned';
