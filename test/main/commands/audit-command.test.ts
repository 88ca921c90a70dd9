import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findLockHolder } from '../../../main/commands/lock-holder.ts';
import { makeFolder, openedStore, openingCase } from '../store/opened-store.ts';

const root = path.resolve(import.meta.dirname, '../../..');

test('an export beside an open counter says who has the log and where it is shown meanwhile, and does it once that is closed', async () => {
  const folder = makeFolder();
  const dataDir = path.join(folder, 'counter');
  mkdirSync(dataDir);
  const out = path.join(folder, 'export');
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  const refused = await counter('audit', 'export', '--data', folder, '--out', out);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('审计');
  if (existsSync('/proc/locks')) expect(refused.err).toContain(`(process ${process.pid})`);
  expect(existsSync(out)).toBe(false);
  await store.close();
  expect(await counter('audit', 'export', '--data', folder, '--out', out)).toMatchObject({ code: 0 });
  expect(existsSync(path.join(out, 'MANIFEST.sig'))).toBe(true);
});

test('a closing slip says where the end of the log is not proven', async () => {
  const folder = makeFolder();
  const dataDir = path.join(folder, 'counter');
  mkdirSync(dataDir);
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  await store.close();
  expect((await counter('audit', 'slip', '--data', folder)).out).not.toContain('not proven');
  rmSync(path.join(dataDir, 'anchor'));
  expect((await counter('audit', 'slip', '--data', folder)).out).toContain('The end of the log is not proven');
});

test('a check that lacks the key for the next entry says which file is missing and what brings the log back', async () => {
  const folder = makeFolder();
  const dataDir = path.join(folder, 'counter');
  mkdirSync(dataDir);
  const store = await openedStore(dataDir);
  await store.append(openingCase);
  await store.checkpoint({ at: Date.now() });
  await store.seedHandedOver({ gen: 1 });
  await store.close();
  rmSync(path.join(dataDir, 'keys', 'audit-epoch'));
  const { code, out } = await counter('audit', 'verify', '--data', folder);
  expect(code).toBe(1);
  expect(out).toContain('(key-missing)');
  expect(out).toContain('keys/audit-epoch');
});

test('the holder of a lock is found by the file, and nobody where nobody holds it', () => {
  const file = path.join(makeFolder(), 'file');
  writeFileSync(file, '');
  expect(findLockHolder(file)).toBe(null);
  expect(findLockHolder(`${file}-not-there`)).toBe(null);
  expect(findLockHolder(file, `1: POSIX  ADVISORY  WRITE 4711 fe:00:1 0 EOF\n`)).toBe(null);
});

function counter(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path.join(root, 'main/cli.ts'), ...args], (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}
