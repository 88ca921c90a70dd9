import { parseArgs } from 'node:util';
import { systemRandom } from '../../domain/crypto/random.ts';
import { checkCount, checkPlatform } from '../../platform/conformance/kit.ts';
import { findPostgres, startPostgres } from '../fakes/postgres.ts';
import { type FleetMember, startFleet, tenProcesses } from '../platform/fleet.ts';

// `npm run soak -- fleet` (no options): the conformance kit in both modes against one process and against ten, on SQLite and on PostgreSQL.
const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('npm run soak -- fleet (no options)');
  process.exit(0);
}
const postgres = findPostgres() === null ? null : await startPostgres();
const runs: readonly { readonly on: 'SQLite' | 'PostgreSQL'; readonly members: readonly FleetMember[] }[] = [
  { on: 'SQLite', members: ['all'] },
  { on: 'SQLite', members: tenProcesses },
  { on: 'PostgreSQL', members: ['all'] },
  { on: 'PostgreSQL', members: tenProcesses },
];
let isGood = postgres !== null;
for (const { members, on } of runs) {
  if (on === 'PostgreSQL' && postgres === null) {
    console.log('PostgreSQL is not installed');
    continue;
  }
  const database = on === 'PostgreSQL' ? await postgres?.createDatabase() : undefined;
  const fleet = await startFleet(members, database === undefined ? {} : { database });
  const outcomes = await checkPlatform({ url: fleet.url, now: Date.now, random: systemRandom, nextCode: async () => fleet.nextCode() });
  const failed = outcomes.filter(({ passed }) => !passed);
  const isWhole = failed.length === 0 && outcomes.length === 2 * checkCount && fleet.running() === members.length;
  console.log(`${on}, ${members.length} process(es): ${outcomes.length - failed.length} of ${2 * checkCount} passed`);
  for (const { clause, found, mode, what } of failed) console.log(`  FAIL ${clause} (${mode}) ${what}: ${found}`);
  isGood &&= isWhole;
  await fleet.stop();
}
await postgres?.remove();
process.exit(isGood ? 0 : 1);
