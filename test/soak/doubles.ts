import { parseArgs } from 'node:util';
import { startPostgres } from '../fakes/postgres.ts';
import { askDoubles } from '../platform/double-use.ts';

// `npm run soak -- doubles [--codes N] [--processes N] [--only-kills]`: each of N one-time codes asked twice at the same moment, of several
// processes on one PostgreSQL; first undisturbed, then with kill -9 of a process and of PostgreSQL in the middle.
const { values } = parseArgs({ options: { codes: { type: 'string', default: '5000' }, processes: { type: 'string', default: '4' }, 'only-kills': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('npm run soak -- doubles [--codes N] [--processes N] [--only-kills]\n\n--codes N      one-time codes, each asked twice at once (5000)\n--processes N  processes of the platform on one PostgreSQL (4)\n--only-kills   only the run with kill -9 in the middle');
  process.exit(0);
}
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
