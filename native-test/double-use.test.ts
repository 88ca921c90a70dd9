import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPostgres, type RunningPostgres, startPostgres } from '../test/fakes/postgres.ts';
import { askDoubles } from '../test/platform/double-use.ts';

/** A small version of `npm run soak -- doubles`. */
describe.skipIf(findPostgres() === null)('one-time codes over several processes (skipped where PostgreSQL is not installed)', () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  test('two at once: one of them wins, whatever is killed meanwhile, and everyone is told the same again', async () => {
    const outcome = await askDoubles({
      database: await postgres.createDatabase(),
      codes: 60,
      processes: 2,
      atOnce: 6,
      disturb: async ([first]) => {
        await first?.kill();
        await postgres.kill();
        await postgres.restart();
        await first?.restart();
      },
    });
    expect(outcome).toMatchObject({ codes: 60, winners: { 1: 60 }, changed: 0 });
    expect(outcome.unanswered).toBeGreaterThan(0);
  });
});
