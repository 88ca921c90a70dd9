import {
  asn1Tag, derBits, derBytes, derChildren, derInteger, type DerNode, derObjectId, derOctets, derTime, latin1, openDer, parseDer, parseTimeDigits,
} from './der-tree.ts';
import { derText } from './x509-certificate.ts';

/** How a seal's data is laid out: GM/T 0031-2014, GB/T 38540-2020, GM/T 0031-2025. */
export type SealVersion = 'v1' | 'v4' | 'v5';

/** An electronic seal: its picture and names, who may sign with it, and its maker's signature. */
export interface ElectronicSeal {
  readonly der: Uint8Array;
  readonly sealId: string;
  readonly vendor: string;
  readonly name: string;
  /** What `signers` holds: certificates, or SM3 digests of certificates. */
  readonly signerList: 'certificates' | 'digests';
  readonly signers: readonly Uint8Array[];
  /** Epoch ms. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly picture: SealPicture;
  readonly maker: {
    readonly certificate: Uint8Array;
    readonly algorithm: string;
    readonly signature: Uint8Array;
    /** What the maker signed, cut from the original bytes. */
    readonly signed: Uint8Array;
  };
}

/** The picture of a seal; sides in millimetres. */
export interface SealPicture {
  /** Lower case: png, gif, bmp, jpg, svg, ofd. */
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A signature with a seal (SES_Signature). */
export interface SealSignature {
  readonly version: SealVersion;
  readonly seal: ElectronicSeal;
  /** What was signed, cut from the original bytes: writing it anew changes it with some vendors. */
  readonly toBeSigned: Uint8Array;
  /** Epoch ms, as the signer says; null when it is no time. */
  readonly signedAt: number | null;
  readonly dataHash: Uint8Array;
  readonly certificate: Uint8Array;
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** A time stamp token over the signature value, not verified here. */
  readonly timestamp: Uint8Array | null;
  /** The value as it is encoded, which some writers stamp instead. */
  readonly encodedSignature: Uint8Array;
}

/** Reads an SES_Signature of any version; null when it is none. */
export function parseSealSignature(bytes: Uint8Array): SealSignature | null {
  const outer = openDer(parseDer(bytes) ?? undefined);
  const body = outer?.[0];
  const fields = openDer(body);
  if (outer === null || body === undefined || fields === null || ![2, 4, 5].includes(outer.length)) return null;
  const isOld = outer.length === 2;
  const seal = readSeal(fields[1], isOld);
  const dataHash = derBits(fields[3]);
  if (seal === null || dataHash === null) return null;
  const [certificate, algorithm, value] = isOld ? [fields[5], fields[6], outer[1]] : [outer[1], outer[2], outer[3]];
  const [certificateBytes, signature] = [derOctets(certificate), derBits(value)];
  if (certificateBytes === null || signature === null) return null;
  return {
    version: isOld ? 'v1' : seal.header >= 5 ? 'v5' : 'v4',
    seal: seal.seal,
    toBeSigned: derBytes(body),
    signedAt: isOld ? readTimeInfo(fields[2]) : derTime(fields[2]),
    dataHash,
    certificate: certificateBytes,
    algorithm: derObjectId(algorithm) ?? '',
    signature,
    timestamp: isOld || outer[4]?.tag !== 0xa0 ? null : readToken(outer[4]),
    encodedSignature: value === undefined ? new Uint8Array() : derBytes(value),
  };
}

/** A bit string in the explicit wrapper; some writers leave the string's own header out. */
function readToken(wrapper: DerNode): Uint8Array | null {
  const inner = openDer(wrapper, 0xa0)?.[0];
  return derBits(inner) ?? derOctets(inner) ?? (inner === undefined ? null : derBytes(inner));
}

/** Reads a seal by itself (Seal.esl); null when it is none. */
export function parseElectronicSeal(bytes: Uint8Array): ElectronicSeal | null {
  const node = parseDer(bytes);
  const parts = openDer(node ?? undefined);
  return node === null || parts === null ? null : (readSeal(node, parts.length === 2)?.seal ?? null);
}

function readSeal(node: DerNode | undefined, isOld: boolean): { seal: ElectronicSeal; header: number } | null {
  const parts = openDer(node);
  const info = parts?.[0];
  const fields = openDer(info);
  if (node === undefined || parts === null || info === undefined || fields === null) return null;
  const [header, sealId, property, pictureNode] = fields;
  const [, version, vendor] = openDer(header) ?? [];
  const makerParts = isOld ? openDer(parts[1]) : parts.slice(1);
  const maker = makerParts === null ? null : readMaker(info, makerParts, isOld);
  const properties = readProperties(property, isOld);
  const picture = readPicture(pictureNode);
  if (maker === null || properties === null || picture === null || sealId === undefined) return null;
  const seal = { der: derBytes(node), sealId: derText(sealId), vendor: vendor === undefined ? '' : derText(vendor), ...properties, picture, maker };
  return { seal, header: derInteger(version) ?? 0 };
}

/** Since version 4 the maker signs the seal's data alone; before, together with certificate and algorithm. */
function readMaker(info: DerNode, parts: readonly DerNode[], isOld: boolean): ElectronicSeal['maker'] | null {
  const [certificateNode, algorithmNode, value] = parts;
  const [certificate, signature] = [derOctets(certificateNode), derBits(value)];
  if (certificateNode === undefined || algorithmNode === undefined || certificate === null || signature === null) return null;
  const signed = isOld ? encodeSequence([info, certificateNode, algorithmNode].map(derBytes)) : derBytes(info);
  return { certificate, algorithm: derObjectId(algorithmNode) ?? '', signature, signed };
}

function readProperties(node: DerNode | undefined, isOld: boolean): Pick<ElectronicSeal, 'name' | 'signerList' | 'signers' | 'validFrom' | 'validTo'> | null {
  const fields = openDer(node);
  if (fields === null) return null;
  const [, name, ...rest] = fields;
  const [list, , from, to] = isOld ? rest : rest.slice(1);
  const signers = list === undefined ? null : readSignerList(list);
  const [validFrom, validTo] = [derTime(from), derTime(to)];
  if (name === undefined || signers === null || validFrom === null || validTo === null) return null;
  return { name: derText(name), signerList: !isOld && derInteger(rest[0]) === 2 ? 'digests' : 'certificates', signers, validFrom, validTo };
}

/** Octet strings, or (digests) pairs of a kind and an octet string. */
function readSignerList(list: DerNode): Uint8Array[] | null {
  const signers = derChildren(list)?.map((entry) => derOctets(entry) ?? derOctets(openDer(entry)?.[1]));
  return signers === undefined || signers.includes(null) ? null : signers.filter((signer) => signer !== null);
}

function readPicture(node: DerNode | undefined): SealPicture | null {
  const [type, data, width, height] = openDer(node) ?? [];
  const bytes = derOctets(data);
  if (type === undefined || bytes === null) return null;
  return { type: derText(type).toLowerCase(), bytes, width: derInteger(width) ?? 0, height: derInteger(height) ?? 0 };
}

/** Bits that hold a time: encoded, or as bare digits, or written out. */
function readTimeInfo(node: DerNode | undefined): number | null {
  const bits = derBits(node);
  if (bits === null) return null;
  const inner = parseDer(bits);
  const encoded = inner === null ? null : derTime(inner);
  if (encoded !== null) return encoded;
  const digits = latin1(bits).replace(/[- :T]/g, '');
  return parseTimeDigits(digits) ?? parseTimeDigits(`20${digits}`);
}

function encodeSequence(parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const head = length < 0x80 ? [asn1Tag.sequence, length] : [asn1Tag.sequence, 0x80 | digits.length, ...digits];
  const encoded = new Uint8Array(head.length + length);
  encoded.set(head);
  let at = head.length;
  for (const part of parts) {
    encoded.set(part, at);
    at += part.length;
  }
  return encoded;
}
