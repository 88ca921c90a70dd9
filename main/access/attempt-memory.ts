import { existsSync, readFileSync } from 'node:fs';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type Attempts, noAttempts, stricterAttempts, waitOf } from '../../domain/lock-out.ts';
import { type AttemptTable, decodeAttempts, encodeAccess } from './access-record.ts';

/** Failed log-ins, remembered in two places: the database and a file beside it; whoever lays one back has forgotten nothing. */
export interface AttemptMemory {
  of(id: string): Attempts;
  /** Accounts that wait, and how long from now: a wait that was cut off by the end of the program begins anew. */
  waiting(): readonly (readonly [id: string, waitMs: number])[];
  /** The table with one account changed, for the database; people's accounts stay, of mistyped numbers the last few hundred. */
  with(id: string, attempts: Attempts, isPerson: (id: string) => boolean): AttemptTable;
  /** Takes over what was written to the database and writes the file. */
  keep(table: AttemptTable): void;
  /** Whether the two places disagreed at the start: one of them is not of today. */
  readonly disagreed: boolean;
}

/** What the memory needs: the table of the database, the file, and the machine's key to seal it with. */
export interface AttemptMemoryDeps {
  readonly file: string;
  readonly key: Uint8Array;
  readonly random: RandomBytes;
  readonly stored: AttemptTable;
  readonly writeFile: (file: string, bytes: Uint8Array) => void;
}

// Numbers that were mistyped are counted too, lest the answer tell which exist; the oldest of them give way, never a person's:
// whoever is locked out could otherwise be let in by failing at other numbers.
const mostStrangers = 200;
const place = encodeUtf8('attempts|1');

/** Opens the memory: of two tables the stricter entry for every account. */
export function openAttemptMemory(deps: AttemptMemoryDeps): AttemptMemory {
  const { file, key, random, stored, writeFile } = deps;
  const sealed = existsSync(file) ? new Uint8Array(readFileSync(file)) : null;
  const opened = sealed === null ? null : openRecord({ key, sealed, aad: place });
  const filed = opened === null ? {} : (decodeAttempts(opened) ?? {});
  const ids = [...new Set([...Object.keys(filed), ...Object.keys(stored)])];
  let table: AttemptTable = Object.fromEntries(ids.map((id) => [id, stricterAttempts(filed[id] ?? noAttempts, stored[id] ?? noAttempts)]));
  return {
    // A file that was damaged or removed while the database knows of failures is a disagreement too.
    disagreed: JSON.stringify(sortedOf(filed)) !== JSON.stringify(sortedOf(stored)),
    of: (id) => (Object.hasOwn(table, id) ? (table[id] ?? noAttempts) : noAttempts),
    waiting: () => Object.entries(table).flatMap(([id, attempts]) => (waitOf(attempts) === null ? [] : [[id, waitOf(attempts) ?? 0] as const])),
    with: (id, attempts, isPerson) => {
      const others = Object.entries(table).filter(([other]) => other !== id);
      const kept = attempts.failed === 0 ? others : [...others, [id, attempts] as const];
      const strangers = kept.filter(([one]) => !isPerson(one));
      return Object.fromEntries([...kept.filter(([one]) => isPerson(one)), ...strangers.slice(-mostStrangers)]);
    },
    keep: (next) => {
      writeFile(file, sealRecord({ key, keyId: 0, nonce: random(12), plaintext: encodeAccess(next), aad: place }));
      table = next;
    },
  };
}

function sortedOf(table: AttemptTable): unknown {
  return Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, { failed, lockedUntilAt }]) => [id, failed, lockedUntilAt]);
}
