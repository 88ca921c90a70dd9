import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { chainHash, genesisHash } from '../../domain/audit-chain.ts';
import { type Checkpoint, isCheckpointSigned, parseCheckpoint, printFingerprint } from '../../domain/audit-checkpoint.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';
import { createPersonSignatureCheck, type PersonSignatureCheck, type SignatureCount } from '../../domain/audit-signature.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { pinSm2PublicKey, type PinnedSm2Key } from '../../domain/crypto/sm2.ts';
import { parseSm2PublicKeyPem } from '../../domain/crypto/sm2-keys.ts';
import { createSm3 } from '../../domain/crypto/sm3.ts';
import { createGrowingTree, leafHash } from '../../domain/merkle-tree.ts';
import { printCountersigned } from '../../domain/audit-countersignature.ts';
import { checkpointName, countersignatureName } from './export.ts';
import { createMacCheck, type MacCheck } from './mac-check.ts';

/** What is known from elsewhere and the export must agree with. */
export interface KnownFacts {
  /** Fingerprint of the device's key. */
  readonly key?: string;
  /** From a closing slip: so many entries, and the first 16 hex digits of the hash of the last. */
  readonly slip?: { readonly size: number; readonly head: string };
  /** The first MAC key of the last generation in the export. */
  readonly seed?: Uint8Array;
  /** Fingerprint of the audit centre's key: every countersignature must be by it, and there must be one. */
  readonly platform?: string;
}

/** What a check of an exported folder found: all good, or the first bad entry (0: not an entry but the folder) and why. */
export type ExportFinding = GoodExport | BadExport;

interface GoodExport {
  readonly ok: true;
  readonly entries: number;
  readonly fingerprint: string;
  readonly countersigned: number;
  readonly persons: SignatureCount;
  readonly platforms: readonly string[];
  /** How many MACs were worked out, and how many of the first entries have none (version 0.1.0). */
  readonly macs: { readonly checked: number; readonly without: number };
}

interface BadExport {
  readonly ok: false;
  readonly badSeq: number;
  readonly kind: string;
}

// Without one of these it is no export; in this order.
const neededFiles = ['audit.jsonl', 'chain.txt', 'device.pub', 'MANIFEST', 'MANIFEST.sig'] as const;

/** Checks an exported folder by itself, as its own verifiers do and in the same order: chain, checkpoints, roots, signatures, manifest. */
export function verifyExport(folder: string, known: KnownFacts = {}): ExportFinding {
  const missing = neededFiles.find((name) => !existsSync(join(folder, name)));
  if (missing !== undefined) return bad(0, `missing-${missing}`);
  const point = parseSm2PublicKeyPem(readWhole(folder, 'device.pub')?.toString('utf8') ?? '');
  const key = point === null ? null : pinSm2PublicKey(point);
  if (point === null || key === null) return bad(0, 'key');
  const fingerprint = printFingerprint(point);
  if (known.key !== undefined && plain(known.key) !== plain(fingerprint)) return bad(0, 'key');
  const entries = countLines(folder, 'chain.txt');
  const sizes = listNumbers(folder, 'checkpoints');
  if (sizes === null) return bad(0, 'checkpoint');
  const last = sizes.at(-1) ?? 0;
  if (last > entries) return bad(entries + 1, 'truncated');
  if (last < entries || last === 0) return bad(last + 1, 'unsigned');
  if (known.seed !== undefined && !existsSync(join(folder, macFile))) return bad(0, `missing-${macFile}`);
  const centre = checkCountersignatures(folder, known);
  const persons = createPersonSignatureCheck();
  const macs = createMacCheck({ gen: generationOf(folder, last), seed: known.seed ?? null });
  const fault = checkEntries({ folder, key, sizes: new Set(sizes), known, entries, persons, macs }) ?? centre.fault ?? checkManifest(folder, key);
  return fault ?? { ok: true, entries, fingerprint, countersigned: centre.upTo, persons: persons.count(), platforms: centre.platforms, macs: { checked: macs.checked(), without: macs.without() } };
}

const macFile = 'macs.txt';

/** The generation of the last checkpoint; 0 where it does not say one, which a check of it finds. */
function generationOf(folder: string, size: number): number {
  return parseCheckpoint(readWhole(folder, `${checkpointName(size)}.txt`)?.toString('utf8') ?? '')?.gen ?? 0;
}

/** Each countersignature speaks of the checkpoint of its number and is signed; how far they reach, and by which keys. */
function checkCountersignatures(folder: string, known: KnownFacts) {
  const platforms = new Set<string>();
  let upTo = 0;
  const end = (fault: BadExport | null) => ({ fault, upTo, platforms: [...platforms] });
  const sizes = listNumbers(folder, 'countersigned');
  if (sizes === null) return end(bad(0, 'countersignature'));
  for (const size of sizes) {
    const name = countersignatureName(size);
    const [text, signature, pem] = ['txt', 'sig', 'pub'].map((ending) => readWhole(folder, `${name}.${ending}`)?.toString(ending === 'sig' ? 'latin1' : 'utf8') ?? '');
    const point = parseSm2PublicKeyPem(pem ?? '');
    const t = text?.split('\n')[1] ?? '';
    const checkpoint = readWhole(folder, `${checkpointName(size)}.txt`)?.toString('utf8');
    if (point === null || checkpoint === undefined || text !== printCountersigned(t, checkpoint)) return end(bad(size, 'countersignature'));
    if (!isCheckpointSigned(point, { text, signature: Buffer.from(signature ?? '', 'latin1') })) return end(bad(size, 'countersignature'));
    platforms.add(printFingerprint(point));
    if (known.platform !== undefined && plain(known.platform) !== plain(printFingerprint(point))) return end(bad(size, 'platform'));
    upTo = size;
  }
  return end(known.platform !== undefined && upTo === 0 ? bad(0, 'platform') : null);
}

interface Checking {
  readonly folder: string;
  readonly key: PinnedSm2Key;
  readonly sizes: ReadonlySet<number>;
  readonly known: KnownFacts;
  readonly entries: number;
  readonly persons: PersonSignatureCheck;
  readonly macs: MacCheck;
}

function checkEntries(checking: Checking): BadExport | null {
  const { folder, sizes, known, entries, persons, macs } = checking;
  const hashes = readLines(folder, 'chain.txt');
  const stated = existsSync(join(folder, macFile)) ? readLines(folder, macFile) : null;
  const tree = createGrowingTree();
  let previous = genesisHash;
  let seq = 0;
  for (const line of readLines(folder, 'audit.jsonl')) {
    seq += 1;
    const hash = hashes.next().value ?? '';
    const entry = parseAuditLine(line);
    if (chainHash(previous, line) !== hash || !line.startsWith(`{"seq":${seq},`)) return bad(seq, 'changed');
    // A line that could be read in two ways could hide whose signature it lacks.
    if (entry === null || !persons.holds(entry)) return bad(seq, 'signature');
    if (stated !== null && !macs.holds({ seq, gen: entry.gen, hash }, readMac(stated.next().value ?? '', known))) return bad(seq, 'mac');
    previous = hash;
    tree?.append(leafHash(decodeHex(hash) ?? new Uint8Array()));
    if (known.slip?.size === seq && !hash.startsWith(known.slip.head)) return bad(seq, 'slip');
    if (!sizes.has(seq)) continue;
    if (!isGoodCheckpoint(checking, { seq, head: hash, root: tree?.root() ?? new Uint8Array() })) return bad(seq, 'checkpoint');
    macs.endEpoch(entry.gen);
  }
  if (seq < entries) return bad(seq + 1, 'truncated');
  // A key that no MAC was held against proves nothing.
  if (known.seed !== undefined && macs.checked() === 0) return bad(1, 'mac');
  return known.slip !== undefined && known.slip.size > seq ? bad(known.slip.size, 'slip') : null;
}

const unread = new Uint8Array();

/** Null for the line of an entry that has none; read only where there is a key to hold it against. */
function readMac(line: string, { seed }: KnownFacts): Uint8Array | null {
  if (line === '-') return null;
  return seed === undefined ? unread : (decodeHex(line) ?? unread);
}

function isGoodCheckpoint(place: Pick<Checking, 'folder' | 'key'>, stand: Pick<Checkpoint, 'head' | 'root'> & { readonly seq: number }): boolean {
  const name = checkpointName(stand.seq);
  const [text, signature] = [readWhole(place.folder, `${name}.txt`), readWhole(place.folder, `${name}.sig`)];
  const said = text === null ? null : parseCheckpoint(text.toString('utf8'));
  if (text === null || signature === null || said === null) return false;
  if (said.size !== stand.seq || said.head !== stand.head || !equalBytes(said.root, stand.root)) return false;
  return isCheckpointSigned(place.key, { text: text.toString('utf8'), signature });
}

function checkManifest(folder: string, key: PinnedSm2Key): BadExport | null {
  const [manifest, signature] = [readWhole(folder, 'MANIFEST'), readWhole(folder, 'MANIFEST.sig')];
  if (manifest === null || signature === null || !isCheckpointSigned(key, { text: manifest.toString('utf8'), signature })) return bad(0, 'manifest');
  for (const line of manifest.toString('utf8').trimEnd().split('\n')) {
    const [, digest, name = ''] = /^([0-9a-f]{64}) {2}([\w./-]+)$/.exec(line) ?? [];
    if (digest === undefined || name.includes('..') || name.startsWith('/')) return bad(0, 'manifest');
    const found = digestOf(folder, name);
    if (found !== digest) return bad(0, `${found === null ? 'missing' : 'file'}-${name}`);
  }
  return null;
}

function bad(badSeq: number, kind: string): BadExport {
  return { ok: false, badSeq, kind };
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll('-', '').toLowerCase();
}

/** The numbers that the texts of a part are named by; null where one has another name. */
function listNumbers(folder: string, part: 'checkpoints' | 'countersigned'): readonly number[] | null {
  const place = join(folder, part);
  const names = existsSync(place) ? readdirSync(place).filter((name) => name.endsWith('.txt')) : [];
  const sizes = names.map((name) => Number(/^([0-9]{9,})\.txt$/.exec(name)?.[1] ?? 0));
  return sizes.includes(0) ? null : sizes.toSorted((a, b) => a - b);
}

function readWhole(folder: string, name: string): Buffer | null {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file) : null;
}

function digestOf(folder: string, name: string): string | null {
  if (!existsSync(join(folder, name))) return null;
  const hash = createSm3();
  for (const chunk of readChunks(join(folder, name))) hash.update(chunk);
  return encodeHex(hash.digest());
}

function countLines(folder: string, name: string): number {
  let lines = 0;
  for (const chunk of readChunks(join(folder, name))) for (const byte of chunk) if (byte === newline) lines += 1;
  return lines;
}

const newline = 10;
const chunkLength = 1 << 16;

function* readChunks(file: string): Generator<Uint8Array> {
  const handle = openSync(file, 'r');
  const buffer = new Uint8Array(chunkLength);
  try {
    for (;;) {
      const read = readSync(handle, buffer, 0, chunkLength, null);
      if (read === 0) return;
      yield buffer.subarray(0, read);
    }
  } finally {
    closeSync(handle);
  }
}

/** The lines of a file, as many as end in a line feed, one after another in little memory. */
function* readLines(folder: string, name: string): Generator<string, undefined> {
  let rest = Buffer.alloc(0);
  for (const chunk of readChunks(join(folder, name))) {
    rest = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline, from)) {
      yield rest.toString('utf8', from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  return undefined;
}
