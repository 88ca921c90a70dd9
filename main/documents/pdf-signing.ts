import { encodeHex } from '../../domain/crypto/hex.ts';
import { createSm3 } from '../../domain/crypto/sm3.ts';
import { parseCertificate } from '../../ofd/x509-certificate.ts';
import { writeDer, writeInteger, writeObjectId, writeOctets, writeSequence, writeSet, writeTime } from './der-writing.ts';
import { type OrganisationSigner, sm2WithSm3 } from './organisation-certificate.ts';

/** A PDF that ends with an incremental update holding an empty signature, ready to be signed. */
export interface PreparedPdf {
  readonly bytes: Uint8Array;
  /** Where the hexadecimal string of /Contents lies, brackets included. */
  readonly gap: { readonly from: number; readonly to: number };
  /** SM3 of everything but the gap. */
  readonly digest: Uint8Array;
}

/** What the signature says about itself, and the objects of the file that it is hung into. */
export interface SignatureTexts {
  readonly name: string;
  readonly reason: string;
  /** Epoch ms. */
  readonly at: number;
}

/** Objects of the file, by number, and its trailer's entries as they are printed. */
export interface PdfAnchors {
  readonly nextObject: number;
  readonly field: number;
  /** The field's dictionary as printed, without its brackets. */
  readonly fieldEntries: string;
  /** `/Root 1 0 R /Info 2 0 R /ID […]`. */
  readonly trailerEntries: string;
}

/** Room for the CMS message: 8 KiB. */
const contentsLength = 16_384;
const rangeWidth = 60;

/**
 * Appends an incremental update (ISO 32000-1, 7.5.6) with a signature dictionary whose value is still empty, covering the whole
 * file but that value. The file before it stays byte for byte.
 */
export function prepareSignature(pdf: Uint8Array, texts: SignatureTexts, anchors: PdfAnchors): PreparedPdf {
  const previous = /startxref\s+([0-9]+)\s+%%EOF\s*$/.exec(Buffer.from(pdf.subarray(-64)).toString('latin1'))?.[1];
  if (previous === undefined) throw new Error('the file ends without startxref');
  const { nextObject, field } = anchors;
  const at = new Date(texts.at).toISOString().replace(/[^0-9]/g, '').slice(0, 14);
  const head = [
    `${nextObject} 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached`,
    `/Name ${printText(texts.name)} /Reason ${printText(texts.reason)} /M (D:${at}Z)\n/ByteRange `,
  ].join(' ');
  const middle = `${' '.repeat(rangeWidth)}\n/Contents `;
  const start = pdf.length + 1;
  const from = start + head.length + middle.length;
  const to = from + contentsLength + 2;
  const afterSignature = ' >>\nendobj\n';
  const fieldOffset = to + afterSignature.length;
  const fieldText = `${field} 0 obj\n<< ${anchors.fieldEntries} /V ${nextObject} 0 R >>\nendobj\n`;
  const crossOffset = fieldOffset + fieldText.length;
  const entry = (offset: number): string => `${String(offset).padStart(10, '0')} 00000 n \n`;
  const cross = `xref\n${field} 1\n${entry(fieldOffset)}${nextObject} 1\n${entry(start)}`;
  const tail = `${afterSignature}${fieldText}${cross}trailer\n<< /Size ${nextObject + 1} ${anchors.trailerEntries} /Prev ${previous} >>\nstartxref\n${crossOffset}\n%%EOF\n`;
  const range = `[0 ${from} ${to} ${tail.length}]`.padEnd(rangeWidth);
  const update = `\n${head}${range}${middle.slice(rangeWidth)}<${'0'.repeat(contentsLength)}>${tail}`;
  const bytes = new Uint8Array(Buffer.concat([pdf, Buffer.from(update, 'latin1')]));
  return { bytes, gap: { from, to }, digest: createSm3().update(bytes.subarray(0, from)).update(bytes.subarray(to)).digest() };
}

/** Signs a prepared file with the organisation's key: CMS, SM2 with SM3, detached (RFC 5652). */
export function signPrepared({ bytes, gap, digest }: PreparedPdf, signer: OrganisationSigner, at: number): Uint8Array {
  const hex = encodeHex(makeSignedData(digest, signer, at));
  if (hex.length > contentsLength) throw new Error('the signature does not fit');
  const signed = bytes.slice();
  signed.set(Buffer.from(hex, 'latin1'), gap.from + 1);
  return signed;
}

const dataType = '1.2.840.113549.1.7.1';
const sm3Algorithm = writeSequence(writeObjectId('1.2.156.10197.1.401'));

function makeSignedData(digest: Uint8Array, signer: OrganisationSigner, at: number): Uint8Array {
  const certificate = parseCertificate(signer.certificate);
  if (certificate === null) throw new Error("the organisation's certificate cannot be read");
  const attribute = (type: string, value: Uint8Array): Uint8Array => writeSequence(writeObjectId(type), writeSet(value));
  const attributes = writeSet(
    attribute('1.2.840.113549.1.9.3', writeObjectId(dataType)),
    attribute('1.2.840.113549.1.9.5', writeTime(at)),
    attribute('1.2.840.113549.1.9.4', writeOctets(digest)),
  );
  const implicit = attributes.slice();
  implicit[0] = 0xa0;
  const info = writeSequence(
    writeInteger(Uint8Array.of(1)),
    writeSequence(certificate.issuer, writeInteger(certificate.serial)),
    sm3Algorithm,
    implicit,
    writeSequence(writeObjectId(sm2WithSm3)),
    writeOctets(signer.sign(attributes)),
  );
  const signedData = writeSequence(
    writeInteger(Uint8Array.of(1)),
    writeSet(sm3Algorithm),
    writeSequence(writeObjectId(dataType)),
    writeDer(0xa0, signer.certificate),
    writeSet(info),
  );
  return writeSequence(writeObjectId('1.2.840.113549.1.7.2'), writeDer(0xa0, signedData));
}

/** A text string in UTF-16 with its mark (ISO 32000-1, 7.9.2.2), as hexadecimal. */
function printText(text: string): string {
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`;
}
