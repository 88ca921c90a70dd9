import { equalBytes } from '../domain/crypto/bytes.ts';
import { decodeUtf8 } from '../domain/crypto/utf8.ts';
import { encodeHex } from '../domain/crypto/hex.ts';
import {
  asn1Tag, derBits, derBytes, derContent, derInteger, type DerNode, derObjectId, derOctets, derTime, latin1, openDer, parseDer,
} from './der-tree.ts';

/** What is needed of an X.509 certificate (GB/T 20518, RFC 5280): original bytes where bytes are compared or signed. */
export interface X509Certificate {
  readonly der: Uint8Array;
  /** The signed part, as it was encoded. */
  readonly toBeSigned: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** Content octets of the serial number. */
  readonly serial: Uint8Array;
  /** Encoded names, for comparison. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly issuerName: DistinguishedName;
  readonly subjectName: DistinguishedName;
  /** Epoch ms. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: CertificateKey;
  /** Null without the extension: everything is allowed. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  /** Identifiers of what the key is for beside that; null without the extension. */
  readonly extendedUsage: ReadonlySet<string> | null;
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  readonly subjectKeyId: Uint8Array | null;
  /** Hex of critical extensions that are not understood here. */
  readonly unknownCritical: readonly string[];
}

/** The parts of a name that people read. */
export interface DistinguishedName {
  readonly common: string;
  readonly organisation: string;
  readonly text: string;
}

/** A public key: its whole SubjectPublicKeyInfo, and the point when it is on the SM2 curve. */
export interface CertificateKey {
  readonly info: Uint8Array;
  readonly algorithm: string;
  /** 04 ‖ x ‖ y, or null for another kind of key. */
  readonly sm2: Uint8Array | null;
}

export type KeyUsage = 'digitalSignature' | 'nonRepudiation' | 'keyCertSign' | 'cRLSign' | 'other';

/** The SM2 curve (GM/T 0006). */
export const sm2CurveId = '1.2.156.10197.1.301';

/** Reads a certificate; null when it is malformed. Nothing is verified. */
export function parseCertificate(der: Uint8Array): X509Certificate | null {
  const outer = openDer(parseDer(der) ?? undefined);
  const [body, algorithm, value] = outer ?? [];
  const fields = openDer(body);
  const signature = derBits(value);
  const signatureAlgorithm = derObjectId(openDer(algorithm)?.[0]);
  if (body === undefined || fields === null || signature === null || signatureAlgorithm === null) return null;
  const at = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [serial, innerAlgorithm, issuer, validity, subject, keyInfo] = fields.slice(at);
  const [from, to] = openDer(validity) ?? [];
  const [notBefore, notAfter] = [derTime(from), derTime(to)];
  const publicKey = keyInfo === undefined ? null : readKey(keyInfo);
  if (serial?.tag !== asn1Tag.integer || issuer === undefined || subject === undefined) return null;
  if (notBefore === null || notAfter === null || publicKey === null) return null;
  // The one outside is not signed.
  if (algorithm === undefined || innerAlgorithm === undefined || !equalBytes(derBytes(algorithm), derBytes(innerAlgorithm))) return null;
  const extensions = readExtensions(fields.find((field) => field.tag === 0xa3));
  if (extensions === null) return null;
  return {
    der, signatureAlgorithm, signature, notBefore, notAfter, publicKey,
    toBeSigned: derBytes(body),
    serial: derContent(serial),
    issuer: derBytes(issuer),
    subject: derBytes(subject),
    issuerName: readName(issuer),
    subjectName: readName(subject),
    ...extensions,
  };
}

/** Hex of the serial number, as certificates are named in lists. */
export function printSerial(certificate: X509Certificate): string {
  return encodeHex(certificate.serial).toUpperCase();
}

function readKey(info: DerNode): CertificateKey | null {
  const [algorithm, bits] = openDer(info) ?? [];
  const [id, parameters] = openDer(algorithm) ?? [];
  const name = derObjectId(id);
  const point = derBits(bits);
  if (name === null || point === null) return null;
  const isSm2 = derObjectId(parameters) === sm2CurveId || name === sm2CurveId;
  return { info: derBytes(info), algorithm: name, sm2: isSm2 && point.length === 65 ? point : null };
}

const nameParts: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN', '2.5.4.6': 'C', '2.5.4.7': 'L', '2.5.4.8': 'ST', '2.5.4.10': 'O', '2.5.4.11': 'OU',
};

function readName(name: DerNode): DistinguishedName {
  const parts: [string, string][] = [];
  for (const set of openDer(name) ?? []) {
    for (const pair of openDer(set, asn1Tag.set) ?? []) {
      const [id, value] = openDer(pair) ?? [];
      const label = nameParts[derObjectId(id) ?? ''];
      if (label !== undefined && value !== undefined) parts.push([label, derText(value)]);
    }
  }
  const find = (label: string): string => parts.findLast(([one]) => one === label)?.[1] ?? '';
  return { common: find('CN'), organisation: find('O'), text: parts.map((part) => part.join('=')).join(', ') };
}

/** The text of any of the string types; what is neither UTF-8 nor two-byte is shown byte by byte. */
export function derText(node: DerNode): string {
  const content = derContent(node);
  if (node.tag === 0x1e) {
    let text = '';
    for (let i = 0; i + 1 < content.length; i += 2) text += String.fromCharCode((content[i] ?? 0) * 256 + (content[i + 1] ?? 0));
    return text;
  }
  return decodeUtf8(content) ?? latin1(content);
}

interface Extensions {
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  readonly extendedUsage: ReadonlySet<string> | null;
  readonly isAuthority: boolean;
  readonly pathLength: number | null;
  readonly subjectKeyId: Uint8Array | null;
  readonly unknownCritical: readonly string[];
}

// Read here, or without bearing on whether a signature holds: names, policies, constraints on extended use, revocation lists.
const knownExtensions = ['2.5.29.14', '2.5.29.15', '2.5.29.17', '2.5.29.18', '2.5.29.19', '2.5.29.31', '2.5.29.32', '2.5.29.35', '2.5.29.37', '1.3.6.1.5.5.7.1.1'];

function readExtensions(wrapper: DerNode | undefined): Extensions | null {
  let read: Extensions = { keyUsage: null, extendedUsage: null, isAuthority: false, pathLength: null, subjectKeyId: null, unknownCritical: [] };
  if (wrapper === undefined) return read;
  const list = openDer(openDer(wrapper, 0xa3)?.[0]);
  if (list === null) return null;
  for (const extension of list) {
    const [id, second, third] = openDer(extension) ?? [];
    const name = derObjectId(id);
    const isCritical = second?.tag === asn1Tag.boolean && derContent(second)[0] !== 0;
    const octets = derOctets(second?.tag === asn1Tag.boolean ? third : second);
    const value = octets === null ? null : parseDer(octets);
    if (name === null || octets === null) return null;
    if (name === '2.5.29.15' && value?.tag === asn1Tag.bitString) read = { ...read, keyUsage: readKeyUsage(derContent(value)) };
    if (name === '2.5.29.37' && value !== null) read = { ...read, extendedUsage: new Set((openDer(value) ?? []).map((usage) => derObjectId(usage) ?? '')) };
    if (name === '2.5.29.14' && value !== null) read = { ...read, subjectKeyId: derOctets(value) };
    if (name === '2.5.29.19' && value !== null) read = { ...read, ...readConstraints(value) };
    if (isCritical && !knownExtensions.includes(name)) read = { ...read, unknownCritical: [...read.unknownCritical, name] };
  }
  return read;
}

function readConstraints(value: DerNode): Pick<Extensions, 'isAuthority' | 'pathLength'> {
  const [first, second] = openDer(value) ?? [];
  const isAuthority = first?.tag === asn1Tag.boolean && derContent(first)[0] !== 0;
  return { isAuthority, pathLength: isAuthority ? derInteger(second) : null };
}

function readKeyUsage(content: Uint8Array): ReadonlySet<KeyUsage> {
  const bits = content[1] ?? 0;
  const usages: KeyUsage[] = [];
  if ((bits & 0x80) !== 0) usages.push('digitalSignature');
  if ((bits & 0x40) !== 0) usages.push('nonRepudiation');
  if ((bits & 0x04) !== 0) usages.push('keyCertSign');
  if ((bits & 0x02) !== 0) usages.push('cRLSign');
  if ((bits & 0x39) !== 0) usages.push('other');
  return new Set(usages);
}
