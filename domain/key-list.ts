import { longestKeyList, type SignedKeyList, type SigningKeyList, SigningKeyListSchema } from './contracts/enterprise.ts';
import { decodeHex, encodeHexUpper } from './crypto/hex.ts';
import { type PinnedSm2Key, pinSm2PublicKey, sm2DefaultId, verifySm2 } from './crypto/sm2.ts';
import { encodeUtf8 } from './crypto/utf8.ts';
import { fail, ok, type Result } from './failure.ts';
import { parseJson } from './json.ts';
import { parseIsoTime } from './time.ts';

/** A platform's signed list; `sign` gives r ‖ s (64 bytes) of the platform's envelope key, which counters were given when they enrolled. */
export function signKeyList(list: SigningKeyList, sign: (message: Uint8Array) => Uint8Array): SignedKeyList {
  const text = JSON.stringify(list);
  return { list: text, signature: encodeHexUpper(sign(messageOf(text))) };
}

/** What a list must be to be taken: the platform's own, signed by `signer`, and not older than the one that is held. */
export interface KeyListTerms {
  readonly platformId: string;
  readonly signer: PinnedSm2Key;
  /** Sequence number of the list that is held; 0 when there is none. */
  readonly heldSequence: number;
}

/**
 * Reads a received list. `remote/forged`: another key signed it, it is another platform's, or an old one is played back;
 * `remote/malformed`: signed, but no list of keys that are some.
 */
export function readKeyList({ list: text, signature }: SignedKeyList, terms: KeyListTerms): Result<SigningKeyList> {
  const value = decodeHex(signature.toLowerCase());
  if (value === null || !verifySm2({ key: terms.signer, message: messageOf(text), signature: value, id: sm2DefaultId })) return fail('remote/forged', 'key list');
  const read = SigningKeyListSchema['~standard'].validate(parseJson(text, { maxLength: longestKeyList }));
  if (read instanceof Promise || read.issues !== undefined || ![read.value, ...(read.value.others ?? [])].every(({ signingKeys }) => signingKeys.every(isGoodKey))) return fail('remote/malformed', 'key list');
  const { platformId, sequence } = read.value;
  if (platformId !== terms.platformId) return fail('remote/forged', 'key list of another platform');
  return sequence < terms.heldSequence ? fail('remote/forged', 'old key list') : ok(read.value);
}

/** Whether an entry names a point of the curve and a period that has a beginning before its end. */
export function isGoodKey({ notAfter, notBefore, publicKey, revokedAt }: SigningKeyList['signingKeys'][number]): boolean {
  const [from, to] = [parseIsoTime(notBefore), parseIsoTime(notAfter)];
  const isPeriod = from !== null && to !== null && from < to;
  return isPeriod && pinSm2PublicKey(decodeHex(publicKey.toLowerCase()) ?? new Uint8Array(0)) !== null && (revokedAt === undefined || parseIsoTime(revokedAt) !== null);
}

// The heading keeps a signature made for this from being one of a reply's head.
function messageOf(text: string): Uint8Array {
  return encodeUtf8(`counter-signing-keys\n${text}`);
}
