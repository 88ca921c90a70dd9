import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import type { Append, NewEntry } from '../../../main/store/records.ts';
import { openOfflineStore } from '../../../main/offline-store.ts';
import type { Store, StoreDeps } from '../../../main/store/store.ts';
import type { Result } from '../../../domain/failure.ts';

/** A folder of its own for one test. */
export function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'counter-store-'));
}

/** Opens the store of a folder, unlocked: by the machine where nobody logs in, or else by a key of the tests. */
export async function openUnlockedStore(dataDir: string, more: Pick<StoreDeps, 'driver'> = {}): Promise<Result<Store>> {
  const store = await openOfflineStore({ dataDir, random: systemRandom, ...more });
  const known = store.ok ? await store.value.setting({ name: 'access' }) : null;
  if (store.ok && known?.ok === true && known.value === null) await store.value.unlock({ wrapKey: new Uint8Array(16).fill(7), isFirst: false });
  return store;
}

/** Opens the store of a folder, unlocked; throws where a test expects it to open. */
export async function openedStore(dataDir: string): Promise<Store> {
  const store = await openUnlockedStore(dataDir);
  if (!store.ok) throw new Error(store.failure.code);
  return store.value;
}

/** Lays hands on the file of a closed store, as somebody with a SQLite tool would. */
export function tamper(dataDir: string, work: (database: Database.Database) => void): void {
  const database = new Database(join(dataDir, 'counter.db'));
  for (const table of ['audit', 'scan', 'document']) for (const verb of ['update', 'delete']) database.exec(`DROP TRIGGER ${table}_no_${verb}`);
  database.pragma('foreign_keys = OFF');
  work(database);
  database.close();
}

export const caseId = 'case-1';

/** An entry without a business row. */
export function anEntry(more: Partial<NewEntry> = {}): NewEntry {
  return { at: 1_790_000_000_000, mono: 1, uncertaintyMs: 0, actor: '1', role: 'operator', device: 'd', type: 'app.start', result: 'ok', ref: 'r', ...more };
}

/** Opens the case that scans belong to. */
export const openingCase: Append = {
  entry: anEntry({ type: 'case.opened' }),
  body: null,
  business: {
    table: 'case',
    opened: { caseId, itemCode: '001', itemName: '公司变更登记', useFor: '办理公司变更登记', bizNum: 'PD-1', openedAt: 1_790_000_000_000 },
    closedAt: 1_790_000_000_000,
  },
};

/** A scan's verdict with its row. */
export function aScan(scanId: string, subjectName = '上海云帆智能科技有限公司'): Append {
  return {
    entry: anEntry({ type: 'scan.verdict', result: 'verified', ref: scanId }),
    body: encodeUtf8(JSON.stringify({ subjectName })),
    business: {
      table: 'scan',
      scan: {
        scanId,
        caseId,
        scannedAt: 1_790_000_000_000,
        state: 'verified',
        supportCode: null,
        kind: 'enterprise-service-code',
        bizNum: 'PD-1',
        itemName: '公司变更登记',
        elapsedMs: 120,
      },
      replay: { codeDigest: `digest-${scanId}`, caseId, scanId, expiresAt: 1_790_000_300_000 },
    },
  };
}
