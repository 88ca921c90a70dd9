import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openMendingNotice } from '../../../main/desk/mending-notice.ts';
import type { Note } from '../../../main/desk/journal.ts';
import { anEntry, makeFolder, openedStore } from '../store/opened-store.ts';

async function startedIn(dataDir: string): Promise<readonly Note[]> {
  const store = await openedStore(dataDir);
  const notes: Note[] = [];
  const record = async (note: Note) => {
    notes.push(note);
    return { ok: true, value: { seq: 0, hash: '' } } as const;
  };
  expect(await openMendingNotice({ store, journal: { record } })).toMatchObject({ ok: true });
  await store.append({ entry: anEntry(), body: null, business: null });
  await store.close();
  return notes;
}

test('a log whose end is no longer kept outside it says so in an entry, once; a new one and one that is as it was say nothing', async () => {
  const dataDir = makeFolder();
  expect(await startedIn(dataDir)).toEqual([]);
  expect(await startedIn(dataDir)).toEqual([]);
  rmSync(join(dataDir, 'anchor'));
  expect(await startedIn(dataDir)).toEqual([{ type: 'audit.anchor-missing', result: 'missing', ref: 'entry 2' }]);
  expect(await startedIn(dataDir)).toEqual([]);
});
