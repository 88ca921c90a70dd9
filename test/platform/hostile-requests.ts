import { createSeededRandom, type Draw } from './seeded-random.ts';
import { enterprisePaths, enrolPath } from '../../domain/contracts/enterprise.ts';
import { sharingPaths } from '../../domain/contracts/sharing.ts';
import { presenterPaths } from '../../platform/presenting/contract.ts';
import { queryOf, type TestCounter } from './test-counter.ts';

/** A peer that was cut off would be asked nothing more. */
export const never = { prompt: 1_000_000_000, cutOff: 1_000_000_000 };

/** What hostile requests came to: how many of each HTTP status, and whatever an answer must never be. */
export interface HostileOutcome {
  readonly sent: number;
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests that broke the server, or were answered with data or with words of the program. */
  readonly faults: readonly string[];
}

const paths = [...Object.values(sharingPaths), ...Object.values(enterprisePaths), enrolPath, presenterPaths.codes, '/files/x', '/ops', '/metrics'];
/** Words that only a stack, a path or a library would say. */
const leaks = /node_modules|\.ts:|\bat \w+ \(|SQLITE|syntax error|ECONN|valibot|fastify|undefined/i;

/** Sends `count` requests: envelopes with bytes changed, cut and doubled, JSON of any shape, deep, and no JSON at all. */
export async function sendHostile(url: string, counter: TestCounter, { count, seed }: { count: number; seed: number }): Promise<HostileOutcome> {
  const draw = createSeededRandom(seed);
  const genuine = JSON.stringify(counter.seal(queryOf('nothing'), { appToken: counter.appToken(), interfacePath: enterprisePaths.query }));
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  let left = count;
  const work = async () => {
    while (left-- > 0) {
      const path = paths[draw(paths.length)] ?? '';
      const body = printBody(genuine, draw);
      const fault = await send(`${url}${path}`, body, statuses).catch((error: unknown) => String(error));
      if (fault !== null && faults.length < 20) faults.push(`${path} ${body.slice(0, 80)}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  return { sent: count, statuses, faults };
}

async function send(url: string, body: string, statuses: Record<number, number>): Promise<string | null> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  statuses[response.status] = (statuses[response.status] ?? 0) + 1;
  if (response.status >= 500) return `status ${response.status}`;
  if (leaks.test(text)) return `says ${text.slice(0, 100)}`;
  const isAnswered = /"status":"0"/.test(text) && !/"encryptData":""/.test(text);
  // A changed byte may leave the meaning as it was (case, blanks); then the nonce lets it through once.
  return isAnswered && !body.includes('"encryptData"') ? 'answered' : null;
}

function printBody(genuine: string, draw: Draw): string {
  const at = draw(genuine.length);
  const kinds: readonly (() => string)[] = [
    () => genuine.slice(0, at) + String.fromCharCode(32 + draw(95)) + genuine.slice(at + 1),
    () => genuine.slice(0, at),
    () => genuine.slice(0, at) + genuine.slice(draw(genuine.length)),
    () => JSON.stringify(printValue(draw, 4)),
    () => '['.repeat(1 + draw(50_000)),
    () => `${'{"a":'.repeat(1 + draw(20_000))}1`,
    () => JSON.stringify({ head: printValue(draw, 3), encryptData: printValue(draw, 2) }),
    () => Array.from({ length: draw(200) }, () => String.fromCharCode(draw(0x3000))).join(''),
    () => genuine.replace(/"(accountId|nonce|timestamp|sign|appToken)":"[^"]*"/, (_, name: string) => `"${name}":${JSON.stringify(printValue(draw, 2))}`),
  ];
  return (kinds[draw(kinds.length)] ?? kinds[0])?.() ?? '';
}

const words = ['', '0', "' or 1=1 --", '__proto__', 'constructor', '../../keys.json', '\u0000', '\ud800', '‮', '9'.repeat(400), '04', 'counter-1'];

function printValue(draw: Draw, depth: number): unknown {
  const kind = draw(depth > 0 ? 8 : 5);
  if (kind === 0) return null;
  if (kind === 1) return draw(2) === 0;
  if (kind === 2) return [-1, 0, 1e308, 2 ** 53, 0.1][draw(5)];
  if (kind < 5) return words[draw(words.length)];
  if (kind === 5) return Array.from({ length: draw(6) }, () => printValue(draw, depth - 1));
  return Object.fromEntries(Array.from({ length: draw(6) }, () => [words[draw(words.length)] || 'a', printValue(draw, depth - 1)]));
}
