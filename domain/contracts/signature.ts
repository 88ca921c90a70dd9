import * as v from 'valibot';

/** What a signature of a certificate file is worth, as checked here; the words are those of the OFD library. */
export const signatureStates = ['valid', 'partial', 'changed-after', 'untrusted', 'expired', 'invalid', 'unverifiable'] as const;

/** The sum over a file: nothing signed, or the worst that matters. */
export const fileSignatureStates = ['none', 'partly-invalid', 'valid-but-partial', 'valid-but-modified-after', 'valid', 'untrusted', 'invalid', 'unverifiable'] as const;

/** The steps of verification that can fail or leave a remark. */
export const signatureStepIds = [
  'file-missing', 'structure', 'reference-missing', 'reference-digest', 'digest-method', 'weak-digest', 'data-hash', 'signature-value',
  'seal-differs', 'signer-not-in-seal', 'seal-maker', 'seal-validity', 'signer-validity', 'maker-validity', 'key-usage', 'time-missing',
  'issuer-unknown', 'issuer-forged', 'issuer-unfit', 'maker-untrusted', 'certificate-missing', 'key-unsupported', 'not-covered',
  'properties-not-covered', 'byte-range', 'changed-after', 'encrypted', 'time-claimed', 'expired-since', 'revocation-unchecked', 'signed-again',
  'revocation-checked', 'revoked', 'revoked-since', 'maker-revoked', 'timestamp', 'timestamp-untrusted', 'timestamp-invalid',
] as const;

const at = v.number();

/** One signature of a file, for showing. */
export const SignatureSchema = v.object({
  id: v.string(),
  kind: v.string(),
  state: v.picklist(signatureStates),
  signer: v.nullable(v.object({ name: v.string(), organisation: v.string(), issuer: v.string(), serial: v.string(), notBeforeAt: at, notAfterAt: at })),
  /** The signer's own claim. */
  signedAt: v.nullable(at),
  /** The seal by name; its picture (PNG, JPEG, GIF) in BASE64 only where the signature holds. */
  seal: v.nullable(v.object({ name: v.string(), type: v.string(), pictureBase64: v.nullable(v.string()) })),
  covered: v.number(),
  notCovered: v.array(v.string()),
  findings: v.array(v.object({ step: v.picklist(signatureStepIds), isNote: v.boolean(), detail: v.nullable(v.string()) })),
});
export type SignatureView = v.InferOutput<typeof SignatureSchema>;

/** The signatures of a file; null in the document when it could not be read for them. */
export const FileSignaturesSchema = v.object({ state: v.picklist(fileSignatureStates), list: v.array(SignatureSchema) });
export type FileSignatures = v.InferOutput<typeof FileSignaturesSchema>;

/** A certificate that is trusted here; `isOwn`: the organisation's own, which signs its copies. */
export const TrustAnchorSchema = v.object({
  /** SM3 of the certificate, hex. */
  id: v.string(),
  name: v.string(),
  organisation: v.string(),
  issuer: v.string(),
  serial: v.string(),
  notBeforeAt: at,
  notAfterAt: at,
  isAuthority: v.boolean(),
  isOwn: v.boolean(),
  certificateBase64: v.string(),
});
export type TrustAnchorView = v.InferOutput<typeof TrustAnchorSchema>;
