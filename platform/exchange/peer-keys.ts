import { decodeHex } from '../../domain/crypto/hex.ts';
import { type PinnedSm2Key, pinSm2PublicKey, type Sm2PublicKey } from '../../domain/crypto/sm2.ts';

/** The peers' public keys, ready for use: one that is used often is prepared once, which makes its checks three times as fast. */
export interface PeerKeys {
  /** Throws for a key that is none: enrolment lets none in. */
  get(publicKeyHex: string): PinnedSm2Key | Sm2PublicKey;
}

/** Preparing costs as much as forty checks. */
const usesBeforePinning = 20;
const mostKept = 500;

/** Keeps the keys used last. */
export function createPeerKeys(): PeerKeys {
  const known = new Map<string, { bytes: Sm2PublicKey; uses: number; pinned: PinnedSm2Key | null }>();
  return {
    get: (hex) => {
      const entry = known.get(hex) ?? { bytes: decodeOrThrow(hex), uses: 0, pinned: null };
      known.delete(hex);
      known.set(hex, entry);
      if (known.size > mostKept) known.delete(known.keys().next().value ?? '');
      entry.uses++;
      if (entry.uses === usesBeforePinning) entry.pinned = pinSm2PublicKey(entry.bytes);
      return entry.pinned ?? entry.bytes;
    },
  };
}

function decodeOrThrow(hex: string): Sm2PublicKey {
  const bytes = decodeHex(hex);
  if (bytes === null) throw new Error('account without a public key');
  return bytes;
}
