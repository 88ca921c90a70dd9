import { parseSealSignature } from '../../ofd/electronic-seal.ts';
import { checkSealSignature } from '../../ofd/seal-check.ts';
import { integrityOf, type SignatureFinding, type SignatureReport, stateOf } from '../../ofd/signature-report.ts';
import { checkSignedData, checkTimestamp, describeTimestamp } from '../../ofd/signed-data-check.ts';
import { findSignerCertificate, parseSignedData } from '../../ofd/signed-data.ts';
import { describeSigner, type SignatureTrust } from '../../ofd/signer-check.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { findPdfSignatures, parsePdfDate, type PdfSignatureRange } from './pdf-signature-range.ts';
import { readRevocationLists } from './pdf-revocation-lists.ts';
import { compareRevisions } from './revision-comparison.ts';

/** The kind of a time stamp that stands in a signature's place: it says when the file was there, and of nobody that they answer for it. */
export const documentTimestamp = 'ETSI.RFC3161';

/**
 * Verifies every signature of a PDF, in file order: byte range, value (CMS with RSA, EC, Edwards or SM2; GM.sm2cms.detached;
 * GM.sm2seal), signer, times, issuers, and what the file gained after each. An empty list: no signature.
 */
export async function verifyPdfSignatures(file: Uint8Array, anchored: SignatureTrust): Promise<readonly SignatureReport[]> {
  const ranges = findPdfSignatures(file);
  if (ranges.length === 0) return [];
  const trust = { ...anchored, revocationLists: [...(anchored.revocationLists ?? []), ...(await readRevocationLists(file))] };
  const values = ranges.map((range) => checkValue(range, trust));
  const reports: SignatureReport[] = [];
  for (const [i, range] of ranges.entries()) {
    const value = values[i];
    if (value === undefined) continue;
    const isSound = (findings: readonly SignatureFinding[]): boolean => integrityOf(findings) === 'valid';
    // A later signature over the whole file answers for what was added before it.
    const isSignedAgain = ranges.some((later, k) => k > i && later.subFilter !== documentTimestamp && isWhole(file, later) && isSound(values[k]?.findings ?? [{ step: 'structure', effect: 'invalid' }]));
    const findings = [...value.findings, ...(isSound(value.findings) ? await checkExtent(file, range, isSignedAgain) : [])];
    reports.push({ ...value, id: String(i + 1), findings, state: stateOf(findings), integrity: integrityOf(findings), places: [], covered: [], notCovered: [] });
  }
  return reports;
}

type ValueCheck = Pick<SignatureReport, 'kind' | 'findings' | 'signer' | 'signedAt' | 'timestamp' | 'seal'>;

function checkValue({ data, value, fault, subFilter, date }: PdfSignatureRange, trust: SignatureTrust): ValueCheck {
  const claimedAt = parsePdfDate(date);
  const empty = { kind: subFilter, signer: null, signedAt: claimedAt, timestamp: null, seal: null };
  if (data === null || value === null) return { ...empty, findings: [{ step: 'byte-range', effect: 'invalid', detail: fault ?? '' }] };
  if (subFilter === documentTimestamp) return { ...empty, ...checkDocumentTimestamp(value, data, trust) };
  const cms = parseSignedData(value);
  if (cms !== null) {
    const { findings, signer, signedAt, timestamp } = checkSignedData(cms, { data, claimedAt }, trust);
    return { ...empty, findings, signer: signer === null ? null : describeSigner(signer), signedAt, timestamp };
  }
  const ses = parseSealSignature(value);
  if (ses === null) return { ...empty, findings: [{ step: 'structure', effect: 'invalid', detail: 'Contents' }] };
  const { findings, signer, maker, signedAt, timestamp } = checkSealSignature({ ...ses, signedAt: ses.signedAt ?? claimedAt }, sm3(data), trust);
  return {
    kind: `${subFilter} SES ${ses.version}`,
    findings,
    signer: signer === null ? null : describeSigner(signer),
    signedAt,
    timestamp,
    seal: { name: ses.seal.name, makerCertificate: maker, picture: ses.seal.picture },
  };
}

/** A time stamp over the whole file in a signature's place (ISO 32000-2, 12.8.5): its authority is the signer. */
function checkDocumentTimestamp(value: Uint8Array, data: Uint8Array, trust: SignatureTrust): Pick<SignatureReport, 'findings' | 'signer' | 'signedAt' | 'timestamp'> {
  const timestamp = checkTimestamp(value, [data], trust);
  const cms = parseSignedData(value);
  const authority = cms?.signers[0] === undefined ? null : findSignerCertificate(cms, cms.signers[0]);
  const effect = timestamp.state === 'valid' ? 'note' : timestamp.state;
  const findings = describeTimestamp(timestamp).map((finding): SignatureFinding => ({ ...finding, effect }));
  return { findings, signer: authority === null ? null : describeSigner(authority), signedAt: timestamp.at, timestamp };
}

function isWhole(file: Uint8Array, { extent }: PdfSignatureRange): boolean {
  return file.subarray(extent).every((byte) => byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09 || byte === 0);
}

async function checkExtent(file: Uint8Array, range: PdfSignatureRange, isSignedAgain: boolean): Promise<readonly SignatureFinding[]> {
  if (isWhole(file, range)) return [];
  const detail = String(file.length - range.extent);
  // Not the end of a revision: what follows was never meant to be covered.
  if (!/%%EOF\s*$/.test(Buffer.from(file.subarray(Math.max(0, range.extent - 16), range.extent)).toString('latin1'))) return [{ step: 'not-covered', effect: 'partial', detail }];
  const difference = await compareRevisions(file.subarray(0, range.extent), file);
  if (difference !== 'same') return [{ step: 'changed-after', effect: 'changed-after', detail }];
  return [isSignedAgain ? { step: 'signed-again', effect: 'note', detail } : { step: 'not-covered', effect: 'partial', detail }];
}
