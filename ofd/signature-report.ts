import type { SealPicture } from './electronic-seal.ts';
import type { StampPlace } from './signatures.ts';
import type { X509Certificate } from './x509-certificate.ts';

/**
 * What one signature is worth. `valid`: holds, covers all that is shown, trusted signer. `partial`: holds, but parts of what is
 * shown are not covered. `changed-after`: holds for an earlier state of the file. `untrusted`: holds, but nobody vouches for the
 * signer. `expired`: made outside the validity of a certificate or seal. `invalid`: does not hold. `unverifiable`: cannot be said.
 */
export type SignatureState = 'valid' | 'partial' | 'changed-after' | 'untrusted' | 'expired' | 'invalid' | 'unverifiable';

/** The steps of verification that can go wrong or leave a remark, each worded by whoever shows it. */
export const signatureSteps = [
  'file-missing', 'structure', 'reference-missing', 'reference-digest', 'digest-method', 'weak-digest', 'data-hash', 'signature-value',
  'seal-differs', 'signer-not-in-seal', 'seal-maker', 'seal-validity', 'signer-validity', 'maker-validity', 'key-usage', 'time-missing',
  'issuer-unknown', 'issuer-forged', 'issuer-unfit', 'maker-untrusted', 'certificate-missing', 'key-unsupported', 'not-covered', 'properties-not-covered',
  'byte-range', 'changed-after', 'encrypted', 'time-claimed', 'expired-since', 'revocation-unchecked', 'signed-again',
  'revocation-checked', 'revoked', 'revoked-since', 'maker-revoked', 'timestamp', 'timestamp-untrusted', 'timestamp-invalid',
] as const;
export type SignatureStep = (typeof signatureSteps)[number];

/** One finding: which step, what it does to the state (`note`: nothing), and an entry name or count for technicians. */
export interface SignatureFinding {
  readonly step: SignatureStep;
  readonly effect: Exclude<SignatureState, 'valid'> | 'note';
  readonly detail?: string;
}

/** The signer, as the certificate says. */
export interface SignatureSigner {
  readonly name: string;
  readonly organisation: string;
  readonly issuer: string;
  /** Upper-case hex. */
  readonly serial: string;
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly certificate: X509Certificate;
}

/** A time stamp over a signature value (RFC 3161, GM/T 0033): who says when, and whether that holds and is trusted. */
export interface SignatureTimestamp {
  /** Epoch ms; null where the token cannot be read. */
  readonly at: number | null;
  readonly authority: string;
  readonly state: 'valid' | 'untrusted' | 'invalid';
}

/** The result for one signature. */
export interface SignatureReport {
  readonly id: string;
  /** The layout of the value: `SES v4`, `GB/T 35275`, `adbe.pkcs7.detached`. */
  readonly kind: string;
  readonly state: SignatureState;
  /** The state without asking who vouches for the certificates, and when they were valid: what the file alone can tell. */
  readonly integrity: SignatureState;
  readonly findings: readonly SignatureFinding[];
  readonly signer: SignatureSigner | null;
  /** Epoch ms; the signer's own claim, unless a time stamp holds and is trusted. */
  readonly signedAt: number | null;
  readonly timestamp: SignatureTimestamp | null;
  readonly seal: { readonly name: string; readonly makerCertificate: X509Certificate | null; readonly picture: SealPicture } | null;
  /** Where the seal stands in an OFD document. */
  readonly places: readonly StampPlace[];
  /** Names of covered and uncovered parts; for PDF byte counts stand in the findings instead. */
  readonly covered: readonly string[];
  readonly notCovered: readonly string[];
}

/** From bad to good: the first effect found is the state. The dates of a certificate that nobody vouches for say nothing. */
const severity: readonly Exclude<SignatureState, 'valid'>[] = ['invalid', 'unverifiable', 'untrusted', 'expired', 'changed-after', 'partial'];

/** The state that findings add up to. */
export function stateOf(findings: readonly SignatureFinding[]): SignatureState {
  return severity.find((effect) => findings.some((finding) => finding.effect === effect)) ?? 'valid';
}

/** The state that findings add up to without those about certificates' issuers and dates. */
export function integrityOf(findings: readonly SignatureFinding[]): SignatureState {
  return stateOf(findings.filter(({ effect }) => effect !== 'untrusted' && effect !== 'expired').filter(({ step }) => step !== 'revoked' && step !== 'maker-revoked'));
}

/** Whether the picture of this signature's seal may be shown as a seal: only what was verified is one. */
export function mayShowSeal(report: SignatureReport): boolean {
  return report.state !== 'invalid' && report.state !== 'unverifiable';
}

/** What a whole file is worth: `none` without signatures, `partly-invalid` when some hold and some do not. */
export type FileSignatureState = 'none' | 'partly-invalid' | 'valid-but-partial' | 'valid-but-modified-after' | Exclude<SignatureState, 'partial' | 'changed-after' | 'expired'>;

/**
 * Sums up the signatures of a file. One made with an expired certificate or seal counts as invalid; what one leaves uncovered
 * does not matter where another that is valid covers all.
 */
export function summariseSignatures(states: readonly SignatureState[]): FileSignatureState {
  if (states.length === 0) return 'none';
  const isBad = (state: SignatureState): boolean => state === 'invalid' || state === 'expired';
  if (states.some(isBad)) return states.every(isBad) ? 'invalid' : 'partly-invalid';
  if (states.includes('unverifiable')) return 'unverifiable';
  if (states.includes('untrusted')) return 'untrusted';
  if (states.includes('changed-after')) return 'valid-but-modified-after';
  return states.includes('partial') && !states.includes('valid') ? 'valid-but-partial' : 'valid';
}
