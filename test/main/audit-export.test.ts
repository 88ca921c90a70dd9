import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { chainHash, genesisHash } from '../../domain/audit-chain.ts';
import { printAuditLine } from '../../domain/audit-entry.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { verifyExport } from '../../main/audit/export-verification.ts';
import { askAll, canVerify, harm, makeExport } from './audit-export.ts';
import { exportLines, type MacForgery } from './forged-export.ts';

// 1,000 good and 1,000 bad ones: `npm run soak -- audit --only exports`.
const held: { made?: Awaited<ReturnType<typeof makeExport>> } = {};
const draw = (limit: number): number => Math.floor(Math.random() * limit);

function made() {
  if (held.made === undefined) throw new Error('no export');
  return held.made;
}

function copied(source = made().folder): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'counter-export-')), 'copy');
  cpSync(source, folder, { recursive: true });
  return folder;
}

beforeAll(async () => {
  held.made = await makeExport(60);
});

describe.skipIf(!canVerify())('the verifiers that go with an export (sh with openssl, Python)', () => {
  test('agree with ours on good exports of any length', async () => {
    for (const entries of [2, 18]) {
      const { folder, fingerprint, platform } = await makeExport(entries);
      expect(await askAll(folder, { key: fingerprint, platform })).toEqual({ ours: `OK ${entries}`, python: `OK ${entries}`, shell: `OK ${entries}` });
    }
  });

  test('agree with ours on bad ones, down to the entry', async () => {
    for (let trial = 0; trial < 14; trial++) {
      const folder = copied();
      const what = harm(folder, draw);
      const { ours, python, shell } = await askAll(folder);
      expect([what, python, shell]).toEqual([what, ours, ours]);
      expect([what, ours.startsWith('BAD')]).toEqual([what, true]);
      rmSync(folder, { recursive: true });
    }
  });

  test('do not take another key for ours', async () => {
    const other = await makeExport(3);
    expect(await askAll(made().folder, { key: other.fingerprint })).toEqual({ ours: 'BAD 0 key', python: 'BAD 0 key', shell: 'BAD 0 key' });
  });

  test('do not take another audit centre for the one that is known', async () => {
    const other = await makeExport(3);
    const [first] = readdirSync(join(made().folder, 'countersigned'));
    const bad = `BAD ${Number(first?.slice(0, 9))} platform`;
    expect(await askAll(made().folder, { platform: other.platform })).toEqual({ ours: bad, python: bad, shell: bad });
  });

  test('find an end written anew with right hashes by the checkpoint behind it', async () => {
    const folder = copied();
    const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
    let hash = genesisHash;
    const hashes = lines.map((line, index) => {
      if (index === 39) lines[index] = line.replace('"actor":"1"', '"actor":"2"');
      hash = chainHash(hash, lines[index] ?? '');
      return hash;
    });
    writeFileSync(join(folder, 'audit.jsonl'), lines.map((line) => `${line}\n`).join(''));
    writeFileSync(join(folder, 'chain.txt'), hashes.map((line) => `${line}\n`).join(''));
    expect(await askAll(folder)).toEqual({ ours: 'BAD 51 checkpoint', python: 'BAD 51 checkpoint', shell: 'BAD 51 checkpoint' });
    // Whoever holds the first MAC key can name the very entry.
    expect(await askAll(folder, { seed: made().seed })).toEqual({ ours: 'BAD 40 mac', python: 'BAD 40 mac', shell: 'BAD 40 mac' });
  });

  test('name the same file that is not as the manifest says, the first by its order', async () => {
    const [macs, readme] = ['macs.txt', 'README.txt'].map((name) => (folder: string) => writeFileSync(join(folder, name), `${readFileSync(join(folder, name), 'utf8')}0`));
    const noTool = (folder: string): void => rmSync(join(folder, 'verify.py'));
    const noMacs = (folder: string): void => rmSync(join(folder, 'macs.txt'));
    const harms = [[macs, 'file-macs.txt'], [readme, 'file-README.txt'], [noTool, 'missing-verify.py'], [noMacs, 'missing-macs.txt']] as const;
    const small = (await makeExport(2)).folder;
    for (const [work, kind] of harms) {
      const folder = copied(small);
      work?.(folder);
      // What stands further down is harmed too, and is not the first.
      readme?.(folder);
      expect(await askAll(folder)).toEqual({ ours: `BAD 0 ${kind}`, python: `BAD 0 ${kind}`, shell: `BAD 0 ${kind}` });
    }
  });
});

describe.skipIf(!canVerify())('entries without a MAC (version 0.1.0 made none) are named by all three', () => {
  const seed = new Uint8Array(32).fill(5);
  const line = (seq: number, gen = 1): string => printAuditLine({ seq, gen, t: '2026-11-22T04:00:00.000Z', mono: 0, u: 0, actor: '1', role: 'operator', device: 'd', type: 'app.start', result: 'ok', ref: 'r', bodyHash: '0'.repeat(64) });
  const lines = Array.from({ length: 8 }, (_, index) => line(index + 1));
  const same = (said: string) => ({ ours: said, python: said, shell: said });
  const cases: readonly (readonly [string, MacForgery, string, string])[] = [
    ['the first three', { isLeftOut: (seq) => seq < 4 }, 'OK 8, without MAC 1-3, MACs checked 5', 'OK 8, without MAC 1-3'],
    ['the first', { isLeftOut: (seq) => seq === 1 }, 'OK 8, without MAC 1, MACs checked 7', 'OK 8, without MAC 1'],
    ['one behind others that have one', { isLeftOut: (seq) => seq === 3 }, 'BAD 3 mac', 'BAD 3 mac'],
    ['more than the first epoch', { isLeftOut: (seq) => seq < 6 }, 'BAD 5 mac', 'BAD 5 mac'],
    ['all of them', { isLeftOut: () => true, sizes: [8] }, 'BAD 1 mac', 'OK 8, without MAC 1-8'],
    ['the first of an earlier generation', { isLeftOut: (seq) => seq < 4, gen: 2, since: 5 }, 'OK 8, without MAC 1-3, MACs checked 4', 'OK 8, without MAC 1-3'],
  ];

  test.each(cases)('%s', async (_, { since = 1, gen = 1, ...forgery }, withKey, without) => {
    const folder = await exportLines(lines.map((one, index) => (index + 1 >= since ? line(index + 1, gen) : one)), { sizes: [4, 8], since, gen, ...forgery, seed });
    expect(await askAll(folder, { seed })).toEqual(same(withKey));
    expect(await askAll(folder)).toEqual(same(without));
  });

  test('and a wrong one is not one that is missing', async () => {
    const folder = await exportLines(lines, { seed: new Uint8Array(32).fill(6), sizes: [4, 8] });
    expect(await askAll(folder, { seed })).toEqual(same('BAD 1 mac'));
    expect(await askAll(folder)).toEqual(same('OK 8'));
  });
});

test('a closing slip finds an export that was cut back to an older, good state', async () => {
  const { folder, seed } = made();
  expect(verifyExport(folder, { seed })).toMatchObject({ ok: true, entries: 60 });
  const hashes = readFileSync(join(folder, 'chain.txt'), 'utf8').split('\n');
  expect(verifyExport(folder, { slip: { size: 51, head: hashes[50]?.slice(0, 16) ?? '' } })).toMatchObject({ ok: true });
  expect(verifyExport(folder, { slip: { size: 61, head: 'aaaaaaaaaaaaaaaa' } })).toMatchObject({ ok: false, badSeq: 61, kind: 'slip' });
  expect(verifyExport(folder, { slip: { size: 51, head: 'aaaaaaaaaaaaaaaa' } })).toMatchObject({ ok: false, badSeq: 51, kind: 'slip' });
});

test('an export holds no body, no key and nothing personal', async () => {
  const { folder, seed } = made();
  for (const name of ['audit.jsonl', 'chain.txt', 'macs.txt', 'README.txt', 'MANIFEST']) {
    const content = readFileSync(join(folder, name), 'utf8');
    expect(content.includes('云帆')).toBe(false);
    expect(content.includes(encodeHex(seed))).toBe(false);
  }
});
