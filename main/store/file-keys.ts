import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { createRecordSealing, type DataKeys } from './record-sealing.ts';

/** Where the data keys come from: a file today, the key hierarchy of operators and hardware keys behind the same two calls. */
export interface KeyProvider {
  currentKeyId(): number;
  /** The 16-byte SM4 key of this id, or null when it is not (or no longer) there. */
  dataKey(keyId: number): Uint8Array | null;
}

const keyLength = 16;
const firstKeyId = 1;

/**
 * Opens the keys kept in `dir`: `wrapping.key` (0600) wraps `data-1.key`. Makes both when neither exists and `mayCreate`;
 * `store/key-missing` when they are gone, damaged or do not belong together.
 */
export function openFileKeys(deps: { readonly dir: string; readonly random: RandomBytes; readonly mayCreate: boolean }): Result<KeyProvider> {
  const wrappingFile = join(deps.dir, 'wrapping.key');
  const dataFile = join(deps.dir, `data-${firstKeyId}.key`);
  if (!existsSync(dataFile) && deps.mayCreate) {
    mkdirSync(deps.dir, { recursive: true, mode: 0o700 });
    const wrappingKey = deps.random(keyLength);
    writeDurably(wrappingFile, wrappingKey);
    // Last: its presence says that both are complete.
    writeDurably(dataFile, wrapping(wrappingKey, deps.random).seal(keyPlace, deps.random(keyLength)));
  }
  if (!existsSync(wrappingFile) || !existsSync(dataFile)) return fail('store/key-missing');
  const wrappingKey = new Uint8Array(readFileSync(wrappingFile));
  if (wrappingKey.length !== keyLength) return fail('store/key-missing', 'wrapping key');
  const dataKey = wrapping(wrappingKey, deps.random).open(keyPlace, new Uint8Array(readFileSync(dataFile)));
  if (dataKey?.length !== keyLength) return fail('store/key-missing', 'data key');
  return ok({ currentKeyId: () => firstKeyId, dataKey: (keyId) => (keyId === firstKeyId ? dataKey : null) });
}

/** Writes a private file so that after a crash it is there whole or not at all. */
export function writeDurably(file: string, bytes: Uint8Array | string): void {
  const temporary = `${file}.new`;
  const handle = openSync(temporary, 'w', 0o600);
  try {
    writeSync(handle, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
  syncDirectory(dirname(file));
}

const keyPlace = { table: 'key', key: firstKeyId, gen: 0 } as const;

function wrapping(key: Uint8Array, random: RandomBytes) {
  const dataKeys: DataKeys = { current: 0, keys: new Map([[0, key]]) };
  return createRecordSealing({ dataKeys, random });
}

function syncDirectory(dir: string): void {
  // Windows cannot open a directory for syncing; its rename is durable by itself.
  if (process.platform === 'win32') return;
  const handle = openSync(dir, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
