import { Inflate } from 'fflate';
import { crc32 } from './crc32.ts';
import { type OfdLimits, usualLimits } from './limits.ts';
import { type LocationBase, resolveLocation } from './location.ts';
import { done, type OfdResult, refuse } from './result.ts';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';

/** An OFD package (GB/T 33190 clause 6): named byte strings, unpacked one by one when they are asked for. */
export interface OfdPackage {
  readonly limits: OfdLimits;
  /** Names as stored, folders left out, in the order of the directory. */
  readonly names: readonly string[];
  /** The bytes of an entry exactly as stored, by its exact name; digests of signatures are taken over these. */
  read(name: string): OfdResult<Uint8Array>;
  /** The unpacked size of an entry as the directory declares it; null when there is none of this name. */
  sizeOf(name: string): number | null;
  /** The entry that a location written inside the package means, or null: `resolveLocation` says how. */
  find(location: string, base?: LocationBase): string | null;
}

/**
 * Opens a package held in memory. Every limit is applied to the sizes that the directory declares and once more while
 * unpacking, so that a directory that lies gains nothing. Never throws for what the bytes are.
 */
export function openOfdPackage(bytes: Uint8Array, limits: OfdLimits = usualLimits): OfdResult<OfdPackage> {
  const directory = readZipDirectory(bytes, limits);
  if (!directory.ok) return directory;
  const entries = new Map(directory.value.map((entry) => [entry.name, entry]));
  const names = [...entries.keys()];
  const index = new Map(names.map((name) => [normalise(name), name]));
  return done({
    limits,
    names,
    read: (name) => {
      const entry = entries.get(name);
      return entry === undefined ? refuse('package/entry-missing', name.slice(0, 80)) : unpack(bytes, entry);
    },
    sizeOf: (name) => entries.get(name)?.size ?? null,
    find: (location, base) => resolveLocation(location, base ?? {}, (path) => (entries.has(path) ? path : (index.get(normalise(path)) ?? null))),
  });
}

/** Real files name `TPLS/Tpl_0` what the directory calls `Tpls/TPL_0`. */
function normalise(name: string): string {
  return name.replaceAll('\\', '/').toLowerCase();
}

const localSignature = 0x04034b50;
/** Small pieces: one piece of packed zeros gives at most a thousand times its size before the limit is looked at. */
const pieceSize = 16 * 1024;

function unpack(bytes: Uint8Array, entry: ZipEntry): OfdResult<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { headerOffset, packedSize, name } = entry;
  if (headerOffset + 30 > bytes.length || view.getUint32(headerOffset, true) !== localSignature) return refuse('package/damaged', name);
  const start = headerOffset + 30 + view.getUint16(headerOffset + 26, true) + view.getUint16(headerOffset + 28, true);
  // No deflate stream gives more than 1032 bytes for one: what declares more would only make memory be set aside for nothing.
  if (start + packedSize > bytes.length || entry.size > packedSize * 1032 + 64) return refuse('package/damaged', name);
  const packed = bytes.subarray(start, start + packedSize);
  const content = entry.method === 'stored' ? packed.slice() : inflate(packed, entry.size);
  if (content === null || content.length !== entry.size || crc32(content) !== entry.crc32) return refuse('package/damaged', name);
  return done(content);
}

/** Null when the stream is broken or gives more than was declared. */
function inflate(packed: Uint8Array, size: number): Uint8Array | null {
  const content = new Uint8Array(size);
  let length = 0;
  const stream = new Inflate((piece) => {
    if (length + piece.length <= size) content.set(piece, length);
    length += piece.length;
  });
  try {
    for (let at = 0; at < packed.length && length <= size; at += pieceSize) stream.push(packed.subarray(at, at + pieceSize), at + pieceSize >= packed.length);
  } catch {
    return null;
  }
  return length === size ? content : null;
}
