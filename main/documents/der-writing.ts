import { concatBytes } from '../../domain/crypto/bytes.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { asn1Tag } from '../../ofd/der-tree.ts';

/** Encodes one element: identifier octet, shortest definite length, content (X.690). */
export function writeDer(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content);
  const digits: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const length = body.length < 0x80 ? [body.length] : [0x80 | digits.length, ...digits];
  return concatBytes(Uint8Array.of(tag, ...length), body);
}

/** A SEQUENCE. */
export const writeSequence = (...parts: readonly Uint8Array[]): Uint8Array => writeDer(asn1Tag.sequence, ...parts);

/** A SET OF, its members in the order that DER asks for. */
export function writeSet(...members: readonly Uint8Array[]): Uint8Array {
  return writeDer(asn1Tag.set, ...members.toSorted((a, b) => Buffer.compare(a, b)));
}

/** A non-negative INTEGER from big-endian bytes, in its shortest form. */
export function writeInteger(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return writeDer(asn1Tag.integer, (digits[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function writeObjectId(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128));
    return groups;
  });
  return writeDer(asn1Tag.objectIdentifier, Uint8Array.from(octets));
}

/** A BIT STRING of whole octets. */
export const writeBits = (bytes: Uint8Array): Uint8Array => writeDer(asn1Tag.bitString, Uint8Array.of(0), bytes);

/** An OCTET STRING. */
export const writeOctets = (bytes: Uint8Array): Uint8Array => writeDer(asn1Tag.octetString, bytes);

/** A time as certificates and CMS want it: UTCTime until 2049, GeneralizedTime after (RFC 5280 4.1.2.5). */
export function writeTime(at: number): Uint8Array {
  const digits = new Date(at).toISOString().replace(/[^0-9]/g, '').slice(0, 14);
  return digits < '2050' ? writeDer(asn1Tag.utcTime, encodeUtf8(`${digits.slice(2)}Z`)) : writeDer(asn1Tag.generalizedTime, encodeUtf8(`${digits}Z`));
}

/** SM2 as signatures carry it (GM/T 0009): SEQUENCE of r and s, from the 64 bytes r ‖ s. */
export function writeSm2Value(raw: Uint8Array): Uint8Array {
  return writeSequence(writeInteger(raw.subarray(0, 32)), writeInteger(raw.subarray(32)));
}
