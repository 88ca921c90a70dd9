import { decodeHex, encodeHexUpper } from './crypto/hex.ts';
import { decodeUtf8 } from './crypto/utf8.ts';
import { type CodeFields, type CodeText, composeServiceCode, type FormReading } from './service-code-reading.ts';
import { codeType } from './service-code-text.ts';
import { parseUtcTime } from './time.ts';
import { isUscc } from './uscc.ts';

const identityLength = 18;
const headLength = 2 + 1 + 4 + 6;
const digestLength = 32;
const signatureLength = 64;
const typeAt = identityLength + 3;

/** Width of the expiry → its spelling; B's own length tells them apart (wire notes B, form X). */
const expirySpellings: ReadonlyMap<number, 'uint32' | 'uint64' | 'utc14'> = new Map([
  [4, 'uint32'],
  [8, 'uint64'],
  [14, 'utc14'],
]);

/** Reads the octet form out of upper-case hexadecimal text; null when the text is none. */
export function readHexForm(source: CodeText): FormReading {
  const octets = source.text.length <= 2 * 400 ? decodeHex(source.text) : null;
  return octets === null ? null : readOctets(octets, 'hex', source);
}

/** Reads the octet form out of Base32 text (RFC 4648, padding optional); null when the text is none. */
export function readBase32Form(source: CodeText): FormReading {
  const octets = decodeBase32(source.text);
  return octets === null ? null : readOctets(octets, 'base32', source);
}

/** Reads the octet form out of raw symbol bytes; a scanner's trailing CR LF TAB is cut only if the length asks for it. */
export function readBytesForm(bytes: Uint8Array): FormReading {
  let end = bytes.length;
  while (!isWhole(end) && end > bytes.length - 3 && isTrailing(bytes[end - 1])) end--;
  const octets = bytes.subarray(0, isWhole(end) ? end : bytes.length);
  const trimmed = octets.length !== bytes.length;
  return readOctets(octets, 'bytes', { text: '', upperCased: false, trimmed });
}

function readOctets(octets: Uint8Array, carrier: CodeFields['carrier'], source: CodeText): FormReading {
  if (readAscii(octets, typeAt, codeType.length) !== codeType) return null;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  if (octets[identityLength + 2] !== 1) return 'E-FMT-03';
  const lengthOfB = view.getUint16(identityLength);
  if (identityLength + lengthOfB + signatureLength !== octets.length) return 'E-FMT-02';
  const width = lengthOfB - headLength - digestLength;
  const spelling = expirySpellings.get(width);
  if (spelling === undefined) return 'E-FMT-02';
  const uscc = readAscii(octets, 0, identityLength);
  if (uscc === null || !isUscc(uscc)) return 'E-FMT-04';
  const platformId = readAscii(octets, typeAt + codeType.length, 6);
  const expiryAt = identityLength + headLength;
  const expiresAt = readExpiry(view, expiryAt, width);
  if (expiresAt === null) return 'E-FMT-05';
  if (platformId === null || !/^[0-9]{6}$/.test(platformId)) return 'E-FMT-06';
  const signatureAt = identityLength + lengthOfB;
  return composeServiceCode(
    {
      carrier,
      expiry: spelling,
      identity: { kind: 'uscc', uscc },
      platformId,
      expiresAt,
      consentDigest: octets.slice(expiryAt + width, signatureAt),
      signature: octets.slice(signatureAt),
      signedBytes: octets.slice(0, signatureAt),
      canonicalText: encodeHexUpper(octets),
    },
    source,
  );
}

function readExpiry(view: DataView, at: number, width: number): number | null {
  if (width === 4) return view.getUint32(at) * 1000;
  if (width === 8) {
    const seconds = view.getBigUint64(at);
    // Beyond the year 9999 no clock of ours can print it: not a time.
    return seconds < 253_402_300_800n ? Number(seconds) * 1000 : null;
  }
  const text = readAscii(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at, 14);
  return text === null ? null : parseUtcTime(text);
}

function readAscii(octets: Uint8Array, at: number, length: number): string | null {
  return at + length <= octets.length ? decodeUtf8(octets.subarray(at, at + length)) : null;
}

function isWhole(length: number): boolean {
  return expirySpellings.has(length - identityLength - headLength - digestLength - signatureLength);
}

function isTrailing(byte: number | undefined): boolean {
  return byte === 0x0d || byte === 0x0a || byte === 0x09;
}

/** RFC 4648 clause 6; null for other characters, an impossible length, or left-over bits that are not zero. */
function decodeBase32(text: string): Uint8Array | null {
  const digits = /^([A-Z2-7]{1,400})={0,6}$/.exec(text)?.[1];
  if (digits === undefined) return null;
  const octets = new Uint8Array(Math.floor((digits.length * 5) / 8));
  let bits = 0;
  let pending = 0;
  let at = 0;
  for (const digit of digits) {
    pending = ((pending << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      octets[at++] = (pending >>> bits) & 0xff;
    }
  }
  return bits < 5 && (pending & ((1 << bits) - 1)) === 0 ? octets : null;
}
