import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemRandom } from '../domain/crypto/random.ts';
import { checkCount, checkPlatform } from '../platform/conformance/kit.ts';
import { openStorage } from '../platform/storage/database.ts';
import { startFleet } from '../test/platform/fleet.ts';
import { findPostgres, type RunningPostgres, startPostgres } from '../test/fakes/postgres.ts';

const root = path.resolve(import.meta.dirname, '..');
/** The platform's own suite, less what drives drawing, pages and the file of SQLite. */
const suite = ['enterprise-query', 'sharing', 'trust', 'person-token', 'presenting', 'faults', 'durability', 'offline-submission', 'lists', 'list-forwarding', 'parts', 'routing', 'two-processes'].map((name) => `test/platform/${name}.test.ts`);

describe.skipIf(findPostgres() === null)('the platform on PostgreSQL (skipped where it is not installed)', () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  test('passes the suite that it passes on SQLite', async () => {
    const run = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...suite], {
      cwd: root,
      env: { ...process.env, COUNTER_TEST_DATABASE: await postgres.createDatabase() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [run.stdout, run.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
    const [code] = (await once(run, 'close')) as [number];
    expect(code, printed.slice(-4000)).toBe(0);
    expect(printed).toContain(`${suite.length} passed`);
  });

  // A small version of `npm run soak -- fleet`, which runs ten.
  test('passes the conformance kit in both modes in four processes: engine, audit, a province and the rest', async () => {
    const fleet = await startFleet(['audit', 'engine', 'province 330000', 'all'], { database: await postgres.createDatabase() });
    const outcomes = await checkPlatform({ url: fleet.url, now: Date.now, random: systemRandom, nextCode: async () => fleet.nextCode() });
    await fleet.stop();
    expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
    expect(outcomes).toHaveLength(2 * checkCount);
  });

  test('is brought up to date once, however many processes start at once', async () => {
    const address = await postgres.createDatabase();
    const opened = await Promise.all(Array.from({ length: 4 }, () => openStorage(address)));
    const [first] = opened;
    const use = { code_digest: 'c', account_id: 'a', used_at: Date.parse('2026-11-21T00:00:00Z') };
    await first?.write((work) => work.insertInto('enrolment_use').values(use).execute());
    // Epoch milliseconds are numbers on both engines.
    expect(await opened[3]?.db.selectFrom('enrolment_use').selectAll().execute()).toEqual([use]);
    const failing = first?.write(async (work) => {
      await work.insertInto('enrolment_use').values({ ...use, code_digest: 'd' }).execute();
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(await first?.db.selectFrom('enrolment_use').select('code_digest').execute()).toEqual([{ code_digest: 'c' }]);
    await Promise.all(opened.map((storage) => storage.close()));
  });
});
