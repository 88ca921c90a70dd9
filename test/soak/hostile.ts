import { parseArgs } from 'node:util';
import { never, sendHostile } from '../platform/hostile-requests.ts';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { sendSlowly } from '../platform/slow-clients.ts';
import { enrolCounter, fullGrant, startPlatform } from '../platform/test-counter.ts';

// `npm run soak -- hostile [--requests N] [--seed N]`: hostile requests against every interface; fails on a crash, a bug, a
// word of the program in an answer, or memory that grows beyond 300 MB. Then 2,000 connections that send a byte at a time:
// all must be ended within a minute, an honest peer served meanwhile. Then the limits, at their usual values.
const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });
const running = await startPlatform({ requestsPer10s: 10_000_000, abnormalRequests: never, now: Date.now, host: '0.0.0.0' });
const counter = await enrolCounter(running.platform);
running.logged.length = 0;
const before = process.memoryUsage().rss;
const outcome = await sendHostile(running.platform.url, counter, { count: Number(values.requests), seed: Number(values.seed) });
const bugs = running.logged.filter((line) => line.includes('"bug"')).length;
const grownMb = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
console.log(JSON.stringify({ ...outcome, bugs, grownMb }));
const slow = sendSlowly(running.platform.url, { count: 2000, everyMs: 1000, ms: 120_000 });
const { code } = await running.platform.mint(fullGrant());
// The slow ones hold this address's share of connections: the honest peer is at another.
const honest = await counter.query(code, {}, { url: running.platform.url.replace('127.0.0.1', '127.0.0.2') }).then(({ verdict }) => verdict, String);
const { closed, said } = await slow;
console.log(JSON.stringify({ slow: 2000, closed, said, honest }));
await running.remove();
const isBounded = await areLimitsKept();
process.exit(outcome.faults.length === 0 && bugs === 0 && grownMb < 300 && closed === 2000 && honest === 'valid' && isBounded ? 0 : 1);

/** A peer and a stranger, each asking as fast as they can for longer than the limit lets them. */
async function areLimitsKept(): Promise<boolean> {
  const bounded = await startPlatform({ requestsPer10s: 200, now: Date.now });
  const peer = await enrolCounter(bounded.platform);
  const asked = await Promise.all(Array.from({ length: 260 }, () => peer.call(sharingPaths.catalogue, {}).then(({ httpStatus, status }) => `${httpStatus} ${String(status)}`, String)));
  const told: Record<string, number> = {};
  for (const answer of asked) told[answer] = (told[answer] ?? 0) + 1;
  console.log(JSON.stringify({ limit: 200, asked: asked.length, told }));
  await bounded.remove();
  return (told['200 0'] ?? 0) <= 200 && (told['429 90'] ?? 0) > 0;
}
