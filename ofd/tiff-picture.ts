import { decodeFax } from './fax-picture.ts';
import type { OfdLimits } from './limits.ts';
import { copyPlain, inflateStrip, type Unpacked, type Unpacker, unpackBits, unpackLzw } from './tiff-compression.ts';
import { readTiffDirectory, type TiffDirectory } from './tiff-directory.ts';
import { paintSamples, type SampleShape } from './tiff-samples.ts';

/** A TIFF: pixels, or pieces that are JPEG files of their own and stand at their places. */
export type TiffPicture = { readonly width: number; readonly height: number } & (
  | { readonly kind: 'pixels'; readonly rgba: Uint8ClampedArray<ArrayBuffer> }
  | { readonly kind: 'jpeg'; readonly pieces: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number; readonly jpeg: Uint8Array }[] }
);

/** Width and height of the first picture of a TIFF; null when it is none. */
export function readTiffSize(file: Uint8Array): { readonly width: number; readonly height: number } | null {
  const directory = readTiffDirectory(file);
  const [width, height] = [directory?.numbers(tags.width)?.[0], directory?.numbers(tags.height)?.[0]];
  return width === undefined || height === undefined ? null : { width, height };
}

/**
 * Decodes the first picture of a TIFF 6.0 file: grey, palette, RGB, CMYK of 1 to 16 bits, in strips or tiles, plain, PackBits, LZW, Deflate, CCITT
 * T.4 and T.6; JPEG as pieces. Where the data ends or breaks the picture stays clear. Null for other kinds, and for what claims more than the
 * file can hold. Time and memory follow from the number of pixels, which `limits` bounds.
 */
export function decodeTiff(file: Uint8Array, limits: OfdLimits): TiffPicture | null {
  const directory = readTiffDirectory(file);
  const shape = directory === null ? null : readShape(directory, file, limits);
  if (directory === null || shape === null) return null;
  const { width, height } = shape;
  if (shape.compression === compressions.jpeg) {
    const tables = directory.bytes(tags.jpegTables);
    const pieces = shape.pieces.map(({ data, ...place }) => ({ ...place, jpeg: joinJpeg(tables, data, shape.isRgb) }));
    return pieces.length === 0 || shape.planes > 1 ? null : { kind: 'jpeg', width, height, pieces };
  }
  const rgba = new Uint8ClampedArray(width * height * 4);
  let filled = 0;
  for (const piece of shape.pieces) filled += paintPiece(piece, shape, directory, rgba);
  return filled === 0 ? null : { kind: 'pixels', width, height, rgba };
}

const tags = {
  width: 256, height: 257, bits: 258, compression: 259, photometric: 262, fillOrder: 266, stripOffsets: 273, samples: 277, rowsPerStrip: 278, stripBytes: 279,
  planar: 284, faxOptions: 292, predictor: 317, colorMap: 320, tileWidth: 322, tileHeight: 323, tileOffsets: 324, tileBytes: 325, extraSamples: 338, sampleFormat: 339, jpegTables: 347,
} as const;

const compressions = { plain: 1, faxRows: 2, fax3: 3, fax4: 4, lzw: 5, jpeg: 7, deflate: 8, oldDeflate: 32_946, packBits: 32_773 } as const;

const unpackers: ReadonlyMap<number, Unpacker> = new Map([
  [compressions.plain, copyPlain],
  [compressions.lzw, unpackLzw],
  [compressions.deflate, inflateStrip],
  [compressions.oldDeflate, inflateStrip],
  [compressions.packBits, unpackBits],
]);
const faxSchemes: ReadonlyMap<number, 'rows' | 'group3' | 'group4'> = new Map([
  [compressions.faxRows, 'rows'],
  [compressions.fax3, 'group3'],
  [compressions.fax4, 'group4'],
]);

/** A strip or tile at its place; `rows` of it are inside the picture, `stride` is its own width. */
interface Piece {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly plane: number;
  readonly data: Uint8Array;
}

interface TiffShape extends SampleShape {
  readonly height: number;
  readonly compression: number;
  readonly predictor: number;
  readonly isRgb: boolean;
  /** 1, or as many as there are samples where each has pieces of its own. */
  readonly planes: number;
  readonly pieces: readonly Piece[];
}

const isKnownCompression = (compression: number): boolean => compression === compressions.jpeg || unpackers.has(compression) || faxSchemes.has(compression);

function readShape(directory: TiffDirectory, file: Uint8Array, limits: OfdLimits): TiffShape | null {
  const one = (tag: number, usual: number): number => directory.numbers(tag)?.[0] ?? usual;
  const [width, height] = [one(tags.width, 0), one(tags.height, 0)];
  const [samples, compression, photometric] = [one(tags.samples, 1), one(tags.compression, 1), one(tags.photometric, 0)];
  const bits = directory.numbers(tags.bits) ?? [1];
  const depth = bits[0] ?? 1;
  if (width < 1 || height < 1 || width * height > limits.imagePixels || samples < 1 || samples > 8) return null;
  if (![1, 2, 4, 8, 16].includes(depth) || bits.some((other) => other !== depth) || !isKnownCompression(compression)) return null;
  if (one(tags.sampleFormat, 1) !== 1 || (faxSchemes.has(compression) && (depth !== 1 || samples !== 1))) return null;
  const planes = one(tags.planar, 1) === 2 ? samples : 1;
  const palette = photometric === 3 ? directory.numbers(tags.colorMap) : null;
  const needed = { 0: 1, 1: 1, 2: 3, 3: 1, 4: 1, 5: 4 }[photometric];
  const isJpegColor = compression === compressions.jpeg && photometric === 6;
  if (!isJpegColor && (needed === undefined || samples < needed || (photometric === 3 && palette === null))) return null;
  const extra = one(tags.extraSamples, 0);
  const alpha = needed === undefined || samples === needed || extra === 0 ? null : ({ sample: needed, isPremultiplied: extra === 1 } as const);
  const pieces = listPieces(directory, file, { width, height, planes });
  if (pieces === null) return null;
  return {
    width, height, samples, depth, photometric, palette, alpha, compression, planes, pieces,
    isLittle: directory.isLittle,
    predictor: one(tags.predictor, 1),
    isRgb: photometric === 2,
  };
}

/** Null when the pieces claim more pixels or more bytes than the picture and the file have. */
function listPieces(directory: TiffDirectory, file: Uint8Array, { width, height, planes }: { width: number; height: number; planes: number }): Piece[] | null {
  const tileWidth = directory.numbers(tags.tileWidth)?.[0];
  const isTiled = tileWidth !== undefined;
  const offsets = directory.numbers(isTiled ? tags.tileOffsets : tags.stripOffsets);
  const pieceWidth = tileWidth ?? width;
  const pieceHeight = isTiled ? (directory.numbers(tags.tileHeight)?.[0] ?? 0) : Math.min(height, directory.numbers(tags.rowsPerStrip)?.[0] ?? height);
  if (offsets === null || pieceWidth < 1 || pieceHeight < 1 || pieceWidth > width + 65_535) return null;
  // Writers of one plain strip leave its length out.
  const lengths = directory.numbers(isTiled ? tags.tileBytes : tags.stripBytes) ?? offsets.map((offset) => file.length - offset);
  const [across, down] = [Math.ceil(width / pieceWidth), Math.ceil(height / pieceHeight)];
  const pieces: Piece[] = [];
  let bytes = 0;
  for (let index = 0; index < Math.min(offsets.length, across * down * planes); index++) {
    const offset = offsets[index] ?? 0;
    const data = file.subarray(offset, offset + (lengths[index] ?? 0));
    bytes += data.length;
    // Strips that share their bytes would be unpacked as often as there are strips.
    if (bytes > file.length * 2) return null;
    const place = index % (across * down);
    const y = Math.floor(place / across) * pieceHeight;
    pieces.push({ x: (place % across) * pieceWidth, y, width: pieceWidth, height: Math.min(pieceHeight, height - y), plane: Math.floor(index / (across * down)), data });
  }
  return pieces;
}

/** How many rows were there to be painted. */
function paintPiece(piece: Piece, shape: TiffShape, directory: TiffDirectory, rgba: Uint8ClampedArray): number {
  const samples = shape.planes > 1 ? 1 : shape.samples;
  const rowBytes = Math.ceil((piece.width * samples * shape.depth) / 8);
  const data = directory.numbers(tags.fillOrder)?.[0] === 2 ? piece.data.map(reverseBits) : piece.data;
  const { bytes, length } = unpackPiece(data, { piece, rowBytes, shape, directory });
  const rows = Math.min(piece.height, Math.floor(length / rowBytes));
  if (shape.predictor === 2) addUp(bytes, { rows, rowBytes, samples, shape });
  for (let row = 0; row < rows; row++) {
    const line = bytes.subarray(row * rowBytes, (row + 1) * rowBytes);
    const place = { x: piece.x, y: piece.y + row, count: Math.min(piece.width, shape.width - piece.x), plane: shape.planes > 1 ? piece.plane : null };
    paintSamples(line, place, shape, rgba);
  }
  return rows;
}

interface PieceWork {
  readonly piece: Piece;
  readonly rowBytes: number;
  readonly shape: TiffShape;
  readonly directory: TiffDirectory;
}

function unpackPiece(data: Uint8Array, { piece, rowBytes, shape, directory }: PieceWork): Unpacked {
  const scheme = faxSchemes.get(shape.compression);
  if (scheme !== undefined) {
    const isTwoDimensional = ((directory.numbers(tags.faxOptions)?.[0] ?? 0) & 1) === 1;
    const { bits, rows } = decodeFax(data, { scheme, width: piece.width, height: piece.height, isTwoDimensional });
    return { bytes: bits, length: rows * rowBytes };
  }
  return (unpackers.get(shape.compression) ?? copyPlain)(data, rowBytes * piece.height);
}

const reverseBits = (byte: number): number => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
};

/** Undoes horizontal differencing (section 14) for samples of whole bytes. */
function addUp(bytes: Uint8Array, { rows, rowBytes, samples, shape }: { rows: number; rowBytes: number; samples: number; shape: TiffShape }): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let row = 0; row < rows; row++) {
    const [start, end] = [row * rowBytes, (row + 1) * rowBytes];
    if (shape.depth === 8) for (let at = start + samples; at < end; at++) bytes[at] = (bytes[at] ?? 0) + (bytes[at - samples] ?? 0);
    if (shape.depth !== 16) continue;
    for (let at = start + samples * 2; at + 1 < end; at += 2) view.setUint16(at, view.getUint16(at, shape.isLittle) + view.getUint16(at - samples * 2, shape.isLittle), shape.isLittle);
  }
}

/** Says that three components are RGB: without a mark a decoder takes them for YCbCr. */
const adobeRgb = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];

/** A strip and the tables that all strips share, as one JPEG file. */
function joinJpeg(tables: Uint8Array | null, strip: Uint8Array, isRgb: boolean): Uint8Array {
  const shared = tables !== null && tables.length > 4 ? tables.subarray(2, tables.length - 2) : [];
  return Uint8Array.from([0xff, 0xd8, ...(isRgb ? adobeRgb : []), ...shared, ...strip.subarray(2)]);
}
