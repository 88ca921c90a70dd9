import { concatBytes } from '../domain/crypto/bytes.ts';
import { createDerReader, derTag } from '../domain/crypto/der.ts';
import { sm2DefaultId, verifySm2 } from '../domain/crypto/sm2.ts';
import type { CertificateKey } from './x509-certificate.ts';

/** One signature to be checked under a key that is not on the SM2 curve. */
export interface ForeignSignature {
  /** The whole SubjectPublicKeyInfo. */
  readonly keyInfo: Uint8Array;
  /** Identifier of the signature algorithm as it stands beside the value. */
  readonly algorithm: string;
  /** Identifier of the digest, where it is named apart (CMS). */
  readonly digest: string | null;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Checks RSA and other curves with whatever the runtime has; null when it cannot. */
export type VerifyForeign = (input: ForeignSignature) => boolean | null;

/** A runtime without such a check: every foreign signature stays unverifiable. */
export const verifyNothingForeign: VerifyForeign = () => null;

/**
 * Whether a value signs a message under a certificate's key; null when this kind of key cannot be checked here. The key's
 * curve decides, not the algorithm beside the value: seals with a nonsense identifier are in circulation.
 */
export function checkSignatureValue(
  input: Omit<ForeignSignature, 'keyInfo'> & { readonly key: CertificateKey },
  verifyForeign: VerifyForeign,
): boolean | null {
  const { key, message, signature } = input;
  if (key.sm2 === null) return verifyForeign({ ...input, keyInfo: key.info });
  const raw = readSm2Value(signature);
  return raw !== null && verifySm2({ key: key.sm2, message, signature: raw, id: sm2DefaultId });
}

/** SM2 values come as DER (GM/T 0009) or as the bare r ‖ s; both as 64 bytes, or null. */
export function readSm2Value(value: Uint8Array): Uint8Array | null {
  if (value.length === 64) return value;
  const outer = createDerReader(value);
  const content = outer.read(derTag.sequence);
  if (content === null || !outer.isAtEnd()) return null;
  const inner = createDerReader(content);
  const [r, s] = [inner.readUnsigned(32), inner.readUnsigned(32)];
  return r === null || s === null || !inner.isAtEnd() ? null : concatBytes(r, s);
}
