import { equalBytes } from '../domain/crypto/bytes.ts';
import { sm3 } from '../domain/crypto/sm3.ts';
import type { ElectronicSeal, SealSignature } from './electronic-seal.ts';
import type { SignatureFinding, SignatureTimestamp } from './signature-report.ts';
import { checkSignatureValue } from './signature-value.ts';
import { checkTimestamp, describeTimestamp } from './signed-data-check.ts';
import { checkSealMaker, checkSigner, type SignatureTrust } from './signer-check.ts';
import { parseCertificate, type X509Certificate } from './x509-certificate.ts';

/** What a seal signature tells beside its findings. */
export interface SealCheck {
  readonly findings: readonly SignatureFinding[];
  readonly signer: X509Certificate | null;
  readonly maker: X509Certificate | null;
  /** The stamped time where a time stamp holds and is trusted, else the signer's claim. */
  readonly signedAt: number | null;
  readonly timestamp: SignatureTimestamp | null;
}

/**
 * Verifies a seal signature (GB/T 38540, GM/T 0031) over the digest of what it protects: data digest, value, the signer in the
 * seal's list, the maker's signature, times, issuers. The value is checked over the original bytes.
 */
export function checkSealSignature(ses: SealSignature, digest: Uint8Array, trust: SignatureTrust): SealCheck {
  const findings: SignatureFinding[] = [];
  if (!equalBytes(ses.dataHash, digest)) findings.push({ step: 'data-hash', effect: 'invalid' });
  const signer = parseCertificate(ses.certificate);
  const maker = parseCertificate(ses.seal.maker.certificate);
  const timestamp = ses.timestamp === null ? null : checkTimestamp(ses.timestamp, [ses.signature, ses.encodedSignature], trust);
  const isStamped = timestamp?.state === 'valid';
  const signedAt = isStamped ? timestamp.at : ses.signedAt;
  if (signer === null) return { findings: [...findings, { step: 'certificate-missing', effect: 'unverifiable' }], signer, maker, signedAt, timestamp };
  findings.push(...checkValue(ses, signer, trust));
  if (!isListed(ses.seal, ses.certificate)) findings.push({ step: 'signer-not-in-seal', effect: 'invalid' });
  findings.push(...checkMaker({ ...ses, signedAt }, { maker, isStamped }, trust));
  const { seal } = ses;
  if (signedAt !== null && (signedAt < seal.validFrom || signedAt > seal.validTo)) findings.push({ step: 'seal-validity', effect: 'expired' });
  findings.push(...describeTimestamp(timestamp));
  findings.push(...checkSigner({ certificate: signer, others: [], signedAt, isStamped }, trust));
  return { findings: sumUpRevocation(findings), signer, maker, signedAt, timestamp };
}

/** Checked is what was checked for signer and maker. */
function sumUpRevocation(findings: readonly SignatureFinding[]): readonly SignatureFinding[] {
  const isChecked = findings.every(({ step }) => step !== 'revocation-unchecked');
  const others = findings.filter(({ step }) => step !== 'revocation-unchecked' && (isChecked || step !== 'revocation-checked'));
  return isChecked ? others : [...others, { step: 'revocation-unchecked', effect: 'note' }];
}

function checkValue({ algorithm, toBeSigned: message, signature }: SealSignature, signer: X509Certificate, trust: SignatureTrust): SignatureFinding[] {
  const isGood = checkSignatureValue({ key: signer.publicKey, algorithm, digest: null, message, signature }, trust.verifyForeign);
  if (isGood === null) return [{ step: 'key-unsupported', effect: 'unverifiable', detail: signer.publicKey.algorithm }];
  return isGood ? [] : [{ step: 'signature-value', effect: 'invalid' }];
}

function isListed(seal: ElectronicSeal, certificate: Uint8Array): boolean {
  const wanted = seal.signerList === 'digests' ? sm3(certificate) : certificate;
  return seal.signers.some((listed) => equalBytes(listed, wanted));
}

interface Maker {
  readonly maker: X509Certificate | null;
  readonly isStamped: boolean;
}

function checkMaker({ seal, signedAt }: SealSignature, { maker, isStamped }: Maker, trust: SignatureTrust): SignatureFinding[] {
  if (maker === null) return [{ step: 'seal-maker', effect: 'invalid', detail: 'certificate' }];
  const { algorithm, signature, signed: message } = seal.maker;
  const isGood = checkSignatureValue({ key: maker.publicKey, algorithm, digest: null, message, signature }, trust.verifyForeign);
  if (isGood !== true) return [{ step: 'seal-maker', effect: isGood === null ? 'unverifiable' : 'invalid' }];
  return checkSealMaker({ certificate: maker, others: [], signedAt, isStamped }, trust);
}
