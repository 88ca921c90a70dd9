import type Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { chainHash, genesisHash } from '../../../domain/audit-chain.ts';
import { parseAuditLine, printAuditLine } from '../../../domain/audit-entry.ts';
import { verifyAudit } from '../../../main/audit/verification.ts';
import type { Store } from '../../../main/store/store.ts';
import { anEntry, aScan, caseId, makeFolder, openedStore, openingCase, tamper } from './opened-store.ts';

const monotonic = (): number => performance.now();

async function fill(store: Store, scans: number): Promise<void> {
  await store.append(openingCase);
  for (let number = 0; number < scans; number++) expect((await store.append(aScan(`scan-${number}`))).ok).toBe(true);
}

test('entries are chained from genesis by the hash of the domain, bodies sealed, rows beside them', async () => {
  const store = await openedStore(makeFolder());
  await fill(store, 3);
  const chain = await store.chain({ fromSeq: 1, limit: 10 });
  if (!chain.ok) throw new Error(chain.failure.code);
  let previous = genesisHash;
  for (const [index, row] of chain.value.entries()) {
    expect(row).toMatchObject({ seq: index + 1, prevHash: previous, hash: chainHash(previous, row.line) });
    expect(parseAuditLine(row.line)).toMatchObject({ seq: index + 1, gen: 1, bodyHash: row.bodyHash });
    previous = row.hash;
  }
  expect(await store.head(null)).toMatchObject({ value: { seq: 4, hash: previous, state: 'ok', firstBad: null } });
  const scans = await store.scans({ limit: 2 });
  expect(scans).toMatchObject({ value: [{ scanId: 'scan-2', auditSeq: 4 }, { scanId: 'scan-1', auditSeq: 3 }] });
  await store.close();
});

test('one transaction: when the business row cannot be written there is no audit entry either, and the other way round', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await fill(store, 1);
  const scan = aScan('scan-x');
  if (scan.business?.table !== 'scan') throw new Error('no scan');
  const orphan = { ...scan, business: { ...scan.business, scan: { ...scan.business.scan, caseId: 'no-such-case' } } };
  await expect(store.append(orphan)).rejects.toThrow('FOREIGN KEY');
  expect(await store.head(null)).toMatchObject({ value: { seq: 2 } });
  expect(await store.append(aScan('scan-y'))).toMatchObject({ ok: true, value: { seq: 3 } });
  expect(await store.seen({ codeDigest: 'digest-scan-x', now: 0 })).toEqual({ ok: true, value: null });
  expect(await store.seen({ codeDigest: 'digest-scan-y', now: 0 })).toMatchObject({ value: { scanId: 'scan-y' } });
  expect(await verifyAudit({ platformKeys: () => [], source: store, monotonic })).toMatchObject({ value: { intact: true, checked: 3 } });
  await store.close();
});

test('a retry is a second entry for the same scan: the list shows the newer one', async () => {
  const store = await openedStore(makeFolder());
  await fill(store, 2);
  await store.append(aScan('scan-0', '另一家公司'));
  const scans = await store.scans({ limit: 10 });
  expect(scans).toMatchObject({ value: [{ scanId: 'scan-0', auditSeq: 4 }, { scanId: 'scan-1' }] });
  expect(scans.ok && scans.value.length).toBe(2);
  expect(await store.openCase(null)).toMatchObject({ value: { opened: { caseId }, scans: 2 } });
  await store.close();
});

test('a case closes the one before, and only one is ever open', async () => {
  const store = await openedStore(makeFolder());
  await store.append(openingCase);
  if (openingCase.business?.table !== 'case') throw new Error('no case');
  const next = { ...openingCase.business, opened: { ...openingCase.business.opened, caseId: 'case-2', bizNum: 'PD-2', openedAt: 1_790_000_000_001 } };
  await store.append({ ...openingCase, business: next });
  expect(await store.openCase(null)).toMatchObject({ value: { opened: { caseId: 'case-2' } } });
  expect(await store.countCases({ fromAt: 1_790_000_000_000, toAt: 1_790_000_000_002 })).toEqual({ ok: true, value: 2 });
  expect(await store.bizNumTaken({ bizNum: 'PD-1' })).toEqual({ ok: true, value: true });
  expect(await store.recentMatters({ limit: 5 })).toEqual({ ok: true, value: ['001'] });
  await store.close();
});

interface Tampering {
  readonly name: string;
  readonly work: (database: Database.Database) => void;
}

const tamperings: readonly Tampering[] = [
  { name: 'a changed line', work: (db) => db.exec("UPDATE audit SET line = replace(line, 'verified', 'expired') WHERE seq = 5") },
  { name: 'a changed hash', work: (db) => db.exec("UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'f') || '' WHERE seq = (SELECT seq FROM audit WHERE substr(hash, 1, 1) <> 'f' LIMIT 1)") },
  { name: 'a changed body', work: (db) => flipBody(db, 6) },
  { name: 'a body that was taken away', work: (db) => db.exec('UPDATE scan SET body_ct = zeroblob(0) WHERE audit_seq = 6') },
  { name: 'a changed state in the row', work: (db) => db.exec("UPDATE scan SET state = 'expired' WHERE audit_seq = 6") },
  { name: 'two bodies exchanged', work: (db) => exchangeBodies(db) },
  { name: 'a deleted entry', work: (db) => db.exec('DELETE FROM scan WHERE audit_seq = 5; DELETE FROM audit WHERE seq = 5') },
  { name: 'two entries exchanged', work: (db) => db.exec('UPDATE audit SET seq = 1000 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5; UPDATE audit SET seq = 5 WHERE seq = 1000') },
  { name: 'the end cut off', work: (db) => db.exec('DELETE FROM scan WHERE audit_seq > 6; DELETE FROM audit WHERE seq > 6') },
  { name: 'the end cut off and passed off as a new generation', work: (db) => db.exec('DELETE FROM scan WHERE audit_seq > 6; DELETE FROM audit WHERE seq > 6; UPDATE audit SET gen = 2 WHERE seq = 6') },
  { name: 'MACs taken away', work: (db) => db.exec('UPDATE audit SET mac = NULL') },
  { name: 'the end written anew with right hashes', work: rewriteEnd },
];

describe('tampering with the file of a closed store', () => {
  test.each(tamperings)('$name is found at start, and nothing more is recorded', async ({ work }) => {
    const dataDir = makeFolder();
    const store = await openedStore(dataDir);
    await fill(store, 8);
    await store.close();
    tamper(dataDir, work);
    const opened = await openedStore(dataDir);
    const head = await opened.head(null);
    expect(head).toMatchObject({ ok: true, value: { state: 'broken' } });
    expect(head.ok && head.value.firstBad).not.toBeNull();
    expect(await opened.append({ entry: anEntry(), body: null, business: null })).toEqual({ ok: false, failure: { code: 'audit/chain-broken' } });
    const report = await verifyAudit({ platformKeys: () => [], source: opened, monotonic });
    if (report.ok && head.ok && head.value.seq > 0) expect(report.value).toMatchObject({ intact: false });
    await opened.close();
  });

  test('an untouched store is opened without a word, also when only the triggers went', async () => {
    const dataDir = makeFolder();
    const store = await openedStore(dataDir);
    await fill(store, 8);
    await store.close();
    tamper(dataDir, () => {});
    const opened = await openedStore(dataDir);
    expect(await opened.head(null)).toMatchObject({ value: { state: 'ok', seq: 9 } });
    expect(await verifyAudit({ platformKeys: () => [], source: opened, monotonic })).toMatchObject({ value: { intact: true, checked: 9, firstBad: null } });
    await opened.close();
  });

  test('a changed clear column or a body moved to another row does not open', async () => {
    for (const change of ['UPDATE scan SET biz_num = 9 WHERE audit_seq = 4', "UPDATE scan SET elapsed_ms = 1 WHERE audit_seq = 4"]) {
      const dataDir = makeFolder();
      const store = await openedStore(dataDir);
      await fill(store, 4);
      await store.close();
      tamper(dataDir, (db) => db.exec(change));
      const opened = await openedStore(dataDir);
      expect(await opened.scans({ limit: 10 })).toMatchObject({ ok: false, failure: { code: 'store/damaged' } });
      await opened.close();
    }
  });

  test('a change far behind the tail is found by the full verification, which names it', async () => {
    const dataDir = makeFolder();
    const store = await openedStore(dataDir);
    await fill(store, 620);
    await store.close();
    tamper(dataDir, (db) => flipBody(db, 7));
    const opened = await openedStore(dataDir);
    expect(await opened.head(null)).toMatchObject({ value: { state: 'ok' } });
    const told: number[] = [];
    const report = await verifyAudit({ platformKeys: () => [], source: opened, monotonic, onProgress: ({ checked }) => told.push(checked) });
    expect(report).toMatchObject({ value: { intact: false, checked: 6, firstBad: { seq: 7, kind: 'body' } } });
    await opened.close();
  });
});

function flipBody(db: Database.Database, seq: number): void {
  const row = db.prepare('SELECT body_ct FROM scan WHERE audit_seq = ?').get(seq) as { body_ct: Buffer };
  row.body_ct[30] = (row.body_ct[30] ?? 0) ^ 1;
  db.prepare('UPDATE scan SET body_ct = ? WHERE audit_seq = ?').run(row.body_ct, seq);
}

function exchangeBodies(db: Database.Database): void {
  const bodies = db.prepare('SELECT audit_seq, body_ct FROM scan WHERE audit_seq IN (5, 6)').all() as { audit_seq: number; body_ct: Buffer }[];
  for (const { audit_seq, body_ct } of bodies) db.prepare('UPDATE scan SET body_ct = ? WHERE audit_seq = ?').run(body_ct, 11 - audit_seq);
}

// What somebody who knows the whole program but not the key can do.
function rewriteEnd(db: Database.Database): void {
  const rows = db.prepare('SELECT seq, line, prev_hash FROM audit WHERE seq >= 6 ORDER BY seq').all() as { seq: number; line: string; prev_hash: string }[];
  let previous = rows[0]?.prev_hash ?? '';
  for (const { seq, line } of rows) {
    const entry = parseAuditLine(line);
    if (entry === null) throw new Error('unreadable line');
    const changed = printAuditLine({ ...entry, actor: 'somebody else' });
    const hash = chainHash(previous, changed);
    db.prepare('UPDATE audit SET line = ?, prev_hash = ?, hash = ? WHERE seq = ?').run(changed, previous, hash, seq);
    previous = hash;
  }
}
