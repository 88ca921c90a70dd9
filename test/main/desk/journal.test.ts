import { expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { type FailureCode, fail, ok } from '../../../domain/failure.ts';
import { createJournal, type JournalStore } from '../../../main/desk/journal.ts';

/** A journal on a store that fails with `disk.fault` while there is one. */
function aJournal() {
  const disk: { fault: FailureCode | null } = { fault: null };
  const written: string[] = [];
  const told: (FailureCode | null)[] = [];
  const append: JournalStore['append'] = async ({ entry }) => {
    if (disk.fault !== null) return fail(disk.fault);
    written.push(`${entry.type} ${entry.result}`);
    return ok({ seq: written.length, hash: `hash ${written.length}` });
  };
  const journal = createJournal({
    store: { append },
    ...{ now: () => 0, monotonic: () => 0, uncertaintyMs: () => 0 },
    identity: () => ({ actor: '1', role: 'operator', device: 'd' }),
    signer: () => null,
    random: systemRandom,
    head: { seq: 0, hash: '' },
    onRecorded: () => told.push(journal.fault()),
  });
  const note = () => journal.record({ type: 'notice.given', result: 'screen', ref: '' });
  return { journal, disk, written, told, note };
}

test('is ready without writing anything while the last entry could be written', async () => {
  const { journal, written, note } = aJournal();
  expect(await journal.ready()).toBeNull();
  await note();
  expect(await journal.ready()).toBeNull();
  expect(written).toEqual(['notice.given screen']);
});

test('after a failure it is ready only by an entry that says what had failed, once', async () => {
  const { journal, disk, written, told, note } = aJournal();
  disk.fault = 'store/full';
  expect(await note()).toMatchObject({ ok: false, failure: { code: 'store/full' } });
  expect(journal.fault()).toBe('store/full');
  expect(await journal.ready()).toBe('store/full');
  expect(written).toEqual([]);
  disk.fault = 'store/unwritable';
  expect(await journal.ready()).toBe('store/unwritable');
  disk.fault = null;
  expect(await journal.ready()).toBeNull();
  expect(written).toEqual(['record.resumed store/unwritable']);
  expect(journal.fault()).toBeNull();
  expect(await journal.ready()).toBeNull();
  expect(written).toHaveLength(1);
  expect(journal.head()).toEqual({ seq: 1, hash: 'hash 1' });
  expect(told).toEqual(['store/full', 'store/unwritable', null]);
});
