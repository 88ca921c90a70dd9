import { equalBytes } from '../domain/crypto/bytes.ts';
import { decodeBase64 } from '../domain/crypto/base64.ts';
import { computeDigest, isWeakDigest } from './digest.ts';
import { latin1 } from './der-tree.ts';
import { type SignatureFinding, type SignatureTimestamp, stateOf } from './signature-report.ts';
import { checkSignatureValue } from './signature-value.ts';
import { checkSigner, describeSigner, type SignatureTrust } from './signer-check.ts';
import { type CmsSigner, findSignerCertificate, parseSignedData, type SignedData } from './signed-data.ts';
import { readTimestampInfo } from './timestamp-info.ts';
import type { X509Certificate } from './x509-certificate.ts';

/** What a CMS signature tells beside its findings. */
export interface CmsCheck {
  readonly findings: readonly SignatureFinding[];
  readonly signer: X509Certificate | null;
  readonly signedAt: number | null;
  readonly timestamp: SignatureTimestamp | null;
}

/**
 * Verifies the first signer of a CMS message over `data` (detached), in every form met: signed attributes, the bare data, or
 * an enclosed content that is the data or its digest. `claimedAt` serves when the message states no time of its own.
 */
export function checkSignedData(
  cms: SignedData,
  { data, claimedAt }: { readonly data: Uint8Array; readonly claimedAt: number | null },
  trust: SignatureTrust,
): CmsCheck {
  const signer = cms.signers[0];
  if (signer === undefined || cms.signers.length > 1) return nothing('structure');
  const certificate = findSignerCertificate(cms, signer);
  const lists = [...(trust.revocationLists ?? []), ...cms.revocationLists];
  const timestamp = signer.timestamp === null ? null : checkTimestamp(signer.timestamp, [signer.signature], { ...trust, revocationLists: lists });
  const isStamped = timestamp?.state === 'valid';
  const signedAt = isStamped ? timestamp.at : (signer.attributes?.signingTime ?? claimedAt);
  const digest = computeDigest(signer.digest, data);
  if (digest === null) return { findings: [{ step: 'digest-method', effect: 'unverifiable', detail: signer.digest }], signer: certificate, signedAt, timestamp };
  const findings: SignatureFinding[] = isWeakDigest(signer.digest) ? [{ step: 'weak-digest', effect: 'note', detail: signer.digest }] : [];
  const message = findMessage(cms, signer, { data, digest });
  if (message === null) findings.push({ step: 'data-hash', effect: 'invalid' });
  if (!isOfOneType(cms, signer)) findings.push({ step: 'structure', effect: 'invalid', detail: 'content type' });
  if (certificate === null) return { findings: [...findings, { step: 'certificate-missing', effect: 'unverifiable' }], signer: null, signedAt, timestamp };
  const { algorithm, signature } = signer;
  const key = certificate.publicKey;
  if (key.sm2 !== null && !sm2Algorithms.includes(algorithm)) findings.push({ step: 'structure', effect: 'invalid', detail: algorithm });
  const isGood = message === null ? false : checkSignatureValue({ key, algorithm, digest: signer.digest, message, signature }, trust.verifyForeign);
  if (isGood === null) findings.push({ step: 'key-unsupported', effect: 'unverifiable', detail: algorithm });
  else if (!isGood && message !== null) findings.push({ step: 'signature-value', effect: 'invalid' });
  findings.push(...describeTimestamp(timestamp));
  findings.push(...checkSigner({ certificate, others: cms.certificates, signedAt, isStamped }, { ...trust, revocationLists: lists }));
  return { findings, signer: certificate, signedAt, timestamp };
}

/**
 * Verifies a time stamp token over any one of `stamped` (the signature value, as writers differ in how they encode it): its own signature, its
 * digest, that its key is for time stamps, and who vouches for it at the time that it states.
 */
export function checkTimestamp(token: Uint8Array, stamped: readonly Uint8Array[], trust: SignatureTrust): SignatureTimestamp {
  const cms = parseSignedData(token);
  const info = cms === null ? null : readTimestampInfo(cms);
  if (cms === null || info === null || cms.content === null) return { at: null, authority: '', state: 'invalid' };
  // A time stamp on a time stamp proves nothing more here, and could go on for ever.
  const plain = { ...cms, signers: cms.signers.map((signer) => ({ ...signer, timestamp: null, attributes: signer.attributes === null ? null : { ...signer.attributes, signingTime: info.at } })) };
  const { findings, signer } = checkSignedData(plain, { data: cms.content, claimedAt: info.at }, trust);
  const authority = signer === null ? '' : describeSigner(signer).name;
  const isOver = stamped.some((bytes) => {
    const digest = computeDigest(info.digest, bytes);
    return digest !== null && equalBytes(digest, info.imprint);
  });
  const state = stateOf(findings);
  if (!isOver || isWeakDigest(info.digest) || signer?.extendedUsage?.has(timestampingId) !== true) return { at: info.at, authority, state: 'invalid' };
  return { at: info.at, authority, state: state === 'valid' ? 'valid' : state === 'untrusted' ? 'untrusted' : 'invalid' };
}

const timestampingId = '1.3.6.1.5.5.7.3.8';

/** A time stamp in words: one that does not hold leaves the time a claim. */
export function describeTimestamp(timestamp: SignatureTimestamp | null): SignatureFinding[] {
  if (timestamp === null) return [];
  const detail = [timestamp.authority, timestamp.at === null ? '' : new Date(timestamp.at).toISOString()].filter((part) => part !== '').join(', ');
  const step = timestamp.state === 'valid' ? 'timestamp' : timestamp.state === 'untrusted' ? 'timestamp-untrusted' : 'timestamp-invalid';
  return [{ step, effect: 'note', ...(detail === '' ? {} : { detail }) }];
}

/** SM2 signing as the profiles name it: the algorithm, the algorithm with SM3, or the kind of key. */
const sm2Algorithms = ['1.2.156.10197.1.301', '1.2.156.10197.1.301.1', '1.2.156.10197.1.501', '1.2.840.10045.2.1'];

/** "Data", in either dialect; signers mix the two within one message. Other types are signed as themselves. */
const dataTypes = ['1.2.840.113549.1.7.1', '1.2.156.10197.6.1.4.2.1'];

function isOfOneType({ contentType }: SignedData, { attributes }: CmsSigner): boolean {
  const stated = attributes?.contentType ?? contentType;
  return dataTypes.includes(contentType) ? dataTypes.includes(stated) : attributes !== null && stated === contentType;
}

function nothing(step: 'structure'): CmsCheck {
  return { findings: [{ step, effect: 'unverifiable' }], signer: null, signedAt: null, timestamp: null };
}

/** The bytes that the signature value is over, once they are known to stand for the data; null when they do not. */
function findMessage(cms: SignedData, signer: CmsSigner, { data, digest }: { data: Uint8Array; digest: Uint8Array }): Uint8Array | null {
  const { attributes } = signer;
  const { content } = cms;
  const isBound = content === null || standsFor(content, data, digest);
  if (attributes === null) return isBound ? (content ?? data) : null;
  if (attributes.messageDigest === null || attributes.contentType === null) return null;
  // With attributes the digest is of the content where there is one, else of the data.
  const over = content === null ? digest : computeDigest(signer.digest, content);
  return isBound && over !== null && equalBytes(attributes.messageDigest, over) ? attributes.encoded : null;
}

function standsFor(content: Uint8Array, data: Uint8Array, digest: Uint8Array): boolean {
  if (equalBytes(content, data) || equalBytes(content, digest)) return true;
  // Some writers print the digest in base64 first.
  const printed = content.length <= 100 ? decodeBase64(latin1(content)) : null;
  return printed !== null && equalBytes(printed, digest);
}
