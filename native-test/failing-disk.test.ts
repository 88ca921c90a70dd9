import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Failing, mountSmallDisk, runOnFailingDisk } from './durability/failing-disk.ts';
import { canRecord } from './durability/power-cut.ts';

// The full sweep is made by `npm run soak -- audit --only disk`.
const failings: readonly Failing[] = [
  { call: 'pwrite64', error: 'EIO', when: '3' },
  { call: 'pwrite64', error: 'EIO', when: '150' },
  { call: 'pwrite64', error: 'ENOSPC', when: '161' },
  { call: 'fsync', error: 'EIO', when: '17' },
];

// Once the store is open each sync is that of an entry or of a checkpoint, two to one.
const lasting: readonly Failing[] = [
  { call: 'pwrite64', error: 'EIO', when: '160+' },
  { call: 'fsync', error: 'EIO', when: '18+' },
  { call: 'fsync', error: 'EIO', when: '19+' },
  { call: 'fsync', error: 'EIO', when: '20+' },
];

describe.skipIf(!canRecord())('a disk that fails once (system calls made to fail by strace)', () => {
  test.each(failings)('$call number $when gives $error: no false ok, no corruption, and the work goes on', async (failing) => {
    const run = await runOnFailingDisk(failing, { wanted: 12, tries: 20 });
    expect(run).toMatchObject({ lost: 0, doubled: 0, fault: null, isOrderly: true });
    expect(run.refused).toHaveLength(1);
    expect([0, 12]).toContain(run.promised);
    for (const code of run.refused) expect(['store/unwritable', 'store/full', 'store/damaged']).toContain(code);
  });

  test('a sync that fails in a signature behind the answer refuses no entry, and the next one is written over a new connection', async () => {
    const runs = [];
    // The signature of the first hundred, wherever the messages between the threads let it come.
    for (const when of ['113', '114', '115', '116']) runs.push(await runOnFailingDisk({ call: 'fsync', error: 'EIO', when }, { wanted: 120, tries: 130, signing: 'behind' }));
    for (const run of runs) expect(run).toMatchObject({ lost: 0, doubled: 0, fault: null, isOrderly: true, promised: 120, openings: 2 });
    expect(runs.map(({ refused }) => refused.length)).toContain(0);
  });

  // What a failed sync leaves in the log may come into force at the next opening, with a checkpoint and the key after it.
  test.each(lasting)('$call from number $when on gives $error for good: said each time, and what was promised before stays', async (failing) => {
    const run = await runOnFailingDisk(failing, { wanted: 20, tries: 20 });
    expect(run).toMatchObject({ lost: 0, doubled: 0, fault: null, isOrderly: true });
    expect(run.promised).toBeGreaterThan(0);
    expect(run.refused.length).toBeGreaterThan(3);
    // Whoever tries again is told of the disk, not of another instance.
    expect(run.refused).not.toContain('store/locked');
  });
});

test('a full disk: refused with its name, what was promised stays, and work goes on when there is room', async ({ skip }) => {
  const disk = mountSmallDisk(420);
  if (disk === null) return skip('no small disk can be mounted here (not root)');
  try {
    const dataDir = join(disk.folder, 'counter');
    const full = await runOnFailingDisk(null, { wanted: 500, tries: 500, dataDir });
    expect(full).toMatchObject({ lost: 0, doubled: 0, fault: null });
    expect(full.refused.length).toBeGreaterThan(0);
    expect(new Set(full.refused)).toEqual(new Set(['store/full']));
    disk.grow(4000);
    const after = await runOnFailingDisk(null, { wanted: 5, tries: 5, dataDir });
    expect(after).toMatchObject({ fault: null, promised: 5, refused: [] });
    expect(existsSync(join(dataDir, 'counter.db'))).toBe(true);
  } finally {
    disk.unmount();
  }
});
