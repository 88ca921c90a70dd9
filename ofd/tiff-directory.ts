/** The first directory of a TIFF file: its numbers by tag. */
export interface TiffDirectory {
  readonly isLittle: boolean;
  /** The whole numbers of a field; null where the file has none of this tag. */
  numbers(tag: number): readonly number[] | null;
  /** The bytes of a field. */
  bytes(tag: number): Uint8Array | null;
}

/** Bytes of one value of the types that are read: BYTE, SHORT, LONG, UNDEFINED. */
const typeSizes: ReadonlyMap<number, number> = new Map([[1, 1], [3, 2], [4, 4], [7, 1]]);
const mostFields = 200;

interface Field {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** Reads the first directory (TIFF 6.0, section 2); fields that lie outside the file are left out. Null when it is no TIFF. */
export function readTiffDirectory(file: Uint8Array): TiffDirectory | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 8) return null;
  const isLittle = view.getUint16(0) === 0x4949;
  if ((!isLittle && view.getUint16(0) !== 0x4d4d) || view.getUint16(2, isLittle) !== 42) return null;
  const start = view.getUint32(4, isLittle);
  if (start + 2 > file.length) return null;
  const count = view.getUint16(start, isLittle);
  if (count > mostFields || start + 2 + count * 12 > file.length) return null;
  const fields = new Map<number, Field>();
  for (let at = start + 2; at < start + 2 + count * 12; at += 12) {
    const [tag, type, values] = [view.getUint16(at, isLittle), view.getUint16(at + 2, isLittle), view.getUint32(at + 4, isLittle)];
    const bytes = (typeSizes.get(type) ?? 0) * values;
    const place = bytes > 4 ? view.getUint32(at + 8, isLittle) : at + 8;
    if (bytes > 0 && place + bytes <= file.length && !fields.has(tag)) fields.set(tag, { type, count: values, at: place });
  }
  const valueAt = ({ type, at }: Field, index: number): number => {
    if (type === 3) return view.getUint16(at + index * 2, isLittle);
    return type === 4 ? view.getUint32(at + index * 4, isLittle) : view.getUint8(at + index);
  };
  return {
    isLittle,
    numbers: (tag) => {
      const field = fields.get(tag);
      return field === undefined ? null : Array.from({ length: field.count }, (_, index) => valueAt(field, index));
    },
    bytes: (tag) => {
      const field = fields.get(tag);
      return field === undefined ? null : file.subarray(field.at, field.at + field.count * (typeSizes.get(field.type) ?? 0));
    },
  };
}
