/** One element of a DER (or BER) encoding: where it lies in the bytes it was read from, so that the original can be cut out. */
export interface DerNode {
  /** The identifier octet: class, constructed bit and number; numbers above 30 are not read. */
  readonly tag: number;
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly source: Uint8Array;
}

/** The identifier octets met in certificates and signatures (ITU-T X.690). */
export const asn1Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const deepest = 40;

/** Reads the element at `start`; null when it is malformed or does not fit. What follows it is not looked at. */
export function readDerNode(source: Uint8Array, start = 0, limit: number = source.length, depth = 0): DerNode | null {
  const tag = source[start];
  const first = source[start + 1];
  if (tag === undefined || first === undefined || start + 2 > limit || (tag & 0x1f) === 0x1f || depth > deepest) return null;
  if (first === 0x80) return (tag & 0x20) === 0 ? null : readIndefinite({ source, start, limit, depth, tag });
  const width = first < 0x80 ? 0 : first & 0x7f;
  if (width > 4) return null;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < width; i++) length = length * 256 + (source[start + 2 + i] ?? 0);
  const contentStart = start + 2 + width;
  const end = contentStart + length;
  return end > limit ? null : { tag, start, end, contentStart, contentEnd: end, source };
}

interface Opening {
  readonly source: Uint8Array;
  readonly start: number;
  readonly limit: number;
  readonly depth: number;
  readonly tag: number;
}

/** Some signers stream their CMS: the length is told by two zero octets at the end (X.690 clause 8.1.3.6). */
function readIndefinite({ source, start, limit, depth, tag }: Opening): DerNode | null {
  let at = start + 2;
  while (at + 2 <= limit) {
    if (source[at] === 0 && source[at + 1] === 0) return { tag, start, end: at + 2, contentStart: start + 2, contentEnd: at, source };
    const inner = readDerNode(source, at, limit, depth + 1);
    if (inner === null) return null;
    at = inner.end;
  }
  return null;
}

/** Reads bytes that are one element and nothing else; null otherwise. */
export function parseDer(source: Uint8Array): DerNode | null {
  const node = readDerNode(source);
  return node !== null && node.end === source.length ? node : null;
}

/** The elements inside a constructed element, or inside the octets of a primitive one; null when they are malformed. */
export function derChildren(node: DerNode): DerNode[] | null {
  const children: DerNode[] = [];
  for (let at = node.contentStart; at < node.contentEnd; ) {
    const child = readDerNode(node.source, at, node.contentEnd);
    if (child === null) return null;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The children of a SEQUENCE or of another element with this identifier; null when it is another, or malformed. */
export function openDer(node: DerNode | undefined, tag: number = asn1Tag.sequence): DerNode[] | null {
  return node?.tag === tag ? derChildren(node) : null;
}

/** The element as it was encoded, identifier and length with it. */
export function derBytes(node: DerNode): Uint8Array {
  return node.source.subarray(node.start, node.end);
}

/** The content octets. */
export function derContent(node: DerNode): Uint8Array {
  return node.source.subarray(node.contentStart, node.contentEnd);
}

/** The octets of an OCTET STRING, put together when it came in pieces (BER); null for another element. */
export function derOctets(node: DerNode | undefined): Uint8Array | null {
  if (node?.tag === asn1Tag.octetString) return derContent(node);
  if (node?.tag !== (asn1Tag.octetString | 0x20)) return null;
  const pieces = derChildren(node)?.map(derOctets);
  if (pieces === undefined || pieces.includes(null)) return null;
  return Uint8Array.from(pieces.flatMap((piece) => [...(piece ?? [])]));
}

/** The bits of a BIT STRING that ends on a whole octet; null for another element. */
export function derBits(node: DerNode | undefined): Uint8Array | null {
  if (node?.tag !== asn1Tag.bitString) return null;
  const content = derContent(node);
  return content[0] === 0 ? content.subarray(1) : null;
}

/** An INTEGER that a number holds exactly, or null. */
export function derInteger(node: DerNode | undefined): number | null {
  if (node?.tag !== asn1Tag.integer) return null;
  const content = derContent(node);
  if (content.length === 0 || content.length > 6 || (content[0] ?? 0) >= 0x80) return null;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** An OBJECT IDENTIFIER in dotted form, or null. */
export function derObjectId(node: DerNode | undefined): string | null {
  if (node?.tag !== asn1Tag.objectIdentifier) return null;
  const arcs: number[] = [];
  let value = 0;
  const content = derContent(node);
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) return null;
    if ((byte & 0x80) !== 0) continue;
    arcs.push(value);
    value = 0;
  }
  const [first, ...rest] = arcs;
  if (first === undefined || ((content.at(-1) ?? 0) & 0x80) !== 0) return null;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

/** UTCTime or GeneralizedTime as epoch ms, or null; a time without zone is taken for Chinese time, as seal makers mean it. */
export function derTime(node: DerNode | undefined): number | null {
  if (node === undefined) return null;
  const text = latin1(derContent(node));
  if (node.tag === asn1Tag.utcTime) return parseTimeDigits(`${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`);
  return node.tag === asn1Tag.generalizedTime ? parseTimeDigits(text) : null;
}

const timeShape = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:[.,][0-9]+)?(Z|[+-][0-9]{4})?$/;
const chinaOffsetMs = 8 * 3_600_000;

/** `20200425150405Z` and its relatives as epoch ms; null for what is no time. */
export function parseTimeDigits(text: string): number | null {
  const match = timeShape.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC carries over what is out of range: the 31st of February would be the 3rd of March.
  const isReal = new Date(at).toISOString().slice(0, 16).replace(/[^0-9]/g, '') === text.slice(0, 12);
  return isReal && second < 61 ? at - zoneOffset(match[7]) : null;
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined) return chinaOffsetMs;
  if (zone === 'Z') return 0;
  return (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))) * 60_000;
}

/** Bytes as Latin-1 text. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
