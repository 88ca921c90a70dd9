import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import type { Result } from '../../../domain/failure.ts';
import type { App, AppDeps } from '../../../main/app.ts';
import { createApp } from '../../../main/app.ts';
import { isLogWhole } from '../../../main/store/file-damage.ts';
import { clientOf } from '../running-counter.ts';

const quiet = { info() {}, warn() {}, error() {} };
const asAdministrator = { site: { role: 'administrator' } } as const;

async function tryCounter(dataDir: string, more: Partial<AppDeps> = {}) {
  return createApp({ dataDir, version: 'test', shell: 'kiosk', now: Date.now, monotonic: () => performance.now(), random: systemRandom, unattended: true, log: quiet, ...more });
}

async function openCounter(dataDir: string, more: Partial<AppDeps> = {}): Promise<App> {
  const app = await tryCounter(dataDir, more);
  if (!app.ok) throw new Error(app.failure.code);
  return app.value;
}

function take<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

async function note(app: App, times: number): Promise<void> {
  for (let time = 0; time < times; time++) expect((await app.journal.record({ type: 'notice.given', result: 'screen', ref: 'scan' })).ok).toBe(true);
}

interface Before {
  readonly dataDir: string;
  readonly file: string;
  readonly backedUp: number;
  readonly end: number;
}

/** A closed counter with a backup (unless told otherwise) and 30 entries written after it. */
async function aCounter({ withBackup = true } = {}): Promise<Before> {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-mending-'));
  const app = await openCounter(dataDir);
  await note(app, 120);
  const backedUp = app.journal.head().seq;
  if (withBackup) expect((await app.store.backup({ at: Date.now() - 2 * 86_400_000 })).ok).toBe(true);
  await note(app, 30);
  await app.close();
  return { dataDir, file: join(dataDir, 'counter.db'), backedUp, end: app.journal.head().seq };
}

const damages: Readonly<Record<string, { readonly kind: string; readonly damage: (file: string) => void }>> = {
  'overwritten pages': {
    kind: 'unreadable',
    damage: (file) => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4096, bytes.length - 4096);
      writeFileSync(file, bytes);
    },
  },
  'a file cut short': { kind: 'truncated', damage: (file) => truncateSync(file, Math.floor(statSync(file).size / 2)) },
  'a header of noise': {
    kind: 'not-a-database',
    damage: (file) => {
      const bytes = readFileSync(file);
      bytes.set(systemRandom(100), 0);
      writeFileSync(file, bytes);
    },
  },
  'an empty file': { kind: 'missing', damage: (file) => truncateSync(file, 0) },
  'no file': { kind: 'missing', damage: (file) => rmSync(file) },
};

describe.each(Object.entries(damages))('%s', (_, { kind, damage }) => {
  test('is kept aside, the backup takes its place as a new generation, and the session tells it until an administrator has seen it', async () => {
    const { dataDir, file, backedUp, end } = await aCounter();
    damage(file);
    const damaged = existsSync(file) ? readFileSync(file) : null;
    const app = await openCounter(dataDir, asAdministrator);

    const [aside] = existsSync(join(dataDir, 'aside')) ? readdirSync(join(dataDir, 'aside')) : [];
    if (damaged !== null) {
      expect(aside).toMatch(/-damaged$/);
      expect(readFileSync(join(dataDir, 'aside', aside ?? '', 'counter.db')).equals(damaged)).toBe(true);
    }
    const [first] = take(await app.store.chain({ fromSeq: backedUp + 1, limit: 1 }));
    expect(JSON.parse(first?.line ?? '')).toMatchObject({ gen: 2, type: 'store.mended', result: expect.stringContaining(`${kind} lost ${backedUp + 1}-${end} anchor 1/${end} `) });
    expect(await clientOf(app).session.current()).toMatchObject({ mended: { damage: kind, lostFrom: backedUp + 1, lostTo: end, backupAt: expect.any(Number) } });
    expect(app.status.current().audit.state).toBe('ok');
    expect((await app.audit.verify()).ok).toBe(true);
    await app.close();

    const again = await openCounter(dataDir, asAdministrator);
    const seen = await clientOf(again).session.mendingSeen();
    expect(seen.mended).toBeNull();
    await again.close();
    const third = await openCounter(dataDir);
    expect((await clientOf(third).session.current()).mended).toBeNull();
    expect(third.status.current().audit.state).toBe('ok');
    await third.close();
  });

  test('is left as it is where no backup checks, and the counter does not start', async () => {
    const { dataDir, file } = await aCounter({ withBackup: false });
    damage(file);
    const damaged = existsSync(file) ? readFileSync(file) : null;
    expect(await tryCounter(dataDir)).toMatchObject({ ok: false, failure: { code: 'store/no-backup', detail: kind } });
    if (damaged !== null) expect(readFileSync(file).equals(damaged)).toBe(true);
    expect(existsSync(join(dataDir, 'aside'))).toBe(false);
  });
});

test('an operator cannot put the notice away; in practice, where no administrator ever comes, whoever sits there can', async () => {
  const { dataDir, file } = await aCounter();
  rmSync(file);
  const app = await openCounter(dataDir);
  const operator = { id: '1', name: '甲', role: 'operator' } as const;
  const attended: App = { ...app, access: { ...app.access, state: () => ({ state: 'open', operator }), role: () => 'operator' } };
  await expect(clientOf(attended).session.mendingSeen()).rejects.toMatchObject({ data: { code: 'access/not-your-role' } });
  expect((await clientOf(app).session.current()).mended).not.toBeNull();
  expect((await clientOf(app).session.mendingSeen()).mended).toBeNull();
  await app.close();
});

test('the backup that goes furthest is taken, whatever the clock said when it was made', async () => {
  const { dataDir, file } = await aCounter({ withBackup: false });
  const app = await openCounter(dataDir);
  expect((await app.store.backup({ at: Date.now() + 366 * 86_400_000 })).ok).toBe(true);
  await note(app, 20);
  const furthest = take(await app.store.backup({ at: Date.now() }));
  await app.close();
  rmSync(file);
  const mended = await openCounter(dataDir);
  expect(await clientOf(mended).session.current()).toMatchObject({ mended: { lostFrom: furthest.seq + 1 } });
  await mended.close();
});

test('a backup that does not check is passed over for an older one', async () => {
  const { dataDir, file, backedUp } = await aCounter();
  const app = await openCounter(dataDir);
  const newer = await app.store.backup({ at: Date.now() });
  await app.close();
  if (!newer.ok) throw new Error(newer.failure.code);
  truncateSync(join(dataDir, 'backups', newer.value.name), newer.value.bytes - 40);
  rmSync(file);
  const mended = await openCounter(dataDir);
  expect(await clientOf(mended).session.current()).toMatchObject({ mended: { lostFrom: backedUp + 1 } });
  await mended.close();
});

test('a second mending from the same backup still comes after the generation that the anchor knows', async () => {
  const { dataDir, file } = await aCounter();
  for (const gen of [2, 3]) {
    rmSync(file);
    const app = await openCounter(dataDir);
    expect(await app.store.head(null)).toMatchObject({ value: { gen, state: 'ok' } });
    expect(await clientOf(app).session.current()).toMatchObject({ mended: { lostTo: gen === 2 ? expect.any(Number) : null } });
    await app.close();
  }
});

describe('a write-ahead log', () => {
  /** A copy of a counter's files while it runs: the database with a log that holds its last entries. */
  async function aRunningCopy(): Promise<Before & { readonly log: string }> {
    const from = await aCounter();
    const app = await openCounter(from.dataDir);
    await note(app, 20);
    const end = app.journal.head().seq;
    // The anchor is written when the store's thread has nothing else to do.
    await expect.poll(() => readFileSync(join(from.dataDir, 'anchor'), 'latin1')).toContain(`"seq":${end},`);
    const copies = ['counter.db', 'counter.db-wal'].map((name) => [join(from.dataDir, name), readFileSync(join(from.dataDir, name))] as const);
    const anchor = readFileSync(join(from.dataDir, 'anchor'));
    await app.close();
    for (const [file, bytes] of copies) writeFileSync(file, bytes);
    writeFileSync(join(from.dataDir, 'anchor'), anchor);
    return { ...from, end, log: `${from.file}-wal` };
  }

  test('that reads is whole; with one byte changed in its header or a frame it is not', async () => {
    const { log } = await aRunningCopy();
    const bytes = readFileSync(log);
    expect(isLogWhole(bytes)).toBe(true);
    for (const at of [3, 20, 32 + 24 + 100]) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(isLogWhole(changed), String(at)).toBe(false);
    }
  });

  test('that does not read costs what it held, no more: what reads goes on as a new generation', async () => {
    const { dataDir, log, backedUp, end } = await aRunningCopy();
    const bytes = readFileSync(log);
    bytes[32 + 24 + 100] = (bytes[32 + 24 + 100] ?? 0) ^ 1;
    writeFileSync(log, bytes);
    const app = await openCounter(dataDir);
    const { mended } = await clientOf(app).session.current();
    expect(mended).toMatchObject({ damage: 'log-unreadable', backupAt: null, lostTo: end });
    expect(mended?.lostFrom).toBeGreaterThan(backedUp + 1);
    const [aside = ''] = readdirSync(join(dataDir, 'aside'));
    expect(readFileSync(join(dataDir, 'aside', aside, 'counter.db-wal')).equals(bytes)).toBe(true);
    expect(app.status.current().audit.state).toBe('ok');
    await app.close();
  });

  test('whose torn end was never acknowledged mends nothing; a log copied back whole is a broken chain, not damage', async () => {
    const torn = await aRunningCopy();
    writeFileSync(torn.log, Buffer.concat([readFileSync(torn.log), Buffer.alloc(1000, 1)]));
    const app = await openCounter(torn.dataDir);
    expect((await clientOf(app).session.current()).mended).toBeNull();
    expect(app.status.current().audit.state).toBe('ok');
    await app.close();

    const { dataDir, file } = await aCounter();
    const old = `${file}.old`;
    copyFileSync(file, old);
    const later = await openCounter(dataDir);
    await note(later, 5);
    await later.close();
    copyFileSync(old, file);
    const back = await openCounter(dataDir);
    expect(back.status.current().audit.state).toBe('broken');
    expect((await clientOf(back).session.current()).mended).toBeNull();
    await back.close();
  });
});
