import { type ChainResult, findChain, type TrustAnchors } from './certificate-trust.ts';
import { findRevocation, type RevocationList } from './revocation.ts';
import type { SignatureFinding, SignatureSigner } from './signature-report.ts';
import type { VerifyForeign } from './signature-value.ts';
import { printSerial, type X509Certificate } from './x509-certificate.ts';

/** What every verification asks of its surroundings. */
export interface SignatureTrust {
  readonly anchors: TrustAnchors;
  /** Epoch ms now, for what has expired since. */
  readonly now: number;
  readonly verifyForeign: VerifyForeign;
  /** Lists of revoked certificates that an administrator imported, or that came with the file. */
  readonly revocationLists?: readonly RevocationList[];
}

/** A certificate's part in a signature. */
export interface SignerQuestion {
  readonly certificate: X509Certificate;
  readonly others: readonly X509Certificate[];
  /** Epoch ms of signing, or null when it is not known. */
  readonly signedAt: number | null;
  /** Whether a time stamp that holds says so, not the signer alone. */
  readonly isStamped?: boolean;
}

/** Whether a certificate was valid at the time of signing, may sign, and leads to an anchor (steps 7 and 8 of verification). */
export function checkSigner(question: SignerQuestion, trust: SignatureTrust): SignatureFinding[] {
  const { certificate, signedAt } = question;
  const findings: SignatureFinding[] = [];
  if (signedAt === null) findings.push({ step: 'time-missing', effect: 'unverifiable' });
  else if (isOutside(certificate, signedAt)) findings.push({ step: 'signer-validity', effect: 'expired' });
  else if (question.isStamped !== true) findings.push({ step: 'time-claimed', effect: 'note' });
  if (!mayStand(certificate)) findings.push({ step: 'key-usage', effect: 'invalid' });
  const chain = findChain({ ...question, anchors: trust.anchors, at: signedAt ?? trust.now, verifyForeign: trust.verifyForeign });
  findings.push(...describeChain(chain, question, trust));
  if (trust.now > certificate.notAfter) findings.push({ step: 'expired-since', effect: 'note', detail: new Date(certificate.notAfter).toISOString() });
  return findings;
}

/** The same for the maker of a seal: whose seal it is is worth no more than who made it. */
export function checkSealMaker(question: SignerQuestion, trust: SignatureTrust): SignatureFinding[] {
  const { certificate, signedAt } = question;
  const findings: SignatureFinding[] = [];
  if (signedAt !== null && isOutside(certificate, signedAt)) findings.push({ step: 'maker-validity', effect: 'expired' });
  const chain = findChain({ ...question, anchors: trust.anchors, at: signedAt ?? trust.now, verifyForeign: trust.verifyForeign });
  if (!chain.trusted) return [...findings, { step: 'maker-untrusted', effect: 'untrusted', detail: certificate.subjectName.common }];
  // Whom an administrator named by this very certificate, nobody else can take back.
  if (chain.path.length > 1) findings.push(...describeMakerRevocation(describeRevocation(chain.path, question, trust)));
  return findings;
}

/** Nothing to say of a maker who was looked up: the signer's own finding speaks for both. */
function describeMakerRevocation(finding: SignatureFinding): SignatureFinding[] {
  if (finding.step === 'revocation-checked') return [];
  return [finding.step === 'revocation-unchecked' ? finding : { ...finding, step: 'maker-revoked' }];
}

/** The signer in words, from the certificate. */
export function describeSigner(certificate: X509Certificate): SignatureSigner {
  const { subjectName, issuerName, notBefore, notAfter } = certificate;
  return {
    name: subjectName.common === '' ? subjectName.text : subjectName.common,
    organisation: subjectName.organisation,
    issuer: issuerName.common === '' ? issuerName.text : issuerName.common,
    serial: printSerial(certificate),
    notBefore, notAfter, certificate,
  };
}

function describeChain(chain: ChainResult, question: SignerQuestion, trust: SignatureTrust): SignatureFinding[] {
  if (chain.trusted) return [describeRevocation(chain.path, question, trust)];
  if (chain.why === 'forged-issuer') return [{ step: 'issuer-forged', effect: 'untrusted' }];
  return [{ step: chain.why === 'unknown-issuer' ? 'issuer-unknown' : 'issuer-unfit', effect: 'untrusted', detail: chain.why }];
}

/** Lists are not fetched: the counter asks no third party about a certificate at hand. Only a time stamp shows that a signature is older than the revocation. */
function describeRevocation(path: readonly X509Certificate[], { signedAt, isStamped }: SignerQuestion, { revocationLists, now, verifyForeign }: SignatureTrust): SignatureFinding {
  const answer = findRevocation({ path, lists: revocationLists ?? [], at: signedAt ?? now, verifyForeign });
  if (answer.state === 'unknown') return { step: 'revocation-unchecked', effect: 'note' };
  if (answer.state === 'good') return { step: 'revocation-checked', effect: 'note', detail: new Date(answer.asOf).toISOString() };
  const isLater = isStamped === true && signedAt !== null && signedAt < answer.at;
  return { step: isLater ? 'revoked-since' : 'revoked', effect: isLater ? 'note' : 'invalid', detail: new Date(answer.at).toISOString() };
}

function isOutside({ notBefore, notAfter }: X509Certificate, at: number): boolean {
  return at < notBefore || at > notAfter;
}

function mayStand({ keyUsage }: X509Certificate): boolean {
  return keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
}
