import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type EnterpriseQuery, enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { type CallResult, enrolCounter, fullGrant, queryOf, startPlatform, type TestCounter } from './test-counter.ts';

/** What came of asking each of many one-time codes twice at the same moment, of different processes. */
export interface DoubleUse {
  readonly codes: number;
  /** Codes by how many of their two requests were told `valid`; anything but all in `1` is a fault. */
  readonly winners: Readonly<Record<number, number>>;
  /** Answers that were another after the disturbance than before it: acknowledged and lost, or accepted twice. */
  readonly changed: number;
  /** Requests that got no answer while something was down; they were asked again later. */
  readonly unanswered: number;
}

/** One server process of the platform, killed as it is and started again on its port. */
export interface ServerProcess {
  readonly url: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Doubles over `processes` on one database; `disturb` is called once in the middle, and has everything up again when it returns. */
export async function askDoubles(asked: {
  readonly database: string;
  readonly codes: number;
  readonly processes: number;
  readonly atOnce: number;
  readonly disturb?: (servers: readonly ServerProcess[]) => Promise<void>;
}): Promise<DoubleUse> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-doubles-'));
  const home = await startPlatform({ dataDir, database: asked.database, now: Date.now });
  const counter = await enrolCounter(home.platform);
  const servers = await Promise.all(Array.from({ length: asked.processes }, () => startServer(dataDir, asked.database)));
  const doubles: Double[] = [];
  const disturbance = asked.disturb === undefined ? null : waitForHalf(doubles, asked.codes).then(() => asked.disturb?.(servers));
  let left = asked.codes;
  const work = async () => {
    while (left-- > 0) {
      const { code } = await untilDone(() => home.platform.mint(fullGrant({ oneTime: true, certificateTypes: [] })));
      const urls = [0, 1].map((n) => servers[(doubles.length + n) % servers.length]?.url ?? '');
      doubles.push(await askTwice(counter, code, urls));
    }
  };
  await Promise.all(Array.from({ length: asked.atOnce }, work));
  await disturbance;
  const outcome = await judge(counter, doubles, servers);
  for (const server of servers) await server.kill();
  await home.remove();
  rmSync(dataDir, { recursive: true, force: true });
  return outcome;
}

/** Two requests for one code, and what each was told in the end; `unanswered` of them had to be asked again for it. */
interface Double {
  readonly queries: readonly EnterpriseQuery[];
  readonly told: readonly string[];
  readonly unanswered: number;
}

async function askTwice(counter: TestCounter, code: string, urls: readonly string[]): Promise<Double> {
  const queries = urls.map(() => queryOf(code));
  const first = await Promise.all(queries.map((query, n) => verdictOf(counter, query, urls[n] ?? '').catch(() => null)));
  // As a counter does: at once and again, while the code still lives.
  const told = await Promise.all(queries.map((query, n) => first[n] ?? untilDone(() => verdictOf(counter, query, urls[1 - n] ?? ''))));
  return { queries, told, unanswered: first.filter((verdict) => verdict === null).length };
}

async function verdictOf(counter: TestCounter, query: EnterpriseQuery, url: string): Promise<string> {
  const answer: CallResult = await counter.call(enterprisePaths.query, query, { url });
  const { verdict } = (answer.payload ?? {}) as { verdict?: string };
  if (verdict === undefined) throw new Error(`status ${String(answer.status)}`);
  return verdict;
}

/** Every request is asked once more, of another process: it must be told what it was told before. */
async function judge(counter: TestCounter, doubles: readonly Double[], servers: readonly ServerProcess[]): Promise<DoubleUse> {
  const winners: Record<number, number> = {};
  let [changed, unanswered] = [0, 0];
  for (const { queries, told, unanswered: unheard } of doubles) {
    const again = await Promise.all(queries.map((query, n) => untilDone(() => verdictOf(counter, query, servers[(n + 2) % servers.length]?.url ?? ''))));
    const won = again.filter((verdict) => verdict === 'valid').length;
    winners[won] = (winners[won] ?? 0) + 1;
    changed += told.filter((verdict, n) => verdict !== again[n]).length;
    unanswered += unheard;
  }
  return { codes: doubles.length, winners, changed, unanswered };
}

async function untilDone<T>(work: () => Promise<T>, tries = 240): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (tries <= 1) throw error;
    await new Promise((resolve) => setTimeout(resolve, 250));
    return untilDone(work, tries - 1);
  }
}

async function waitForHalf(doubles: readonly Double[], codes: number): Promise<void> {
  while (doubles.length < codes / 2) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function startServer(dataDir: string, database: string): Promise<ServerProcess> {
  const entry = path.resolve(import.meta.dirname, '../../platform/server.ts');
  const start = async (port: string): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(process.execPath, [entry, '--data', dataDir, '--port', port, '--database', database], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, url };
  };
  const held = await start('0');
  return {
    url: held.url,
    kill: async () => {
      held.child.kill('SIGKILL');
      await once(held.child, 'exit');
    },
    restart: async () => {
      held.child = (await start(new URL(held.url).port)).child;
    },
  };
}
