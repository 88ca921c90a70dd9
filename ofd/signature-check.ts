import { equalBytes } from '../domain/crypto/bytes.ts';
import { decodeBase64 } from '../domain/crypto/base64.ts';
import { sm3 } from '../domain/crypto/sm3.ts';
import { computeDigest, isWeakDigest } from './digest.ts';
import { findDisplayedFiles } from './displayed-files.ts';
import { parseTimeDigits } from './der-tree.ts';
import type { OfdDocument } from './document.ts';
import { parseSealSignature, type SealSignature } from './electronic-seal.ts';
import type { OfdPackage } from './package.ts';
import { checkSealSignature } from './seal-check.ts';
import { integrityOf, type SignatureFinding, type SignatureReport, stateOf } from './signature-report.ts';
import { readSm2Value } from './signature-value.ts';
import { checkSignedData } from './signed-data-check.ts';
import { parseSignedData } from './signed-data.ts';
import { listSignatures, type SignatureDescription } from './signatures.ts';
import { describeSigner, type SignatureTrust } from './signer-check.ts';
import { childrenOf, textOf } from './xml.ts';

/**
 * Verifies every signature of a document (GB/T 33190 clause 18; GB/T 38540, GM/T 0031, GB/T 35275), in the order in which they
 * are listed: digests, value over the original bytes, seal, signer, times, issuers, and whether all that is drawn is covered.
 * Nothing is asked of any network. An empty list: the document names no signature.
 */
export function verifyOfdSignatures(document: OfdDocument, trust: SignatureTrust): readonly SignatureReport[] {
  if (isListMissing(document)) return [report('', '', [{ step: 'file-missing', effect: 'unverifiable', detail: 'Signatures' }])];
  const signatures = listSignatures(document);
  if (signatures.length === 0) return [];
  const displayed = findDisplayedFiles(document);
  return signatures.map((signature) => verifyOne({ document, trust, displayed, signature }));
}

/** OFD.xml names a list of signatures that is not in the package. */
function isListMissing(document: OfdDocument): boolean {
  const root = document.readXml(document.package.find('OFD.xml') ?? '');
  return document.lists.signatures === null && root.ok && childrenOf(root.value, 'DocBody').some((body) => textOf(body, 'Signatures') !== null);
}

interface Work {
  readonly document: OfdDocument;
  readonly trust: SignatureTrust;
  readonly displayed: ReadonlySet<string>;
  readonly signature: SignatureDescription;
}

function verifyOne({ document, trust, displayed, signature }: Work): SignatureReport {
  const { id, entry, stamps } = signature;
  const pack = document.package;
  const xml = pack.read(entry);
  if (!xml.ok) return report(id, '', [{ step: 'file-missing', effect: 'unverifiable', detail: entry }]);
  const { covered, findings } = checkReferences(pack, signature);
  const value = checkValue({ pack, signature, xml: xml.value, trust });
  const named = new Set(signature.references.map((reference) => reference.entry));
  const notCovered = [...displayed].filter((name) => !named.has(name));
  return {
    ...report(id, value.kind, [...findings, ...value.findings, ...describeCoverage(notCovered)]),
    signer: value.signer,
    signedAt: value.signedAt,
    timestamp: value.timestamp,
    seal: value.seal,
    places: stamps,
    covered: [...covered],
    notCovered,
  };
}

function report(id: string, kind: string, findings: readonly SignatureFinding[]): SignatureReport {
  const base = { signer: null, signedAt: null, timestamp: null, seal: null, places: [], covered: [], notCovered: [] };
  return { ...base, id, kind, state: stateOf(findings), integrity: integrityOf(findings), findings };
}

/**
 * OFD.xml draws nothing itself: what it leads to is looked at by its own right, and a later signature has to change it. Left
 * uncovered, only the properties of the document are anybody's.
 */
function describeCoverage(notCovered: readonly string[]): SignatureFinding[] {
  const drawn = notCovered.filter((name) => name.toLowerCase() !== 'ofd.xml');
  if (drawn.length > 0) return [{ step: 'not-covered', effect: 'partial', detail: String(drawn.length) }];
  return notCovered.length > 0 ? [{ step: 'properties-not-covered', effect: 'note' }] : [];
}

function checkReferences(pack: OfdPackage, signature: SignatureDescription): { findings: SignatureFinding[]; covered: Set<string> } {
  // The schema's own default (GB/T 33190 table 71).
  const checkMethod = signature.checkMethod ?? 'MD5';
  const findings: SignatureFinding[] = isWeakDigest(checkMethod) ? [{ step: 'weak-digest', effect: 'note', detail: checkMethod }] : [];
  const covered = new Set<string>();
  if (signature.references.length === 0) findings.push({ step: 'structure', effect: 'invalid', detail: 'References' });
  for (const { fileRef, entry, checkValue } of signature.references) {
    const bytes = entry === null ? null : pack.read(entry);
    if (entry === null || bytes?.ok !== true) {
      findings.push({ step: 'reference-missing', effect: 'invalid', detail: fileRef });
      continue;
    }
    const digest = computeDigest(checkMethod, bytes.value);
    if (digest === null) return { findings: [...findings, { step: 'digest-method', effect: 'unverifiable', detail: checkMethod }], covered };
    const stated = decodeBase64(checkValue.replace(/\s/g, ''));
    if (stated === null || !equalBytes(digest, stated)) findings.push({ step: 'reference-digest', effect: 'invalid', detail: entry });
    else covered.add(entry);
  }
  return { findings, covered };
}

type ValueCheck = Pick<SignatureReport, 'kind' | 'findings' | 'signer' | 'signedAt' | 'timestamp' | 'seal'>;

interface ValueWork {
  readonly pack: OfdPackage;
  readonly signature: SignatureDescription;
  /** Signature.xml exactly as stored. */
  readonly xml: Uint8Array;
  readonly trust: SignatureTrust;
}

/** The shape of the value decides, not the type that the list states. */
function checkValue(work: ValueWork): ValueCheck {
  const { pack, signature, xml, trust } = work;
  const claimedAt = parseTimeDigits((signature.dateTime ?? '').replace(/[- :TZ]/g, ''));
  const empty = { kind: '', signer: null, signedAt: claimedAt, timestamp: null, seal: null };
  const value = signature.valueEntry === null ? null : pack.read(signature.valueEntry);
  if (value?.ok !== true) return { ...empty, findings: [{ step: 'file-missing', effect: 'invalid', detail: 'SignedValue' }] };
  const ses = parseSealSignature(value.value);
  if (ses !== null) return checkSeal(work, { ...ses, signedAt: ses.signedAt ?? claimedAt });
  const cms = parseSignedData(value.value);
  if (cms !== null) {
    const { findings, signer, signedAt, timestamp } = checkSignedData(cms, { data: xml, claimedAt }, trust);
    return { kind: 'GB/T 35275', findings, signer: signer === null ? null : describeSigner(signer), signedAt, timestamp, seal: null };
  }
  if (readSm2Value(value.value) !== null) return { ...empty, kind: 'SM2', findings: [{ step: 'certificate-missing', effect: 'unverifiable' }] };
  return { ...empty, findings: [{ step: 'structure', effect: 'invalid', detail: 'SignedValue' }] };
}

function checkSeal({ pack, signature, xml, trust }: ValueWork, ses: SealSignature): ValueCheck {
  const { findings, signer, maker, signedAt, timestamp } = checkSealSignature(ses, sm3(xml), trust);
  const file = signature.sealEntry === null ? null : pack.read(signature.sealEntry);
  const differs = signature.sealLocation !== null && (file?.ok !== true || !equalBytes(file.value, ses.seal.der));
  return {
    kind: `SES ${ses.version}`,
    findings: differs ? [{ step: 'seal-differs', effect: 'invalid' }, ...findings] : findings,
    signer: signer === null ? null : describeSigner(signer),
    signedAt,
    timestamp,
    seal: { name: ses.seal.name, makerCertificate: maker, picture: ses.seal.picture },
  };
}
