import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import * as v from 'valibot';
import { decodeHex, encodeHex } from '../domain/crypto/hex.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { generateSm2KeyPair, type Sm2PrivateKey, type Sm2PublicKey } from '../domain/crypto/sm2.ts';

/** An SM2 key pair. */
export interface KeyPair {
  readonly privateKey: Sm2PrivateKey;
  readonly publicKey: Sm2PublicKey;
}

/** The platform's own keys: code signing, envelope, and the SM4 key of sealed columns. Times are epoch milliseconds. */
export interface KeyRing {
  readonly signing: KeyPair & { readonly keyId: string; readonly notBefore: number; readonly notAfter: number };
  readonly envelope: KeyPair;
  readonly storage: Uint8Array;
}

const yearMs = 365 * 24 * 3600 * 1000;

/** Reads the key file, or generates the keys and writes it (mode 0600, whole or not at all). A damaged file is an Error. */
export function openKeyRing(deps: { file: string; now: () => number; random: RandomBytes }): KeyRing {
  const stored = readIfPresent(deps.file);
  if (stored !== null) return parseKeyRing(stored);
  createPrivateFile(deps.file, printKeys(generateKeyRing(deps.now(), deps.random)));
  // Of several processes that start at once one writes the file; all of them use what it wrote.
  return parseKeyRing(readFileSync(deps.file, 'utf8'));
}

/** The key pairs of the provinces (12.1.2), by province id: read, or generated and written (mode 0600). */
export function openProvinceKeys(deps: { file: string; ids: readonly string[]; random: RandomBytes }): ReadonlyMap<string, KeyPair> {
  const made = () => Object.fromEntries(deps.ids.map((id) => [id, generateSm2KeyPair(deps.random)]));
  if (readIfPresent(deps.file) === null) createPrivateFile(deps.file, printKeys(made()));
  const pairs = v.parse(v.record(v.string(), v.object(pairFields)), JSON.parse(readFileSync(deps.file, 'utf8')));
  return new Map(Object.entries(pairs));
}

function generateKeyRing(now: number, random: RandomBytes): KeyRing {
  return {
    signing: {
      ...generateSm2KeyPair(random),
      keyId: encodeHex(random(4)),
      notBefore: now - 24 * 3600 * 1000,
      notAfter: now + 3 * yearMs,
    },
    envelope: generateSm2KeyPair(random),
    storage: random(16),
  };
}

const hexBytes = (length: number) =>
  v.pipe(
    v.string(),
    v.length(length * 2),
    v.transform((text) => decodeHex(text)),
    v.instance(Uint8Array),
  );
const pairFields = { privateKey: hexBytes(32), publicKey: hexBytes(65) };
const KeyFileSchema = v.object({
  signing: v.object({ keyId: v.string(), notBefore: v.number(), notAfter: v.number(), ...pairFields }),
  envelope: v.object(pairFields),
  storage: hexBytes(16),
});

function parseKeyRing(text: string): KeyRing {
  return v.parse(KeyFileSchema, JSON.parse(text));
}

function printKeys(keys: object): string {
  return `${JSON.stringify(keys, (_key, value: unknown) => (value instanceof Uint8Array ? encodeHex(value) : value), 2)}\n`;
}

/** Writes a file that only its owner may read: beside it first, synced, then renamed over it. */
export function writePrivateFile(file: string, text: string): void {
  renameSync(writeDraft(file, text), file);
}

/** The same, unless the file is there already. */
function createPrivateFile(file: string, text: string): void {
  const draft = writeDraft(file, text);
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
}

function writeDraft(file: string, text: string): string {
  const draft = `${file}.${process.pid}.new`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  return draft;
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
