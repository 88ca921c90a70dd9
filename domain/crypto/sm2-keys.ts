import { decodeBase64, encodeBase64 } from './base64.ts';
import { concatBytes, equalBytes } from './bytes.ts';
import { createDerReader, derTag, type DerReader, encodeDer } from './der.ts';
import { decodeSm2Point } from './sm2-curve.ts';
import { isSm2PrivateKey, sm2PublicKeyOf, type Sm2PrivateKey, type Sm2PublicKey } from './sm2.ts';

/** Prints a public key as SubjectPublicKeyInfo in PEM, 64 columns, as OpenSSL does. */
export function printSm2PublicKeyPem(publicKey: Sm2PublicKey): string {
  return printPem(publicLabel, encodeDer(derTag.sequence, algorithm, encodeDer(derTag.bitString, Uint8Array.of(0), publicKey)));
}

/** Reads a SubjectPublicKeyInfo PEM; null unless it is canonical, names the SM2 curve, and holds a point on it. */
export function parseSm2PublicKeyPem(text: string): Sm2PublicKey | null {
  const info = openSequence(parsePem(publicLabel, text));
  if (info === null || !readAlgorithm(info)) return null;
  const bits = info.read(derTag.bitString);
  if (bits === null || bits[0] !== 0 || !info.isAtEnd()) return null;
  const publicKey = bits.slice(1);
  return decodeSm2Point(publicKey) === null ? null : publicKey;
}

/** Prints a private key, with its public key, as unencrypted PKCS#8 in PEM; throws RangeError for a bad key. */
export function printSm2PrivateKeyPem(privateKey: Sm2PrivateKey): string {
  const inner = encodeDer(
    derTag.sequence,
    version(1),
    encodeDer(derTag.octetString, privateKey),
    encodeDer(derTag.context1, publicBitsOf(privateKey)),
  );
  return printPem(privateLabel, encodeDer(derTag.sequence, version(0), algorithm, encodeDer(derTag.octetString, inner)));
}

/** Reads an unencrypted PKCS#8 PEM; null unless it is an SM2 key in range that fits the public key beside it, if any. */
export function parseSm2PrivateKeyPem(text: string): Sm2PrivateKey | null {
  const info = openSequence(parsePem(privateLabel, text));
  if (info === null || !readVersion(info, 0) || !readAlgorithm(info)) return null;
  const wrapped = info.read(derTag.octetString);
  if (!info.isAtEnd()) return null;
  const inner = openSequence(wrapped);
  if (inner === null || !readVersion(inner, 1)) return null;
  const privateKey = inner.read(derTag.octetString);
  if (privateKey === null || !isSm2PrivateKey(privateKey)) return null;
  const named = inner.read(derTag.context0);
  if (named !== null && !equalBytes(named, curve)) return null;
  const stated = inner.read(derTag.context1);
  if (!inner.isAtEnd()) return null;
  if (stated !== null && !equalBytes(stated, publicBitsOf(privateKey))) return null;
  return privateKey.slice();
}

const publicLabel = 'PUBLIC KEY';
const privateLabel = 'PRIVATE KEY';

// id-ecPublicKey 1.2.840.10045.2.1 and the SM2 curve 1.2.156.10197.1.301 (GM/T 0006).
const keyType = encodeDer(derTag.objectIdentifier, Uint8Array.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01));
const curve = encodeDer(derTag.objectIdentifier, Uint8Array.of(0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d));
const algorithm = encodeDer(derTag.sequence, keyType, curve);

function version(number: number): Uint8Array {
  return encodeDer(derTag.integer, Uint8Array.of(number));
}

function publicBitsOf(privateKey: Sm2PrivateKey): Uint8Array {
  return encodeDer(derTag.bitString, Uint8Array.of(0), sm2PublicKeyOf(privateKey));
}

function openSequence(bytes: Uint8Array | null): DerReader | null {
  if (bytes === null) return null;
  const reader = createDerReader(bytes);
  const content = reader.read(derTag.sequence);
  return content === null || !reader.isAtEnd() ? null : createDerReader(content);
}

function readVersion(reader: DerReader, expected: number): boolean {
  return reader.readUnsigned(1)?.[0] === expected;
}

function readAlgorithm(reader: DerReader): boolean {
  const content = reader.read(derTag.sequence);
  return content !== null && equalBytes(content, concatBytes(keyType, curve));
}

function printPem(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function parsePem(label: string, text: string): Uint8Array | null {
  const lines = text.trim().split(/\r?\n/);
  if (lines.shift() !== `-----BEGIN ${label}-----` || lines.pop() !== `-----END ${label}-----`) return null;
  return decodeBase64(lines.join(''));
}
