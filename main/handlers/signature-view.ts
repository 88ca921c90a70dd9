import type { FileSignatures, SignatureView, TrustAnchorView } from '../../domain/contracts/signature.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { mayShowSeal, type SignatureReport } from '../../ofd/signature-report.ts';
import { printSerial } from '../../ofd/x509-certificate.ts';
import type { CheckedSignatures } from '../desk/certificates.ts';
import type { TrustAnchor } from '../documents/trust-anchors.ts';

const shownPictures = ['png', 'jpg', 'jpeg', 'gif', 'bmp'];
const longestPicture = 300_000;

/** The signatures of a file as the window shows them. */
export function describeSignatures(checked: CheckedSignatures | null): FileSignatures | null {
  return checked === null ? null : { state: checked.state, list: checked.signatures.map(describe) };
}

function describe(report: SignatureReport): SignatureView {
  const { id, kind, state, signer, signedAt, seal, covered, notCovered, findings } = report;
  const picture = seal?.picture;
  const isShown = picture !== undefined && mayShowSeal(report) && shownPictures.includes(picture.type) && picture.bytes.length <= longestPicture;
  return {
    id, kind, state, signedAt,
    signer: signer === null ? null : { name: signer.name, organisation: signer.organisation, issuer: signer.issuer, serial: signer.serial, notBeforeAt: signer.notBefore, notAfterAt: signer.notAfter },
    seal: seal === null ? null : { name: seal.name, type: seal.picture.type, pictureBase64: isShown ? encodeBase64(picture.bytes) : null },
    covered: covered.length,
    notCovered: notCovered.slice(0, 20),
    findings: findings.map(({ step, effect, detail }) => ({ step, isNote: effect === 'note', detail: detail ?? null })),
  };
}

/** A trusted certificate as the window shows it. */
export function describeAnchor({ id, certificate }: TrustAnchor, isOwn: boolean): TrustAnchorView {
  const { subjectName, issuerName, notBefore, notAfter, isAuthority, der } = certificate;
  return {
    id, isAuthority, isOwn,
    name: subjectName.common === '' ? subjectName.text : subjectName.common,
    organisation: subjectName.organisation,
    issuer: issuerName.common === '' ? issuerName.text : issuerName.common,
    serial: printSerial(certificate),
    notBeforeAt: notBefore,
    notAfterAt: notAfter,
    certificateBase64: encodeBase64(der),
  };
}
