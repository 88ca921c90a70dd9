import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import type { AuditExport } from '../../domain/contracts/audit.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { App } from '../../main/app.ts';
import { createAuditDesk } from '../../main/audit-desk.ts';
import { askAll } from './audit-export.ts';
import { auditTypes, checkLog, clientOf, startCounter } from './running-counter.ts';

const held = {} as { app: App };
const entries = 1200;

beforeAll(async () => {
  held.app = await startCounter(null, { site: { role: 'auditor' } });
  for (let n = (await auditTypes(held.app)).length; n < entries; n++) await held.app.journal.record({ type: 'notice.given', result: 'screen', ref: `${n}` });
});
afterAll(() => held.app.close());

test('a check of the whole log tells how far it is, and its report last', async () => {
  const heard = await checkLog(held.app);
  const told = heard.flatMap((event) => (event.type === 'progress' ? [event] : []));
  expect(told.length).toBeGreaterThan(3);
  expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).toSorted((a, b) => a - b));
  expect(told.at(-1)).toMatchObject({ done: told[0]?.total });
  expect(heard.at(-1)).toMatchObject({ type: 'report', report: { intact: true, checked: told[0]?.total } });
});

test('who stops listening ends the check, and one that is ended says nothing of the log', async () => {
  const stop = new AbortController();
  let pages = 0;
  const ended = await held.app.audit.verify({ signal: stop.signal, onProgress: () => (pages += 1) && stop.abort() });
  expect(ended).toMatchObject({ ok: false, failure: { code: 'audit/stopped' } });
  expect(pages).toBe(1);
  let reads = 0;
  const { verify } = held.app.audit;
  const ends: unknown[] = [];
  const watched: App = { ...held.app, audit: { ...held.app.audit, verify: (work) => verify({ ...work, onProgress: (progress) => (reads += 1) && work?.onProgress?.(progress) }).then((report) => (ends.push(report), report)) } };
  const stream = await clientOf(watched).audit.verify();
  await stream.next();
  await stream.return?.(undefined);
  await expect.poll(() => ends).toMatchObject([{ ok: false, failure: { code: 'audit/stopped' } }]);
  expect(reads).toBeLessThan(4);
  expect(held.app.status.current().audit.state).toBe('ok');
});

test('an export from the window is the archive of what the command writes: recorded, and good to three verifiers', async () => {
  const { heard, folder } = await exportByWindow(held.app);
  const last = heard.at(-1);
  expect(last).toMatchObject({ type: 'exported', fileName: expect.stringMatching(/^counter-audit-\d{8}-\d{4}\.zip$/) });
  if (last?.type !== 'exported') throw new Error('no export');
  const name = (at: number): string => new Date(at + 8 * 3_600_000).toISOString().slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');
  expect([name(Date.now()), name(Date.now() - 60_000), name(Date.now() - 120_000)]).toContain(last.fileName.slice('counter-audit-'.length, -'.zip'.length));
  expect(await clientOf(held.app).audit.list({ beforeSeq: last.auditSeq + 1, limit: 1 })).toMatchObject([{ seq: last.auditSeq, type: 'audit.exported' }]);
  expect(last.entries).toBe(last.auditSeq);
  expect(heard.some(({ type }) => type === 'progress')).toBe(true);
  const verdict = `OK ${last.entries}`;
  expect(await askAll(folder)).toEqual({ ours: verdict, python: verdict, shell: verdict });
  expect(await askAll(folder, { key: last.fingerprint })).toMatchObject({ ours: verdict });
  const key = path.join(folder, 'audit.jsonl');
  writeFileSync(key, 'x', { flag: 'a' });
  expect((await askAll(folder)).ours).toMatch(/^BAD/);
});

test('nobody but the auditor exports where people log in', async () => {
  const operator = { id: '1', name: '甲', role: 'supervisor' } as const;
  const attended: App = { ...held.app, access: { ...held.app.access, state: () => ({ state: 'open', operator }), role: () => 'supervisor' } };
  await expect(clientOf(attended).audit.export()).rejects.toMatchObject({ data: { code: 'access/not-your-role' } });
});

async function exportByWindow(app: App): Promise<{ heard: AuditExport[]; folder: string }> {
  const heard: AuditExport[] = [];
  for await (const event of await clientOf(app).audit.export()) heard.push(event);
  const bytes = Buffer.concat(heard.flatMap((event) => (event.type === 'piece' ? [decodeBase64(event.bytesBase64) ?? new Uint8Array()] : [])));
  const place = mkdtempSync(path.join(tmpdir(), 'counter-zip-'));
  let folder = place;
  for (const [name, content] of Object.entries(unzipSync(bytes))) {
    folder = path.join(place, name.split('/')[0] ?? '');
    mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
    writeFileSync(path.join(place, name), content);
  }
  return { heard, folder };
}

test('an archive that grows past what its format can say is refused by name, and not handed out as if it were whole', async () => {
  const { store, journal, link, now } = held.app;
  const desk = createAuditDesk({ ...{ store, journal, link, now }, monotonic: () => 0, random: systemRandom, breakAudit: () => {}, mostArchived: 20_000 });
  expect(await desk.export({ take: async () => {} })).toEqual({ ok: false, failure: { code: 'audit/too-large' } });
});
