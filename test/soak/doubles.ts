import { parseArgs } from 'node:util';
import { startPostgres } from '../fakes/postgres.ts';
import { askDoubles } from '../platform/double-use.ts';

// `npm run soak -- doubles [--codes N] [--processes N] [--only-kills]`: each of N one-time codes asked twice at the same moment, of several
// processes on one PostgreSQL; first undisturbed, then with kill -9 of a process and of PostgreSQL in the middle.
const { values } = parseArgs({ options: { codes: { type: 'string', default: '5000' }, processes: { type: 'string', default: '4' }, 'only-kills': { type: 'boolean', default: false } } });
const [codes, processes] = [Number(values.codes), Number(values.processes)];
const postgres = await startPostgres();
let isGood = true;
try {
  for (const isDisturbed of values['only-kills'] ? [true] : [false, true]) {
    const outcome = await askDoubles({
      database: await postgres.createDatabase(),
      codes,
      processes,
      atOnce: 32,
      ...(isDisturbed
        ? {
            disturb: async (servers) => {
              await servers[1]?.kill();
              await postgres.kill();
              await postgres.restart();
              await servers[1]?.restart();
            },
          }
        : {}),
    });
    console.log(`${isDisturbed ? 'kill -9 of a process and of PostgreSQL' : 'undisturbed'}: ${JSON.stringify(outcome)}`);
    isGood &&= outcome.winners[1] === codes && outcome.changed === 0;
  }
} finally {
  await postgres.remove();
}
process.exit(isGood ? 0 : 1);
