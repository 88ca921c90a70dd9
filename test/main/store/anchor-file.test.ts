import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openAnchorFile, readAnchorFile } from '../../../main/store/anchor-file.ts';
import { makeFolder } from './opened-store.ts';

const pointOf = (seq: number) => ({ gen: 1, seq, hash: String(seq).padStart(64, '0') });

test('the first is there at once, what comes after it after a turn of the thread, the newest for all of one; a sync and the closing wait for none', async () => {
  const deps = { file: join(makeFolder(), 'anchor'), key: new Uint8Array(32).fill(5) };
  const anchor = openAnchorFile(deps);
  for (const seq of [1, 2, 3]) anchor.write(pointOf(seq));
  expect(readAnchorFile(deps)).toEqual(pointOf(1));
  await turn();
  expect(readAnchorFile(deps)).toEqual(pointOf(3));
  anchor.write(pointOf(4));
  anchor.sync();
  expect(readAnchorFile(deps)).toEqual(pointOf(4));
  anchor.write(pointOf(5));
  anchor.close();
  expect(readAnchorFile(deps)).toEqual(pointOf(5));
});

test('nothing is written once it is closed, whichever file has its number then', async () => {
  const folder = makeFolder();
  const deps = { file: join(folder, 'anchor'), key: new Uint8Array(32).fill(5) };
  const anchor = openAnchorFile(deps);
  anchor.write(pointOf(1));
  anchor.close();
  const others = Array.from({ length: 20 }, (_, index) => join(folder, `other-${index}`));
  for (const other of others) writeFileSync(other, '');
  const opened = others.map((file) => openAnchorFile({ ...deps, file }));
  await turn();
  for (const one of opened) one.close();
  expect(others.map((file) => readFileSync(file).length)).toEqual(others.map(() => 0));
  expect(readAnchorFile(deps)).toEqual(pointOf(1));
});
