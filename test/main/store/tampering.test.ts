import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { chooseDriver } from '../../../main/store/driver-choice.ts';
import type { OpenDriver } from '../../../main/store/driver.ts';
import { type CleanLog, judge, layDown, makeCleanLog, tamperKinds } from './tampering.ts';

// The full figure (10,000 tamperings, 1,000 clean logs) is made by `npm run soak -- audit --only tamper`.
const trials = 4;
const folder = mkdtempSync(join(tmpdir(), 'counter-tampered-'));
const held: { openDriver?: OpenDriver; log?: CleanLog; earlier?: CleanLog } = {};

beforeAll(async () => {
  held.openDriver = await chooseDriver();
  Object.assign(held, makeCleanLog(held.openDriver, 130));
});

function ready() {
  const { openDriver, log, earlier } = held;
  if (openDriver === undefined || log === undefined || earlier === undefined) throw new Error('no log');
  return { openDriver, log, earlier };
}

const draw = (limit: number): number => Math.floor(Math.random() * limit);

describe('tampering with a closed log', () => {
  test.each(tamperKinds)('$name: found, and the first bad record named', async ({ work, name }) => {
    const { openDriver, log, earlier } = ready();
    for (let trial = 0; trial < trials; trial++) {
      layDown(log, folder);
      const expected = work({ folder, size: log.size, earlier }, draw);
      const { firstBad } = await judge(folder, openDriver);
      expect(firstBad, `${name} at ${expected}`).toMatchObject({ seq: expected });
    }
  });

  test('a log left alone is never accused', async () => {
    const { openDriver } = ready();
    for (let size = 1; size < 260; size += 37) {
      layDown(makeCleanLog(openDriver, size).log, folder);
      expect(await judge(folder, openDriver), String(size)).toEqual({ atStart: null, firstBad: null });
    }
  });
});
