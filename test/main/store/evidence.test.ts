import { copyFileSync, cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isCheckpointSigned, parseCheckpoint } from '../../../domain/audit-checkpoint.ts';
import { chainHash } from '../../../domain/audit-chain.ts';
import { parseAuditLine, printAuditLine } from '../../../domain/audit-entry.ts';
import { createEntryMac, nextEpochKey } from '../../../domain/audit-mac.ts';
import { decodeHex } from '../../../domain/crypto/hex.ts';
import { leafHash, rootOf } from '../../../domain/merkle-tree.ts';
import type { Store } from '../../../main/store/store.ts';
import { anEntry, makeFolder, openedStore, tamper } from './opened-store.ts';

async function fill(store: Store, entries: number): Promise<void> {
  for (let number = 0; number < entries; number++) expect((await store.append({ entry: anEntry({ ref: `r${number}` }), body: null, business: null })).ok).toBe(true);
}

async function valueOf<T>(outcome: Promise<{ ok: true; value: T } | { ok: false; failure: { code: string } }>): Promise<T> {
  const result = await outcome;
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

test('every hundredth entry and every wish signs the whole log: right root, right head, our key; the tree goes on over restarts', async () => {
  const dataDir = makeFolder();
  for (const more of [130, 90, 35]) {
    const store = await openedStore(dataDir);
    await fill(store, more);
    await valueOf(store.checkpoint({ at: 1_790_000_000_000 }));
    await store.close();
  }
  const store = await openedStore(dataDir);
  const { publicKey, device } = await valueOf(store.auditIdentity(null));
  const rows = await valueOf(store.chain({ fromSeq: 1, limit: 1000 }));
  const checkpoints = await valueOf(store.checkpoints({ afterSize: 0, limit: 100 }));
  // Behind the answer of the hundredth: another entry may have come before it.
  expect(checkpoints.map(({ size }) => size)).toEqual([expect.toSatisfy((size: number) => size >= 100 && size < 130), 130, 220, 255]);
  for (const [index, checkpoint] of checkpoints.entries()) {
    expect(isCheckpointSigned(publicKey, checkpoint)).toBe(true);
    const leaves = rows.slice(0, checkpoint.size).map(({ hash }) => leafHash(decodeHex(hash) ?? new Uint8Array()));
    expect(parseCheckpoint(checkpoint.text)).toMatchObject({ device, gen: 1, root: rootOf(leaves), head: rows[checkpoint.size - 1]?.hash, boot: [1, 1, 2, 3][index] });
  }
  expect(await valueOf(store.checkpoint({ at: 1 }))).toBeNull();
  await store.close();
});

test('MACs follow the ratchet from the first key, which is forgotten once it was handed over', async () => {
  const store = await openedStore(makeFolder());
  await fill(store, 210);
  const { seed, gen } = await valueOf(store.auditIdentity(null));
  if (seed === null) throw new Error('no seed');
  const ends = (await valueOf(store.checkpoints({ afterSize: 0, limit: 10 }))).map(({ size }) => size);
  expect(ends.length).toBeGreaterThan(0);
  let key = seed;
  for (const { seq, hash, mac } of await valueOf(store.chain({ fromSeq: 1, limit: 1000 }))) {
    expect(mac, String(seq)).toEqual(createEntryMac(key)(hash));
    if (ends.includes(seq)) key = nextEpochKey(key);
  }
  await store.seedHandedOver({ gen });
  expect((await valueOf(store.auditIdentity(null))).seed).toBeNull();
  await store.close();
});

test('an end written anew by somebody who holds the data key but not the epoch key is found by its MACs', async () => {
  const dataDir = makeFolder();
  const first = await openedStore(dataDir);
  await fill(first, 20);
  await first.close();
  rewriteEnd(dataDir);
  const store = await openedStore(dataDir);
  expect(await store.head(null)).toMatchObject({ value: { state: 'broken', firstBad: { seq: 15, kind: 'mac' } } });
  await store.close();
});

test('a copied-back database is found at start, with its log or without; one that was only cut off in the middle of a commit is not accused', async () => {
  for (const withLog of [false, true]) {
    const dataDir = makeFolder();
    const copy = makeFolder();
    const early = await openedStore(dataDir);
    await fill(early, 7);
    if (!withLog) await early.close();
    for (const name of withLog ? ['counter.db', 'counter.db-wal'] : ['counter.db']) copyFileSync(join(dataDir, name), join(copy, name));
    if (withLog) await early.close();
    const late = await openedStore(dataDir);
    await fill(late, 1);
    await late.close();
    for (const name of ['counter.db', 'counter.db-wal', 'counter.db-shm']) rmSync(join(dataDir, name), { force: true });
    cpSync(copy, dataDir, { recursive: true });
    const rolledBack = await openedStore(dataDir);
    expect(await rolledBack.head(null)).toMatchObject({ value: { state: 'broken', seq: 7, firstBad: { seq: 8, kind: 'rolled-back' } } });
    expect(await rolledBack.append({ entry: anEntry(), body: null, business: null })).toMatchObject({ ok: false, failure: { code: 'audit/chain-broken' } });
    await rolledBack.close();
  }
});

test('a missing database beside an anchor is a rollback to nothing; a missing or foreign anchor is said, not accused', async () => {
  const dataDir = makeFolder();
  const store = await openedStore(dataDir);
  await fill(store, 3);
  await store.close();
  const anchor = join(dataDir, 'anchor');
  for (const harm of [() => rmSync(anchor), () => writeFileSync(anchor, Buffer.alloc(8192, 7))]) {
    harm();
    const without = await openedStore(dataDir);
    expect(await without.head(null)).toMatchObject({ value: { state: 'ok', anchor: 'missing' } });
    await without.close();
    // Whoever only looks leaves it to be found by the next.
    const again = await openedStore(dataDir);
    expect(await again.head(null)).toMatchObject({ value: { state: 'ok', anchor: 'missing' } });
    expect(await again.append({ entry: anEntry(), body: null, business: null })).toMatchObject({ ok: true });
    await again.close();
    const next = await openedStore(dataDir);
    expect(await next.head(null)).toMatchObject({ value: { state: 'ok', anchor: 'ok' } });
    await next.close();
  }
  for (const name of ['counter.db', 'counter.db-wal']) rmSync(join(dataDir, name), { force: true });
  expect(existsSync(anchor)).toBe(true);
  const empty = await openedStore(dataDir);
  expect(await empty.head(null)).toMatchObject({ value: { state: 'broken', firstBad: { seq: 1, kind: 'rolled-back' } } });
  await empty.close();
});

test('a changed checkpoint is found at start: text, signature, peaks, one taken away with the entries behind it', async () => {
  const harms = [
    "UPDATE checkpoint SET text = replace(text, char(10) || '100' || char(10), char(10) || '099' || char(10))",
    "UPDATE checkpoint SET signature = x'00'",
    "UPDATE checkpoint SET peaks = zeroblob(length(peaks))",
    'UPDATE checkpoint SET size = 99',
  ];
  for (const harm of harms) {
    const dataDir = makeFolder();
    const store = await openedStore(dataDir);
    await fill(store, 100);
    await store.checkpoint({ at: 1_790_000_000_000 });
    await fill(store, 5);
    await store.close();
    tamper(dataDir, (db) => db.exec(harm));
    const opened = await openedStore(dataDir);
    expect(await opened.head(null), harm).toMatchObject({ value: { state: 'broken' } });
    await opened.close();
  }
});

/** What a thief of the machine's own key can do: write the end anew with right hashes, the anchor taken away. */
function rewriteEnd(dataDir: string): void {
  rmSync(join(dataDir, 'anchor'));
  tamper(dataDir, (db) => {
    const rows = db.prepare('SELECT seq, line, prev_hash FROM audit WHERE seq >= 15 ORDER BY seq').all() as { seq: number; line: string; prev_hash: string }[];
    let hash = rows[0]?.prev_hash ?? '';
    for (const { seq, line } of rows) {
      const entry = parseAuditLine(line);
      if (entry === null) throw new Error('unreadable line');
      const changed = printAuditLine({ ...entry, actor: 'somebody else' });
      const next = chainHash(hash, changed);
      db.prepare('UPDATE audit SET line = ?, prev_hash = ?, hash = ? WHERE seq = ?').run(changed, hash, next, seq);
      hash = next;
    }
  });
}
