import { fail, ok, type Result } from '../../domain/failure.ts';
import { type DocumentChoice, openOfdDocument } from '../../ofd/document.ts';
import { openOfdPackage } from '../../ofd/package.ts';
import type { SignatureTrust } from '../../ofd/signer-check.ts';
import { verifyOfdSignatures } from '../../ofd/signature-check.ts';
import { type FileSignatureState, type SignatureReport, type SignatureState, summariseSignatures } from '../../ofd/signature-report.ts';
import { verifyForeignSignature } from './foreign-signature.ts';
import { documentTimestamp, verifyPdfSignatures } from './pdf-signature-check.ts';

/** A file whose signatures are asked for. */
export interface SignedFile {
  readonly bytes: Uint8Array;
  readonly format: 'PDF' | 'OFD';
  /** Of an OFD package: which document and version; the first and the current one when left out. */
  readonly choice?: DocumentChoice;
}

/** The signatures of a file, each by itself and summed up. */
export interface SignatureResult {
  readonly state: FileSignatureState;
  /** The sum without asking who vouches for the certificates. */
  readonly integrity: FileSignatureState;
  readonly signatures: readonly SignatureReport[];
}

/** Verifies the signatures of a certificate file here, asking nobody; `file/damaged` when it cannot be opened. */
export async function checkSignatures({ bytes, format, choice }: SignedFile, deps: Omit<SignatureTrust, 'verifyForeign'>): Promise<Result<SignatureResult>> {
  const trust = { ...deps, verifyForeign: verifyForeignSignature };
  if (format === 'PDF') return ok(sumUp(await verifyPdfSignatures(bytes, trust)));
  const pack = openOfdPackage(bytes);
  if (!pack.ok) return fail('file/damaged', pack.failure.code);
  const document = openOfdDocument(pack.value, choice);
  return document.ok ? ok(sumUp(verifyOfdSignatures(document.value, trust))) : fail('file/damaged', document.failure.code);
}

/** Authorities stamp whatever they are sent: a time stamp that holds makes no file a signed one, and covers nothing that a signature left open. */
function sumUp(signatures: readonly SignatureReport[]): SignatureResult {
  const sum = (read: (report: SignatureReport) => SignatureState): FileSignatureState => {
    const weighed = signatures.filter((report) => report.kind !== documentTimestamp || read(report) !== 'valid').map(read);
    return weighed.length === 0 && signatures.length > 0 ? 'unverifiable' : summariseSignatures(weighed);
  };
  return { state: sum(({ state }) => state), integrity: sum(({ integrity }) => integrity), signatures };
}
