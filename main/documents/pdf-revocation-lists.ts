import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib';
import { parseRevocationList, type RevocationList } from '../../ofd/revocation.ts';
import { inflatesWithinLimits } from './inflation-check.ts';

const mostLists = 100;

/** The lists of revoked certificates that a PDF carries in its document security store (ETSI EN 319 142-1, 5.4.2); each has yet to be verified. Empty when there are none. */
export async function readRevocationLists(file: Uint8Array): Promise<readonly RevocationList[]> {
  if (!Buffer.from(file.buffer, file.byteOffset, file.byteLength).includes('/DSS') || !inflatesWithinLimits(file)) return [];
  try {
    const pdf = await PDFDocument.load(file, { updateMetadata: false, ignoreEncryption: true });
    const store = pdf.catalog.lookup(PDFName.of('DSS'));
    const lists = store instanceof PDFDict ? store.lookup(PDFName.of('CRLs')) : undefined;
    if (!(lists instanceof PDFArray)) return [];
    const streams = lists.asArray().slice(0, mostLists).map((entry) => pdf.context.lookup(entry));
    return streams.flatMap((stream) => (stream instanceof PDFRawStream ? (parseRevocationList(decodePDFRawStream(stream).decode()) ?? []) : []));
  } catch {
    // The library tells everything that is wrong with a file by throwing.
    return [];
  }
}
