import type { AuditEntry } from './audit-entry.ts';
import { decodeBase64 } from './crypto/base64.ts';
import { decodeHex } from './crypto/hex.ts';
import { decodeSm2SignatureDer, pinSm2PublicKey, type PinnedSm2Key, sm2DefaultId, verifySm2 } from './crypto/sm2.ts';
import { encodeUtf8 } from './crypto/utf8.ts';

/** The entry by which a person's signing key is made known: `result` is the key (04 ‖ x ‖ y, hex), `ref` whose it is, signed with that key. */
export const signerEntryType = 'access.signs';

/** What whoever does it signs for by themselves (design 06 §5): every verdict, what is handed to a holder, every copy that leaves the counter. */
export const signedEntryTypes: readonly string[] = [signerEntryType, 'scan.verdict', 'notice.given', 'copy.printed', 'copy.reprinted', 'copy.saved', 'copy.forwarded'];

/** What a person knows of an entry before it has its place in the log. */
export type SignedFacts = Pick<AuditEntry, 't' | 'mono' | 'u' | 'actor' | 'role' | 'device' | 'type' | 'result' | 'ref'> & { readonly content: string };

/** The text that a person signs (SM2, default user identity): a heading, then the part of the line that they know, as the line has it. */
export function printSignedStatement({ t, mono, u, actor, role, device, type, result, ref, content }: SignedFacts): string {
  return `counter-signed-v1\n${JSON.stringify({ t, mono, u, actor, role, device, type, result, ref, content })}\n`;
}

/** What a check of persons' signatures found so far: entries that bear one, and of how many it was worked out. */
export interface SignatureCount {
  readonly signed: number;
  readonly checked: number;
}

/** A check of persons' signatures along a log. */
export interface PersonSignatureCheck {
  /** Whether the next entry bears the signature it must: by the key that its actor made known last. */
  holds(entry: AuditEntry): boolean;
  count(): SignatureCount;
}

/**
 * Starts a check. `isChosen` picks the entries whose signature is worked out, half a millisecond each; that there is one, and a
 * key for it, is asked of every entry, and keys made known are always checked.
 */
export function createPersonSignatureCheck(isChosen: () => boolean = () => true): PersonSignatureCheck {
  const keys = new Map<string, PinnedSm2Key>();
  const pinned = new Map<string, PinnedSm2Key | null>();
  let [signed, checked] = [0, 0];
  const pin = (text: string): PinnedSm2Key | null => {
    const known = pinned.get(text) ?? pinSm2PublicKey(decodeHex(text) ?? new Uint8Array());
    pinned.set(text, known);
    return known;
  };
  return {
    count: () => ({ signed, checked }),
    holds: (entry) => {
      const { actor, content, ref, result, signature, type } = entry;
      const isNewKey = type === signerEntryType;
      const key = isNewKey ? pin(result) : (keys.get(actor) ?? null);
      if (signature === undefined || content === undefined) return key === null ? !isNewKey : !signedEntryTypes.includes(type);
      if (key === null || (isNewKey && ref !== actor)) return false;
      signed += 1;
      if (isNewKey || isChosen()) {
        checked += 1;
        if (!isSigned(key, { ...entry, content }, signature)) return false;
      }
      if (isNewKey) keys.set(actor, key);
      return true;
    },
  };
}

function isSigned(key: PinnedSm2Key, facts: SignedFacts, signature: string): boolean {
  const raw = decodeSm2SignatureDer(decodeBase64(signature) ?? new Uint8Array());
  return raw !== null && verifySm2({ key, message: encodeUtf8(printSignedStatement(facts)), signature: raw, id: sm2DefaultId });
}
