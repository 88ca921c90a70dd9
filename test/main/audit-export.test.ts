import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { chainHash, genesisHash } from '../../domain/audit-chain.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { verifyExport } from '../../main/audit/export-verification.ts';
import { askAll, canVerify, harm, makeExport } from './audit-export.ts';

// 1,000 good and 1,000 bad ones: `npm run soak -- audit --only exports`.
const held: { made?: Awaited<ReturnType<typeof makeExport>> } = {};
const draw = (limit: number): number => Math.floor(Math.random() * limit);

function made() {
  if (held.made === undefined) throw new Error('no export');
  return held.made;
}

function copied(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'counter-export-')), 'copy');
  cpSync(made().folder, folder, { recursive: true });
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
    expect(await askAll(made().folder, { key: other.fingerprint })).toEqual({ ours: 'BAD 0', python: 'BAD 0', shell: 'BAD 0' });
  });

  test('do not take another audit centre for the one that is known', async () => {
    const other = await makeExport(3);
    const [first] = readdirSync(join(made().folder, 'countersigned'));
    const bad = `BAD ${Number(first?.slice(0, 9))}`;
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
    expect(await askAll(folder)).toEqual({ ours: 'BAD 51', python: 'BAD 51', shell: 'BAD 51' });
    // Whoever holds the first MAC key can name the very entry.
    expect(verifyExport(folder, { seed: made().seed })).toMatchObject({ ok: false, badSeq: 40, kind: 'mac' });
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
