import { parseArgs } from 'node:util';
import { never, sendHostile } from '../platform/hostile-requests.ts';
import { enrolCounter, startPlatform } from '../platform/test-counter.ts';

// `npm run soak -- hostile [--requests N] [--seed N]`: hostile requests against every interface; fails on a crash, a bug, a
// word of the program in an answer, or memory that grows beyond 300 MB.
const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });
const running = await startPlatform({ requestsPer10s: 10_000_000, abnormalRequests: never, now: Date.now });
const counter = await enrolCounter(running.platform);
running.logged.length = 0;
const before = process.memoryUsage().rss;
const outcome = await sendHostile(running.platform.url, counter, { count: Number(values.requests), seed: Number(values.seed) });
const bugs = running.logged.filter((line) => line.includes('"bug"')).length;
const grownMb = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
console.log(JSON.stringify({ ...outcome, bugs, grownMb }));
await running.remove();
process.exit(outcome.faults.length === 0 && bugs === 0 && grownMb < 300 ? 0 : 1);
