import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chainHash } from '../../domain/audit-chain.ts';
import { parseCheckpoint, printCheckpoint } from '../../domain/audit-checkpoint.ts';
import { CheckpointReplySchema, type CheckpointReply, type CheckpointSubmit, evidencePaths } from '../../domain/contracts/evidence.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { rootOf } from '../../domain/merkle-tree.ts';
import { countersign } from '../../main/audit/countersigning.ts';
import { verifyAudit } from '../../main/audit/verification.ts';
import { listKeysAt } from '../../main/countersigning.ts';
import { leafOf } from '../../main/store/checkpoints.ts';
import type { Store } from '../../main/store/store.ts';
import { printAuditLogs } from '../../platform/operations/audit-panel.ts';
import { openLog } from '../bench/audit-log.ts';
import { enrolCounter, postJson, startPlatform, type TestCounter } from '../platform/test-counter.ts';
import * as v from 'valibot';
import { anEntry, makeFolder, openedStore, openingCase } from './store/opened-store.ts';

const held: { running?: Awaited<ReturnType<typeof startPlatform>>; counter?: TestCounter } = {};

beforeAll(async () => {
  held.running = await startPlatform();
  held.counter = await enrolCounter(held.running.platform);
});
afterAll(() => held.running?.remove());

async function submit(request: CheckpointSubmit): Promise<Result<CheckpointReply>> {
  const answer = await held.counter?.call(evidencePaths.checkpoint, request, { interfacePath: evidencePaths.checkpoint });
  const reply = v.safeParse(CheckpointReplySchema, answer?.payload);
  return reply.success ? ok(reply.output) : fail('remote/refused', String(answer?.status));
}

const platformKeys = () => held.counter?.profile.signingKeys.map(({ publicKey }) => publicKey.toLowerCase()) ?? [];
const sync = (store: Store, send = submit) => countersign({ store, submit: send, platformKeys });
const monotonic = () => 0;

async function write(store: Store, entries: number): Promise<void> {
  for (let number = 0; number < entries; number++) await store.append({ entry: anEntry({ ref: `r${number}` }), body: null, business: null });
  await store.checkpoint({ at: 1_790_000_000_000 });
}

async function begun(): Promise<{ readonly folder: string; readonly store: Store }> {
  const folder = makeFolder();
  const store = await openedStore(folder);
  await store.append(openingCase);
  await write(store, 4);
  return { folder, store };
}

test('a log is countersigned as it grows, also after days without the platform, and says so when it is checked', async () => {
  const { store } = await begun();
  expect(await sync(store)).toEqual(ok('good'));
  await write(store, 130);
  await write(store, 3);
  expect(await store.countersigning(null)).toMatchObject({ value: { waiting: 133, last: { size: 5 }, newest: { size: 138 } } });
  expect(await sync(store)).toEqual(ok('good'));
  expect(await store.countersigning(null)).toMatchObject({ value: { waiting: 0, last: { size: 138 } } });
  expect(await sync(store)).toEqual(ok('good'));
  expect(await verifyAudit({ source: store, monotonic, platformKeys })).toMatchObject({ value: { intact: true, countersigned: 138 } });
  await store.close();
});

test('an answer lost on the way is made up for', async () => {
  const { store } = await begun();
  await sync(store);
  await write(store, 3);
  expect(await sync(store, async (request) => (await submit(request), fail('remote/timeout')))).toEqual(fail('remote/timeout'));
  await write(store, 3);
  expect(await sync(store)).toEqual(ok('good'));
  await store.close();
});

test('a log that was copied back is found at the next contact, one that went on from there too, and the centre keeps the alarm', async () => {
  const { folder, store } = await begun();
  await sync(store);
  await store.close();
  const [old, onward] = [makeFolder(), makeFolder()];
  for (const copy of [old, onward]) cpSync(folder, copy, { recursive: true });
  const again = await openedStore(folder);
  await write(again, 5);
  await sync(again);
  const device = await again.auditIdentity(null);
  await again.close();
  const behind = await openedStore(old);
  expect(await sync(behind)).toEqual(ok('behind'));
  await behind.close();
  const forked = await openedStore(onward);
  await write(forked, 9);
  expect(await sync(forked)).toEqual(ok('rewritten'));
  await forked.close();
  const logs = await held.running?.platform.auditCentre.logs();
  expect(logs?.find((log) => device.ok && log.device === device.value.device)?.alarm).toBe('behind');
});

test('the centre signs with the key of now, anew what a revoked one signed, and the counter takes the word of no revoked or ended key', async () => {
  const platform = held.running?.platform;
  if (platform === undefined) throw new Error('no platform');
  const { store } = await begun();
  const control = (path: string, body: object) => postJson(`${platform.url}/ops/keys/${path}`, body, { origin: platform.url });
  const keysNow = async () => (await platform.profile()).signingKeys;
  const state = { keys: await keysNow() };
  const ask = () => countersign({ store, submit, platformKeys: (at) => listKeysAt(state.keys, at) });
  expect(await ask()).toEqual(ok('good'));
  const [first] = state.keys;
  await control('rotate', {});
  await control('revoke', { platformId: '310000', keyId: first?.keyId });
  state.keys = await keysNow();
  expect(await ask()).toEqual(ok('good'));
  await write(store, 3);
  expect(await ask()).toEqual(ok('good'));
  const kept = await store.checkpoints({ afterSize: 0, limit: 9 });
  const signers = kept.ok ? kept.value.map(({ countersigned }) => countersigned?.split(' ')[1]) : [];
  const own = state.keys.find(({ revokedAt }) => revokedAt === undefined)?.publicKey.toLowerCase();
  expect(signers.at(-1)).toBe(own);
  const key = { keyId: 'k', publicKey: '04AB', notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2026-02-01T00:00:00.000Z' };
  const times = ['2025-12-31T23:59:59.999Z', key.notBefore, '2026-01-31T23:59:59.999Z', key.notAfter].map((time) => Date.parse(time));
  expect(times.map((at) => listKeysAt([key], at))).toEqual([[], ['04ab'], ['04ab'], []]);
  expect(times.map((at) => listKeysAt([{ ...key, revokedAt: key.notAfter }], at))).toEqual([[], [], [], []]);
  await store.close();
  if (held.counter !== undefined) Object.assign(held.counter.profile, { signingKeys: state.keys });
});

test('a lesser alarm never takes the place of a greater', async () => {
  const { folder, store } = await begun();
  await sync(store);
  await store.close();
  const onward = makeFolder();
  cpSync(folder, onward, { recursive: true });
  const again = await openedStore(folder);
  await write(again, 5);
  await sync(again);
  const identity = await again.auditIdentity(null);
  await again.close();
  const forked = await openedStore(onward);
  await write(forked, 9);
  const gen = identity.ok ? identity.value.gen : 0;
  expect(await sync(forked, (request) => submit({ ...request, from: { gen, size: 10 }, proof: [] }))).toEqual(ok('rewritten'));
  await forked.close();
  const behind = await openedStore(folder);
  const old = await behind.checkpoints({ afterSize: 0, limit: 1 });
  const page = old.ok ? old.value[0] : undefined;
  if (!identity.ok || page === undefined) throw new Error('no checkpoint');
  const reply = await submit({ publicKey: encodeHex(identity.value.publicKey), text: page.text, signature: encodeBase64(page.signature), from: null, proof: [] });
  expect(reply).toMatchObject({ value: { answer: 'behind' } });
  await behind.close();
  const logs = await held.running?.platform.auditCentre.logs();
  expect(logs?.find(({ device }) => device === identity.value.device)?.alarm).toBe('rewritten');
});

test('a countersignature counts by a known key alone, what cannot be read is a failure, and unchecked MACs are said', async () => {
  const { store } = await begun();
  await sync(store);
  expect(await verifyAudit({ source: store, monotonic, platformKeys })).toMatchObject({ value: { intact: true, countersigned: 5, macsChecked: false } });
  expect(await verifyAudit({ source: store, monotonic, platformKeys: () => ['04aa'] })).toMatchObject({ value: { intact: true, countersigned: 0 } });
  const source = { ...pick(store), head: store.head, checkpoints: async () => fail('store/locked') };
  expect(await verifyAudit({ source, monotonic, platformKeys })).toEqual(fail('store/locked'));
  await store.close();
});

test('what another key says is not taken for the word of the platform', async () => {
  const { store } = await begun();
  expect(await countersign({ store, submit, platformKeys: () => ['04aa'] })).toEqual(fail('remote/forged', 'countersignature'));
  const lie = async (request: CheckpointSubmit): Promise<Result<CheckpointReply>> => {
    const reply = await submit(request);
    return reply.ok ? ok({ ...reply.value, kept: { ...reply.value.kept, t: '2020-01-01T00:00:00.000Z' } }) : reply;
  };
  expect(await sync(store, lie)).toEqual(fail('remote/forged', 'countersignature'));
  expect(await store.countersigning(null)).toMatchObject({ value: { last: null } });
  await store.close();
});

/** Everything that is on the machine, used against its own past: entry 3 changed, and all behind it made to fit with the keys of now. */
async function rewrite(folder: string): Promise<void> {
  const { db, ledger, close } = await openLog(folder);
  const { keys } = ledger;
  for (const verb of ['update', 'delete']) db.exec(`DROP TRIGGER audit_no_${verb}`);
  const hashes: string[] = [];
  for (const row of db.all('SELECT seq, line, prev_hash, hash FROM audit ORDER BY seq')) {
    const seq = Number(row['seq']);
    const line = seq === 3 ? String(row['line']).replace('"result":"ok"', '"result":"no"') : String(row['line']);
    const previous = hashes.at(-1) ?? String(row['prev_hash']);
    const hash = chainHash(previous, line);
    hashes.push(hash);
    if (seq >= 3) db.run('UPDATE audit SET line = ?, prev_hash = ?, hash = ?, mac = ? WHERE seq = ?', line, previous, hash, keys.mac(hash), seq);
  }
  for (const row of db.all('SELECT * FROM checkpoint')) {
    const said = parseCheckpoint(String(row['text']));
    if (said === null) throw new Error('no checkpoint');
    const text = printCheckpoint({ ...said, head: hashes[said.size - 1] ?? '', root: rootOf(hashes.slice(0, said.size).map(leafOf)) });
    db.run('UPDATE checkpoint SET text = ?, signature = ?, countersigned = NULL WHERE gen = ? AND size = ?', text, keys.sign(text), said.gen, said.size);
  }
  close();
}

test('the first MAC key goes to the centre and is forgotten; with it an earlier entry made anew with every key of now is found', async () => {
  const { folder, store } = await begun();
  const before = await store.auditIdentity(null);
  expect(await sync(store)).toEqual(ok('good'));
  const after = await store.auditIdentity(null);
  if (!before.ok || !after.ok || before.value.seed === null) throw new Error('no key to hand over');
  expect(after.value.seed).toBeNull();
  const log = (await held.running?.platform.auditCentre.logs())?.find(({ device }) => device === before.value.device);
  const seed = log === undefined ? null : await held.running?.platform.auditCentre.seed(log);
  expect(encodeHex(seed ?? new Uint8Array())).toBe(encodeHex(before.value.seed));
  await write(store, 7);
  expect(await verifyAudit({ source: store, monotonic, platformKeys, seed: before.value.seed })).toMatchObject({ value: { intact: true } });
  const head = await store.head(null);
  await store.close();
  await rewrite(folder);
  const forged = await openedStore(folder);
  // The anchor knows the right end: the attacker would replace it too, so it is left out of the question.
  const lines = await forged.lines({ beforeSeq: null, limit: 1 });
  const end = lines.ok ? lines.value[0] : undefined;
  const source = { ...pick(forged), head: async () => ok({ seq: end?.seq ?? 0, hash: end?.hash ?? '', firstBad: null }) };
  expect(head.ok && head.value.hash !== end?.hash).toBe(true);
  expect(await verifyAudit({ source, monotonic, platformKeys, seed: before.value.seed })).toMatchObject({ value: { firstBad: { seq: 3, kind: 'mac' } } });
  // Without it nothing in the file would tell: this is what the handing over is for.
  expect(await verifyAudit({ source, monotonic, platformKeys })).toMatchObject({ value: { intact: true } });
  await forged.close();
});

function pick(store: Store) {
  return { chain: store.chain, checkpoints: store.checkpoints, unfound: store.unfound, auditIdentity: store.auditIdentity };
}

test('the platform’s keeper sees the logs and their alarms, and reads a handed-over MAC key', { timeout: 60_000 }, async () => {
  const dataFolder = makeFolder();
  const running = await startPlatform({ dataDir: path.join(dataFolder, 'platform'), database: path.join(dataFolder, 'platform', 'platform.sqlite') });
  const counter = await enrolCounter(running.platform);
  const send = async (request: CheckpointSubmit): Promise<Result<CheckpointReply>> => {
    const answer = await counter.call(evidencePaths.checkpoint, request, { interfacePath: evidencePaths.checkpoint });
    const reply = v.safeParse(CheckpointReplySchema, answer.payload);
    return reply.success ? ok(reply.output) : fail('remote/refused', String(answer.status));
  };
  const own = { store: (await begun()).store, submit: send, platformKeys: () => counter.profile.signingKeys.map(({ publicKey }) => publicKey.toLowerCase()) };
  const before = await own.store.auditIdentity(null);
  expect(await countersign(own)).toEqual(ok('good'));
  if (!before.ok || before.value.seed === null) throw new Error('no key to hand over');
  const page = await (await fetch(`${running.platform.url}/ops`)).text();
  expect(page).toContain('终端日志 1 本，0 本有警报');
  expect(page).toContain(before.value.device);
  await running.stop();
  const ask = (...args: string[]): string => execFileSync(process.execPath, [path.resolve(import.meta.dirname, '../../main/cli.ts'), 'platform', 'audit', ...args, '--json', '--data', dataFolder], { encoding: 'utf8' });
  expect(JSON.parse(ask(before.value.device))).toMatchObject({ device: before.value.device, alarm: null, macKeys: [{ gen: 1, key: encodeHex(before.value.seed) }] });
  expect(ask()).not.toContain(encodeHex(before.value.seed));
});

test('an alarm stands out on the operations page, and no name of a device is markup there', () => {
  const log = { accountId: 'a', device: '<b>x</b>', size: 9, gen: 2, takenAt: 0, alarm: 'rewritten' };
  const panel = printAuditLogs([log]);
  expect(panel).toContain('1 本有警报');
  expect(panel).toContain('日志与已存的不符');
  expect(panel).not.toContain('<b>');
});
