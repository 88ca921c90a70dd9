import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCanaryCounter, lookIntoMemory, lookThrough } from '../test/fakes/canary-run.ts';
import { listPatterns, searchFiles } from '../test/fakes/canary-search.ts';
import { startPlatform } from '../test/main/running-counter.ts';

// With a browser, more cases and kills at chance moments: `npm run soak -- canary`.
const platform = await startPlatform();
const counter = createCanaryCounter(platform);
afterAll(async () => {
  counter.remove();
  await platform.close();
});

test('a canary that was planted is found, in every encoding and wherever it begins (control)', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-planted-'));
  const canaries = [{ name: 'person', content: '沈玉林' }, { name: 'phone', content: '199 0000 2101' }, { name: 'key', content: Uint8Array.from({ length: 16 }, (_, at) => 251 - at * 3) }];
  const gb18030 = Buffer.from('c9f2d3f1c1d6', 'hex');
  const plant = (bytes: Buffer): Set<string> => {
    writeFileSync(path.join(folder, 'planted'), Buffer.concat([Buffer.from('before '), bytes, Buffer.from(' after')]));
    return new Set(searchFiles([folder], listPatterns(canaries)).hits.map(({ canary, encoding }) => `${canary} ${encoding}`));
  };
  for (const { name, content } of canaries) {
    const plain = Buffer.from(content as string);
    const printed: (readonly [string, Buffer])[] = [['hex', Buffer.from(plain.toString('hex'))], ['reversed', Buffer.from(plain.toReversed())]];
    for (let before = 0; before < 3; before += 1) {
      const longer = Buffer.concat([Buffer.alloc(before, 7), plain, Buffer.alloc(5, 9)]);
      printed.push(['base64', Buffer.from(longer.toString('base64'))], ['base64url', Buffer.from(longer.toString('base64url'))]);
    }
    if (typeof content === 'string') printed.push(['utf-8', plain], ['utf-16le', Buffer.from(content, 'utf16le')]);
    for (const [encoding, bytes] of printed) expect([...plant(bytes)].some((hit) => hit.startsWith(name) && (hit.endsWith(encoding) || encoding.startsWith('base64'))), `${name} ${encoding}`).toBe(true);
  }
  expect(plant(gb18030)).toContain('person gb18030');
  expect(plant(Buffer.from('nothing here'))).toEqual(new Set());
  rmSync(folder, { recursive: true });
});

describe.skipIf(process.platform !== 'linux')('a counter that worked', () => {
  beforeAll(async () => {
    await counter.start();
    for (let round = 0; round < 5; round += 1) await counter.work(round);
  }, 600_000);

  // The program closes its memory to whoever is not the superuser.
  test.skipIf(process.getuid?.() !== 0)('after the lock no key is in memory (skipped for whoever may not read it)', { timeout: 600_000 }, async () => {
    await counter.lock();
    const { keys } = await counter.canaries();
    expect(keys.length).toBeGreaterThanOrEqual(10);
    expect(lookIntoMemory(counter.pid(), keys, { printed: false }).hits).toEqual([]);
    // The same look while somebody works must find them (control).
    await counter.logIn();
    const open = lookIntoMemory(counter.pid(), keys.slice(0, 1), { printed: false });
    expect(new Set(open.hits.map(({ canary }) => canary))).toContain('master key');
    expect(open.bytes).toBeGreaterThan(50_000_000);
  });

  test('nothing that was handled is in any file after work, lock and kill', { timeout: 600_000 }, async () => {
    await counter.lock();
    await counter.logIn();
    await counter.kill();
    const { personal, keys } = await counter.canaries();
    expect(personal.length).toBeGreaterThanOrEqual(40);
    const found = lookThrough(counter.folder, [...personal, ...keys]);
    expect(found.hits).toEqual([]);
    expect(found.files).toBeGreaterThan(5);
  });
});
