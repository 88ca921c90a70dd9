import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { systemRandom } from '../domain/crypto/random.ts';
import { createPlatform } from './app.ts';
import { readRole } from './role-option.ts';

/** Process entry: `node platform/server.ts --data DIR [--host 127.0.0.1] [--port 8710] [--database postgres://…]`; stops on SIGINT and SIGTERM. */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'data/platform' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8710' },
    database: { type: 'string' },
    role: { type: 'string', default: 'all' },
    province: { type: 'string' },
    'province-url': { type: 'string', multiple: true, default: [] },
    'part-url': { type: 'string', multiple: true, default: [] },
    public: { type: 'string' },
    'platform-id': { type: 'string' },
    'trusted-proxy': { type: 'string', multiple: true, default: [] },
  },
});

const platform = await createPlatform({
  dataDir: values.data,
  database: values.database,
  ...readRole({ ...values, provinceUrl: values['province-url'], partUrl: values['part-url'], publicUrl: values.public, platformId: values['platform-id'], trustedProxy: values['trusted-proxy'] }),
  host: values.host,
  port: Number(values.port),
  now: () => Date.now(),
  random: systemRandom,
  log: pino({ level: 'info' }, pino.destination(2)),
});
process.stdout.write(`${platform.url}\nenrolment code ${platform.enrolmentCode} (one use; also in ${values.data}/enrolment.json)\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void platform.close());
