import type { SignatureState, SignatureStep } from '../../ofd/signature-report.ts';

/** What a signature is worth, for the command line. */
export const stateWords: Readonly<Record<SignatureState, string>> = {
  valid: 'valid',
  partial: 'valid, but parts of what is shown are not covered',
  'changed-after': 'valid, but the file was changed after signing',
  untrusted: 'holds, but nobody here vouches for the signer',
  expired: 'made outside the validity of a certificate or seal',
  invalid: 'NOT valid',
  unverifiable: 'cannot be verified',
};

/** Each step of verification, worded for when it fails or has a remark. */
export const stepWords: Readonly<Record<SignatureStep, string>> = {
  'file-missing': 'a file that belongs to the signature is missing',
  structure: 'the signature is not of a known form',
  'reference-missing': 'a protected file is missing',
  'reference-digest': 'a protected file was changed',
  'digest-method': 'the digest method is not known',
  'weak-digest': 'the digest method is weak',
  'data-hash': 'the signed data was changed',
  'signature-value': 'the signature value is wrong',
  'seal-differs': 'the seal file is not the seal that was used',
  'signer-not-in-seal': 'the signer may not use this seal',
  'seal-maker': 'the seal is not by the maker that it names',
  'seal-validity': 'the seal was not valid at the time of signing',
  'signer-validity': "the signer's certificate was not valid at the time of signing",
  'maker-validity': "the seal maker's certificate was not valid at the time of signing",
  'key-usage': 'the certificate is not for signing',
  'time-missing': 'no time of signing is stated',
  'issuer-unknown': "the issuer of the signer's certificate is not among the trusted ones",
  'issuer-forged': "the certificate bears a trusted issuer's name, but not its signature",
  'issuer-unfit': 'a certificate on the way to the trusted issuer does not fit',
  'maker-untrusted': 'nobody here vouches for the maker of the seal',
  'certificate-missing': "the signer's certificate is not in the signature",
  'key-unsupported': 'this kind of key cannot be checked here',
  'not-covered': 'parts of what is shown are not covered',
  'properties-not-covered': "the document's properties are not covered",
  'byte-range': 'the byte range of the signature breaks the rules',
  'changed-after': 'the file was changed after signing',
  encrypted: 'the file is encrypted',
  'time-claimed': "the time is the signer's own claim",
  'expired-since': 'the certificate has expired since',
  'revocation-unchecked': 'revocation was not checked',
  'signed-again': 'the file was signed again later',
};
