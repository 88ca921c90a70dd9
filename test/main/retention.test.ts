import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ok } from '../../domain/failure.ts';
import { findDueKeys, retentionDays, retentionProfiles } from '../../domain/retention.ts';
import type { App } from '../../main/app.ts';
import { listRecords } from '../../main/handlers/records.ts';
import { createRetention } from '../../main/retention.ts';
import { createTrustedClock, type KeptTime } from '../../main/time/trusted-clock.ts';
import type { Platform } from '../../platform/app.ts';
import { askAll, canVerify, exportStore } from './audit-export.ts';
import { clientOf, firstCompany, type ListedCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

const dayMs = 86_400_000;
const dataDir = mkdtempSync(path.join(tmpdir(), 'counter-retention-'));
const held: { platform?: Platform; app?: App; company?: ListedCompany; documentId?: string } = {};
const app = (): App => held.app as App;

beforeAll(async () => {
  held.platform = await startPlatform();
  held.company = await firstCompany(held.platform);
  held.app = await startCounter(held.platform, { dataDir });
  const client = clientOf(app());
  const verdict = await scanForWindow(app(), await mintCode(held.platform, held.company, { permissions: { retain: true, download: true, transfer: false } }));
  const ids = { scanId: verdict.scanId, certificateId: verdict.certificates[0]?.certificateId ?? '' };
  // A busy machine may let the first search run out of its time.
  const opened = await client.certificate.open(ids).catch(() => client.certificate.open(ids));
  held.documentId = opened.documentId;
}, 120_000);
afterAll(async () => {
  await held.app?.close();
  await held.platform?.close();
});

/** Retention as it will be some days from now, by a clock in that state. */
function after(days: number, state: 'synchronised' | 'unproven' | 'wrong' = 'synchronised') {
  const clock = { state: () => ({ state, offsetMs: 0, uncertaintyMs: 0, checkedAt: null }), isHeard: () => true };
  return createRetention({ store: app().store, journal: app().journal, site: app().site, clock, now: () => Date.now() + days * dayMs });
}

async function keyClasses(): Promise<string[]> {
  const keys = await app().store.dataKeys(null);
  return keys.ok ? [...new Set(keys.value.map((key) => key.class))].toSorted() : [];
}

async function nameOfRecord(): Promise<string | null | undefined> {
  const records = await listRecords(app().store, 1, []);
  if (!records.ok) throw new Error(records.failure.code);
  return records.value[0]?.subjectName;
}

async function isFoundByCompany(): Promise<boolean> {
  const found = await app().store.search({ company: held.company?.name, limit: 5 });
  return found.ok && found.value.length > 0;
}

test('a day is due only when it is over by more than its class is kept; settings never are', () => {
  for (const profile of retentionProfiles) {
    for (const [name, days] of Object.entries(retentionDays[profile])) {
      const key = { id: 7, class: name, day: 20_000 };
      expect(findDueKeys([key], { profile, today: 20_000 + days })).toEqual([]);
      expect(findDueKeys([key], { profile, today: 20_001 + days })).toEqual([key]);
    }
    expect(findDueKeys([{ id: 2, class: 'setting', day: 0 }, { id: 1, class: 'legacy', day: 0 }], { profile, today: 90_000 })).toEqual([]);
    // 网络安全法 第二十一条: six months at least.
    expect(Math.min(retentionDays[profile].evidence, retentionDays[profile].audit)).toBeGreaterThanOrEqual(184);
  }
});

test('shown before it goes, under any profile, and nothing goes by a clock that no platform has confirmed', async () => {
  expect(await keyClasses()).toEqual(['audit', 'content', 'document', 'evidence', 'setting']);
  const due = async (days: number, profile: 'hall' | 'kiosk' | null) => {
    const shown = await after(days).show(profile);
    return shown.ok ? shown.value.due.map(({ class: name, records }) => `${name} ${records}`) : [];
  };
  expect(await due(30, null)).toEqual([]);
  expect((await due(31, null)).toSorted()).toEqual(['content 1', 'document 1']);
  expect((await due(2, 'kiosk')).toSorted()).toEqual(['content 1', 'document 1']);
  for (const state of ['wrong', 'unproven'] as const) expect(await after(5000, state).purge()).toEqual({ ok: true, value: 0 });
  expect(await after(30).purge()).toEqual({ ok: true, value: 0 });
  expect(await app().retention.purge()).toEqual({ ok: true, value: 0 });
});

test('neither what was kept over a restart nor two people make the time of a purge: a platform must be heard in this run', async () => {
  const now = (): number => Date.now() + 4 * 365 * dayMs;
  const kept: KeptTime = { serverAt: Date.now(), wallAt: Date.now(), uncertaintyMs: 500, highWaterAt: Date.now(), source: 'platform' };
  const erased: number[] = [];
  const store: App['store'] = {
    ...app().store,
    dataKeys: () => app().store.dataKeys(null),
    sealedUnder: (input) => app().store.sealedUnder(input),
    eraseKeys: async ({ ids }) => (erased.push(...ids), ok(null)),
  };
  const journal = { ...app().journal, record: async () => ok({ seq: 1, hash: '' }) };
  const purge = async () => {
    const retention = createRetention({ store, journal, site: app().site, clock, now });
    const shown = await retention.show(null);
    const purged = await retention.purge();
    return { isShownTrusted: shown.ok && shown.value.isTimeTrusted, purged: purged.ok ? purged.value : null, erased: erased.splice(0).length };
  };
  const clock = createTrustedClock({ now, monotonic: () => performance.now(), kept });
  const nothing = { isShownTrusted: false, purged: 0, erased: 0 };
  expect(clock.state().state).toBe('synchronised');
  expect(await purge()).toEqual(nothing);
  clock.believeWall();
  expect(clock.state().state).toBe('confirmed');
  expect(await purge()).toEqual(nothing);
  clock.observe(0, 10);
  expect(await purge()).toEqual({ isShownTrusted: true, purged: 4, erased: 4 });
  clock.believeWall();
  expect(await purge()).toEqual(nothing);
});

test('what is due cannot be opened again, from the store or an older copy; what stays stays, and every purge stands in the log', async () => {
  const copy = path.join(dataDir, 'older-copy.db');
  await app().store.checkpoint({ at: Date.now() });
  copyFileSync(path.join(dataDir, 'counter.db'), copy);
  const { documentId = '' } = held;
  expect(await app().store.document({ documentId })).toMatchObject({ ok: true, value: expect.any(Uint8Array) });
  expect(await after(31).purge()).toEqual({ ok: true, value: 2 });
  expect(await app().store.document({ documentId })).toEqual({ ok: true, value: null });
  expect(await keyClasses()).toEqual(['audit', 'evidence', 'setting']);
  expect(await nameOfRecord()).toBe(held.company?.name);
  expect(await isFoundByCompany()).toBe(true);
  const kept = JSON.parse(readFileSync(path.join(dataDir, 'keys/data-keys.json'), 'utf8')) as { keys: { class: string }[] };
  expect(kept.keys.filter((key) => key.class === 'content' || key.class === 'document')).toEqual([]);

  expect(await after(1097).purge()).toMatchObject({ ok: true });
  // Erased, and read as erased: no failure, no damage.
  expect(await nameOfRecord()).toBeNull();
  expect(await isFoundByCompany()).toBe(false);
  const lines = await app().store.search({ type: 'retention.purged', limit: 50 });
  const said = lines.ok ? lines.value.map(({ line }) => JSON.parse(line) as { ref: string; result: string; actor: string }) : [];
  expect(said.map(({ ref }) => ref).toSorted()).toEqual(['audit', 'content', 'document', 'evidence']);
  for (const { result, actor } of said) expect(`${actor} ${result}`).toMatch(/^retention \d{4}-\d\d-\d\d key \d+ records \d+$/);
});

test('the chain holds over what was erased, here and for the verifiers of an export; the counter starts again on it', async () => {
  expect(await app().audit.verify()).toMatchObject({ ok: true, value: { intact: true } });
  const head = app().journal.head().seq;
  const made = await exportStore(app().store);
  if (canVerify()) expect(await askAll(made.folder, { key: made.fingerprint })).toEqual({ ours: `OK ${head}`, python: `OK ${head}`, shell: `OK ${head}` });
  await app().close();
  held.app = await startCounter(held.platform ?? null, { dataDir });
  expect(await app().audit.verify()).toMatchObject({ ok: true, value: { intact: true } });
  expect(await nameOfRecord()).toBeNull();
  const backup = await app().store.backup({ at: Date.now() });
  expect(backup).toMatchObject({ ok: true });
});
