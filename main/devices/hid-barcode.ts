import type { VerdictSignal } from '../../domain/scanner-family.table.ts';
import { type HidField, parseHidDescriptor } from './hid-descriptor.ts';

/** The usage page of bar code scanners (USB HID Point of Sale Usage Tables 1.02, section 3). */
export const barcodePage = 0x8c;

const usage = {
  scanner: [0x01, 0x02, 0x03, 0x04, 0x05],
  soundErrorBeep: 0x85,
  soundGoodReadBeep: 0x86,
  symbologyIdentifiers: [0xfb, 0xfc, 0xfd],
  decodedData: 0xfe,
  decodeDataContinued: 0xff,
} as const;
const byteCount = 0x01_003b;

interface Bits {
  readonly offset: number;
  readonly size: number;
}

/** Where one input report keeps its piece of a code; offsets in bits after the report id. */
interface PieceLayout {
  readonly data: readonly Bits[];
  readonly symbology: readonly Bits[];
  /** How many of the data bytes belong to the code; without it they end at the padding. */
  readonly length: Bits | null;
  readonly continued: Bits | null;
}

/** How a device sends codes, and the output reports that make it signal a verdict (report id first, 0 for none). */
export interface BarcodeLayout {
  readonly hasIds: boolean;
  readonly pieces: ReadonlyMap<number, PieceLayout>;
  readonly signals: Readonly<Partial<Record<VerdictSignal, Uint8Array>>>;
}

/** Reads from its report descriptor how a scanner sends codes; null when it is no HID-POS scanner. */
export function readBarcodeLayout(descriptor: Uint8Array): BarcodeLayout | null {
  const fields = parseHidDescriptor(descriptor);
  if (fields === null || !fields.some(isScannerField)) return null;
  const inputs = Map.groupBy(fields.filter(({ kind }) => kind === 'input'), ({ reportId }) => reportId);
  const pieces = new Map([...inputs].map(([id, list]) => [id, readPiece(list)] as const).filter(([, piece]) => piece.data.length > 0));
  if (pieces.size === 0) return null;
  const good = makeSignal(fields, usage.soundGoodReadBeep);
  const bad = makeSignal(fields, usage.soundErrorBeep);
  const signals = { ...(good === null ? {} : { good }), ...(bad === null ? {} : { bad }) };
  return { hasIds: fields.some(({ reportId }) => reportId !== 0), pieces, signals };
}

/**
 * The layout that Honeywell, Newland and others share (report 2: byte count, AIM identifier, 56 bytes, two reserved,
 * continued), for systems that do not hand out descriptors.
 */
export function commonBarcodeLayout(): BarcodeLayout {
  const bytes = (from: number, count: number): Bits[] => Array.from({ length: count }, (_, at) => ({ offset: (from + at) * 8, size: 8 }));
  const piece = { data: bytes(4, 56), symbology: bytes(1, 3), length: { offset: 0, size: 8 }, continued: { offset: 62 * 8, size: 1 } };
  return { hasIds: true, pieces: new Map([[2, piece]]), signals: {} };
}

const isScannerField = ({ collections }: HidField): boolean =>
  collections.some((collection) => usage.scanner.some((known) => collection === barcodePage * 65_536 + known));

function readPiece(fields: readonly HidField[]): PieceLayout {
  const find = (wanted: number): Bits[] => fields.flatMap((field) => findUsage(field, wanted));
  const data = find(barcodePage * 65_536 + usage.decodedData).filter(({ size }) => size === 8);
  return {
    data,
    symbology: usage.symbologyIdentifiers.flatMap((id) => find(barcodePage * 65_536 + id)).filter(({ size }) => size === 8),
    length: find(byteCount)[0] ?? null,
    continued: find(barcodePage * 65_536 + usage.decodeDataContinued)[0] ?? null,
  };
}

/** The places of a usage in a field of values; a field with fewer usages than values repeats the last. */
function findUsage(field: HidField, wanted: number): Bits[] {
  const { bitOffset, bitSize, count, usages, isConstant, isArray } = field;
  // "Decoded data" is sometimes declared an array of bytes; nothing else of ours can be one.
  if (isConstant || usages.length === 0 || (isArray && usages[0] !== barcodePage * 65_536 + usage.decodedData)) return [];
  const places: Bits[] = [];
  for (let at = 0; at < count; at++) {
    if (usages[Math.min(at, usages.length - 1)] === wanted) places.push({ offset: bitOffset + at * bitSize, size: bitSize });
  }
  return places;
}

function makeSignal(fields: readonly HidField[], wanted: number): Uint8Array | null {
  const outputs = fields.filter(({ kind }) => kind === 'output');
  for (const field of outputs) {
    const [place] = findUsage(field, barcodePage * 65_536 + wanted);
    if (place === undefined || field.isArray) continue;
    const bits = Math.max(...outputs.filter(({ reportId }) => reportId === field.reportId).map(({ bitOffset, bitSize, count }) => bitOffset + bitSize * count));
    const report = new Uint8Array(1 + Math.ceil(bits / 8));
    report[0] = field.reportId;
    const at = 1 + (place.offset >> 3);
    report[at] = (report[at] ?? 0) | (1 << (place.offset & 7));
    return report;
  }
  return null;
}

/** What came of reports: a code with the scanner's AIM identifier, a code beyond the limit, or one of which a part is missing. */
export type HidCode =
  | { readonly kind: 'code'; readonly bytes: Uint8Array; readonly symbology: string | null }
  | { readonly kind: 'too-long' }
  | { readonly kind: 'torn' };

/** Puts reports together into codes. */
export interface BarcodeAssembler {
  push(report: Uint8Array): HidCode[];
  /** No report for a while: what waits for its continuation is torn. */
  pause(): HidCode[];
  isPending(): boolean;
}

/** Creates an assembler; holds `maxBytes` at most and never throws for any report. */
export function createBarcodeAssembler({ layout, maxBytes }: { readonly layout: BarcodeLayout; readonly maxBytes: number }): BarcodeAssembler {
  let parts: Uint8Array[] = [];
  let symbology: string | null = null;
  let isPending = false;
  let length = 0;
  const drop = (): void => {
    [parts, length, symbology, isPending] = [[], 0, null, false];
  };
  const add = (piece: Piece): HidCode[] => {
    if (!isPending) symbology = piece.symbology;
    isPending = true;
    length += piece.bytes.length;
    // Of one that is too long only the length is kept, so that its end is recognised.
    if (length <= maxBytes && piece.bytes.length > 0) parts.push(piece.bytes);
    if (piece.isContinued) return [];
    const code: HidCode = length > maxBytes ? { kind: 'too-long' } : { kind: 'code', bytes: joinBytes(parts, length), symbology };
    const isEmpty = length === 0;
    drop();
    return isEmpty ? [] : [code];
  };
  const tear = (): HidCode[] => {
    const wasPending = isPending;
    drop();
    return wasPending ? [{ kind: 'torn' }] : [];
  };
  return {
    push: (report) => {
      const piece = readReport(layout, report);
      if (piece === null) return [];
      if (piece === 'torn') {
        drop();
        return [{ kind: 'torn' }];
      }
      const isOther = isPending && piece.symbology !== null && piece.symbology !== symbology;
      return [...(isOther ? tear() : []), ...add(piece)];
    },
    pause: tear,
    isPending: () => isPending,
  };
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly symbology: string | null;
  readonly isContinued: boolean;
}

/** One report's piece; null for reports that carry none, `torn` for one that promises more bytes than it has. */
function readReport(layout: BarcodeLayout, report: Uint8Array): Piece | 'torn' | null {
  const piece = layout.pieces.get(layout.hasIds ? (report[0] ?? -1) : 0);
  if (piece === undefined) return null;
  const body = layout.hasIds ? report.subarray(1) : report;
  const isContinued = piece.continued !== null && readBits(body, piece.continued) === 1;
  const letters = piece.symbology.map((bits) => readBits(body, bits) ?? 0);
  const identifier = String.fromCharCode(...letters);
  const symbology = /^\][A-Za-z][0-9A-Za-z]$/.test(identifier) ? identifier : null;
  const said = piece.length === null ? null : (readBits(body, piece.length) ?? Infinity);
  if (said !== null && said > piece.data.length) return 'torn';
  const values = piece.data.slice(0, said ?? piece.data.length).map((bits) => readBits(body, bits));
  if (said !== null && values.includes(null)) return 'torn';
  const bytes = Uint8Array.from(values.filter((value) => value !== null));
  return { bytes: said === null && !isContinued ? withoutPadding(bytes) : bytes, symbology, isContinued };
}

/** Up to 32 bits, least significant first (6.2.2.9); null where the report ends before them. */
function readBits(body: Uint8Array, { offset, size }: Bits): number | null {
  if (offset + size > body.length * 8) return null;
  let value = 0;
  for (let at = 0; at < Math.min(size, 32); at++) {
    const bit = ((body[(offset + at) >> 3] ?? 0) >> ((offset + at) & 7)) & 1;
    value += bit * 2 ** at;
  }
  return value;
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.slice(0, end);
}

function joinBytes(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
