import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';

/** Something that must be found nowhere: `name` says what it is, never what it says. */
export interface Canary {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** One place where a canary was found, and in which encoding. */
export interface Hit {
  readonly canary: string;
  readonly encoding: string;
  readonly place: string;
}

interface Pattern {
  readonly canary: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** The encodings that a text is looked for in; bytes are looked for as they are and in the last four. */
export const encodings = ['utf-8', 'utf-16le', 'gb18030', 'hex', 'base64', 'base64url', 'reversed'] as const;

/** Everything that is looked for: each canary in every encoding, BASE64 at its three alignments. */
export function listPatterns(canaries: readonly Canary[]): readonly Pattern[] {
  return canaries.flatMap((canary) => {
    const { content } = canary;
    const plain = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
    const texts: (readonly [string, Buffer | null])[] =
      typeof content === 'string' ? [['utf-8', plain], ['utf-16le', Buffer.from(content, 'utf16le')], ['gb18030', encodeGb18030(content)]] : [['bytes', plain]];
    const printed: (readonly [string, Buffer])[] = [
      ['hex', Buffer.from(plain.toString('hex'))],
      ['hex', Buffer.from(plain.toString('hex').toUpperCase())],
      ...alignments(plain).flatMap((text) => [['base64', Buffer.from(text)] as const, ['base64url', Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'))] as const]),
      ['reversed', Buffer.from(plain.toReversed())],
    ];
    const found = [...texts, ...printed].flatMap(([encoding, bytes]) => (bytes === null ? [] : [{ canary: canary.name, encoding, bytes }]));
    return found.filter(({ bytes }, at) => found.findIndex((other) => other.bytes.equals(bytes)) === at);
  });
}

/** Looks through every file below the folders, names of files too. Gives the hits and how many files were read. */
export function searchFiles(folders: readonly string[], patterns: readonly Pattern[]): { readonly hits: readonly Hit[]; readonly files: number } {
  const hits: Hit[] = [];
  let files = 0;
  const visit = (place: string): void => {
    const stat = lstatSync(place);
    hits.push(...searchBytes(Buffer.from(path.basename(place)), patterns, `the name of ${place}`));
    if (stat.isDirectory()) for (const name of readdirSync(place)) visit(path.join(place, name));
    if (!stat.isFile()) return;
    files += 1;
    hits.push(...searchBytes(readFileSync(place), patterns, place));
  };
  for (const folder of folders) visit(folder);
  return { hits, files };
}

/** Looks through the memory of a process of this machine (Linux); parts that cannot be read are left out. */
export function searchMemory(pid: number, patterns: readonly Pattern[]): { readonly hits: readonly Hit[]; readonly bytes: number } {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const hits: Hit[] = [];
  let bytes = 0;
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const parts = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      if (parts === null) continue;
      const [from, to] = [Number.parseInt(parts[1] ?? '', 16), Number.parseInt(parts[2] ?? '', 16)];
      for (let at = from; at < to; at += pieceLength) {
        const piece = readPiece(memory, at, Math.min(pieceLength + overlap, to - at));
        bytes += piece.length;
        hits.push(...searchBytes(piece, patterns, line.slice(0, 90)));
      }
    }
  } finally {
    closeSync(memory);
  }
  return { hits, bytes };
}

const pieceLength = 8 * 1024 * 1024;
const overlap = 4096;

function readPiece(memory: number, at: number, length: number): Buffer {
  const piece = Buffer.alloc(length);
  try {
    return piece.subarray(0, readSync(memory, piece, 0, length, at));
  } catch {
    return Buffer.alloc(0);
  }
}

function searchBytes(bytes: Buffer, patterns: readonly Pattern[], place: string): Hit[] {
  return patterns.filter((pattern) => bytes.includes(pattern.bytes)).map(({ canary, encoding }) => ({ canary, encoding, place }));
}

/** The three ways in which bytes stand in a longer BASE64 text, without the characters that depend on what is around them. */
function alignments(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64').replaceAll('=', '');
    const start = before === 0 ? 0 : before + 1;
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(start, whole);
  });
}

/** Null for a text with characters beyond the two-byte part. */
function encodeGb18030(text: string): Buffer | null {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const pair = code < 0x80 ? [code] : twoByteTable.get(character);
    if (pair === undefined) return null;
    bytes.push(...pair);
  }
  return Buffer.from(bytes);
}

const twoByteTable = makeTwoByteTable();

function makeTwoByteTable(): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, readonly number[]>();
  for (let first = 0x81; first <= 0xfe; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const text = decoder.decode(Uint8Array.of(first, second));
      if (text.length === 1 && text !== '\uFFFD') table.set(text, [first, second]);
    }
  }
  return table;
}
