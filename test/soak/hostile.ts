import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { never, sendHostile } from '../platform/hostile-requests.ts';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { sendSlowly } from '../platform/slow-clients.ts';
import { enrolCounter, fullGrant, startPlatform } from '../platform/test-counter.ts';

// `npm run soak -- hostile [--requests N] [--seed N]`: hostile requests against every interface; fails on a crash, a bug, a
// word of the program in an answer, or memory that grows beyond 300 MB. Then 2,000 connections that send a byte at a time:
// all must be ended by the platform, an honest peer served meanwhile. Then a peer that asks faster than it may.
const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } } });
if (values.help) {
  console.log('npm run soak -- hostile [--requests N] [--seed N]\n\n--requests N  hostile requests (100000)\n--seed N      of the random numbers (1)');
  process.exit(0);
}
const counted = { bugs: 0 };
const running = await startPlatform({ requestsPer10s: 10_000_000, abnormalRequests: never, now: Date.now, log: createBugLog() });
const counter = await enrolCounter(running.platform);
globalThis.gc?.();
const before = process.memoryUsage().rss;
const outcome = await sendHostile(running.platform.url, counter, { count: Number(values.requests), seed: Number(values.seed) });
globalThis.gc?.();
const { bugs } = counted;
const grownMb = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
console.log(JSON.stringify({ ...outcome, bugs, grownMb }));
const slow = sendSlowly(running.platform.url, { count: 2000, everyMs: 1000, ms: 120_000, from: '127.0.0.2' });
const { code } = await running.platform.mint(fullGrant());
// The slow ones hold the share of connections of their own address.
const honest = await counter.query(code).then(({ verdict }) => verdict, String);
const { closed, said } = await slow;
console.log(JSON.stringify({ slow: 2000, closed, said, honest }));
await running.remove();
const isBounded = await areLimitsKept();
process.exit(outcome.faults.length === 0 && bugs === 0 && grownMb < 300 && closed === 2000 && honest === 'valid' && isBounded ? 0 : 1);

/** Counts what the platform calls a bug and keeps nothing: memory is measured. */
function createBugLog() {
  return pino({ level: 'error' }, { write: (line: string) => void (line.includes('"bug"') && counted.bugs++) });
}

/** A peer that asks faster than the limit lets it. */
async function areLimitsKept(): Promise<boolean> {
  const bounded = await startPlatform({ requestsPer10s: 20, now: Date.now });
  const peer = await enrolCounter(bounded.platform);
  const asked = await Promise.all(Array.from({ length: 200 }, () => peer.call(sharingPaths.catalogue, {}).then(({ httpStatus, status }) => `${httpStatus} ${String(status)}`, String)));
  const told: Record<string, number> = {};
  for (const answer of asked) told[answer] = (told[answer] ?? 0) + 1;
  console.log(JSON.stringify({ limit: '20 in 10 s', asked: asked.length, told }));
  await bounded.remove();
  return (told['200 0'] ?? 0) < asked.length && (told['429 90'] ?? 0) > 0;
}
