import type { FileEntry, InfoEntry, Purpose } from '../../domain/contracts/sharing.ts';
import type { FileVerdict } from '../../domain/contracts/counter.ts';
import { type FailureCode, ok, type Result } from '../../domain/failure.ts';

/** The part of a platform's client that certificate files come through. */
export interface CertificateSource {
  fileById(request: { certificateId: string; purpose: Purpose }): Promise<Result<{ readonly value: FileEntry }>>;
  infoById(request: { certificateId: string; purpose: Purpose }): Promise<Result<{ readonly value: InfoEntry }>>;
  verifyFile(request: { bytes: Uint8Array; format: 'PDF' | 'OFD'; purpose: Purpose }): Promise<Result<{ readonly authentic: boolean }>>;
  download(request: { url: string; claim: { format: 'PDF' | 'OFD'; sm3?: string } }): Promise<Result<CertificateBytes>>;
}

/** A downloaded file that is what it was said to be; `sm3` is lower-case hex. */
export interface CertificateBytes {
  readonly bytes: Uint8Array;
  readonly format: 'PDF' | 'OFD';
  readonly sm3: string;
  readonly digestCompared: boolean;
}

/** A certificate: its file, what the platform says of it, and the data of its face in the order given (YD 12.1.6, 12.1.8, 12.1.10). */
export interface CertificateFile extends CertificateBytes {
  readonly entry: Omit<FileEntry, 'fileUrl' | 'fileSm3'>;
  /** Null where the platform gave none; the file stands without it. */
  readonly info: InfoEntry | null;
  readonly surface: readonly { readonly label: string; readonly value: string }[];
  /** What the platform answered when it was shown the file (12.1.10). */
  readonly platformVerdict: FileVerdict;
}

/** Failures of the way, not of the file: the address works once, so that only a new one can help (wire notes W22). */
const wayFailures: readonly FailureCode[] = ['remote/unreachable', 'remote/timeout', 'remote/http-status'];

/**
 * Fetches one certificate and checks it. After a failure of the way a new address is asked for once; a file with a wrong
 * digest or magic is refused at once and never handed on.
 */
export async function fetchCertificate(input: {
  readonly client: CertificateSource;
  readonly certificateId: string;
  readonly purpose: Purpose;
}): Promise<Result<CertificateFile>> {
  const { client, certificateId, purpose } = input;
  const request = { certificateId, purpose };
  const [first, info] = await Promise.all([fetchFile(client, request), client.infoById(request)]);
  const file = !first.ok && wayFailures.includes(first.failure.code) ? await fetchFile(client, request) : first;
  if (!file.ok) return file;
  const surface = info.ok ? Object.entries(info.value.value.surface).map(([label, value]) => ({ label, value })) : [];
  const platformVerdict = await askPlatform(client, file.value, purpose);
  return ok({ ...file.value, platformVerdict, info: info.ok ? info.value.value : null, surface });
}

/** No answer is not a no: the file is then not verified, and said to be so (wire notes W23). */
async function askPlatform(client: CertificateSource, { bytes, format }: CertificateBytes, purpose: Purpose): Promise<FileVerdict> {
  const answer = await client.verifyFile({ bytes, format, purpose });
  if (!answer.ok) return 'not-verified';
  return answer.value.authentic ? 'authentic' : 'refused';
}

async function fetchFile(
  client: CertificateSource,
  request: { certificateId: string; purpose: Purpose },
): Promise<Result<CertificateBytes & { readonly entry: CertificateFile['entry'] }>> {
  const answer = await client.fileById(request);
  if (!answer.ok) return answer;
  const { fileUrl, fileSm3, ...entry } = answer.value.value;
  const claim = { format: entry.fileFormat, ...(fileSm3 === undefined ? {} : { sm3: fileSm3 }) };
  const file = await client.download({ url: fileUrl, claim });
  return file.ok ? ok({ ...file.value, entry }) : file;
}
