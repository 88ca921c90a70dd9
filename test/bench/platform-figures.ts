import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { decryptSm2, encryptSm2, generateSm2KeyPair, pinSm2PublicKey, signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { findPostgres, startPostgres } from '../fakes/postgres.ts';
import { enrolCounter, fullGrant, logIn, queryOf, type TestCounter } from '../platform/test-counter.ts';
import { type Figure, median, printMs, printRatio } from './measuring.ts';

/** Of each of five kinds. */
const mostRecords = 1_000_000;
const asked = { verifications: 400, warmUp: 60, atOnce: 16 };

/** Verification at the platform: its cost against the SM2 it cannot do without, over processes, under half load, and as records grow. */
export async function measurePlatform(): Promise<Figure[]> {
  const before = measureSm2();
  const figures: Figure[] = [];
  const one = await withServers({ processes: 1 }, ([server], counter) => measureCost(server, counter));
  // The processor's speed changes with what else runs: before and after, and the one that flatters less.
  const limit = Math.min(before, measureSm2());
  const row = (what: string, value: string, compared: string, ratio: string, aim: string) => {
    process.stderr.write(`  ${what}: ${value}; ${compared}; ${ratio}\n`);
    figures.push({ area: 'Platform', what, value, compared, ratio, aim });
  };
  row('one verification, CPU of the server', printMs(one.cpuMs), `SM2 alone ${printMs(limit)}`, printRatio(limit / one.cpuMs), '≥ 0.7 ×');
  const half = await withServers({ processes: 1 }, ([server], counter) => measureLatency(server, counter, one.perSecond / 2));
  row('latency under half load, p50 / p99', `${printMs(half.p50)} / ${printMs(half.p99)}`, `${(one.perSecond / 2).toFixed(0)} a second`, '', '');
  const grown = await measureGrowth();
  row(`one verification at ${mostRecords} records`, printMs(grown.large), `at 1000 ${printMs(grown.small)}`, printRatio(grown.large / grown.small), '≈ 1 ×');
  if (findPostgres() === null) return figures;
  await measureProcesses(row);
  return figures;
}

async function measureProcesses(row: (what: string, value: string, compared: string, ratio: string, aim: string) => void): Promise<void> {
  const postgres = await startPostgres();
  const perSecond = async (processes: number) =>
    withServers({ processes, database: await postgres.createDatabase() }, async (servers, counter) => (await fire(servers, await sealMany(servers, counter), asked.atOnce)).perSecond);
  const [single, double] = [await perSecond(1), await perSecond(2)];
  row('two processes on PostgreSQL', `${double.toFixed(0)} a second`, `one: ${single.toFixed(0)} a second`, printRatio(double / single), '≥ 1.8 × with two free cores');
  await postgres.remove();
}

/** Head checked, request opened, answer sealed and signed: what no platform can leave out, ms of the processor. */
function measureSm2(): number {
  const [us, them] = [generateSm2KeyPair(systemRandom), generateSm2KeyPair(systemRandom)];
  const pinned = pinSm2PublicKey(them.publicKey);
  if (pinned === null) throw new Error('no key');
  const message = systemRandom(200);
  const signature = signSm2({ privateKey: them.privateKey, message, id: sm2DefaultId, random: systemRandom });
  const ciphertext = encryptSm2({ publicKey: us.publicKey, plaintext: systemRandom(900), layout: 'C1C3C2', random: systemRandom });
  // As long as a whole grant of the first sample company is.
  const answer = systemRandom(6200);
  const round = (): void => {
    const opened = decryptSm2({ privateKey: us.privateKey, ciphertext, layout: 'C1C3C2' });
    if (opened === null || !verifySm2({ key: pinned, message, signature, id: sm2DefaultId })) throw new Error('SM2');
    encryptSm2({ publicKey: them.publicKey, plaintext: answer, layout: 'C1C3C2', random: systemRandom });
    signSm2({ privateKey: us.privateKey, message, id: sm2DefaultId, random: systemRandom });
  };
  for (let n = 0; n < asked.warmUp; n++) round();
  // Time of the processor, like the server's: what other programs take is in neither.
  const before = process.cpuUsage();
  for (let n = 0; n < rounds; n++) round();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}

const rounds = 150;

interface Server {
  readonly url: string;
  readonly pid: number;
}

async function withServers<T>(
  settings: { readonly processes: number; readonly database?: string; readonly dataDir?: string },
  work: (servers: readonly Server[], counter: TestCounter) => Promise<T>,
): Promise<T> {
  const dataDir = settings.dataDir ?? mkdtempSync(path.join(tmpdir(), 'platform-bench-'));
  const children: ChildProcess[] = [];
  const servers: Server[] = [];
  for (let n = 0; n < settings.processes; n++) {
    const entry = path.resolve(import.meta.dirname, '../../platform/server.ts');
    const place = settings.database === undefined ? [] : ['--database', settings.database];
    const child = spawn(process.execPath, [entry, '--data', dataDir, '--port', '0', ...place], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    servers.push({ url, pid: child.pid ?? 0 });
  }
  try {
    const { enrolmentCode } = JSON.parse(readFileSync(path.join(dataDir, 'enrolment.json'), 'utf8')) as { enrolmentCode: string };
    // The file has the code of the process that started last.
    return await work(servers, await enrolCounter({ url: servers.at(-1)?.url ?? '', enrolmentCode }));
  } finally {
    for (const child of children) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    if (settings.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Requests sealed before the clock starts, each with an id of its own: the client must not be what is measured. */
async function sealMany(servers: readonly Server[], counter: TestCounter, count = asked.verifications + asked.warmUp): Promise<string[]> {
  const reply = await (await logIn(servers[0]?.url ?? '')).post('codes', fullGrant());
  const { code } = (await reply.json()) as { code: string };
  return Array.from({ length: count }, () => JSON.stringify(counter.seal(queryOf(code), { appToken: counter.appToken(), interfacePath: enterprisePaths.query })));
}

/** Sends bodies `atOnce` at a time to the servers in turns; `paceMs` apart when given. Answers are counted, not opened. */
async function fire(servers: readonly Server[], bodies: readonly string[], atOnce: number): Promise<{ perSecond: number; cpuMs: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  let next = 0;
  const worker = async (until: number) => {
    while (next < until) {
      const n = next++;
      await post(agent, servers[n % servers.length]?.url ?? '', bodies[n] ?? '');
    }
  };
  const run = (until: number) => Promise.all(Array.from({ length: atOnce }, () => worker(until)));
  await run(asked.warmUp);
  const cpu = servers.map(({ pid }) => cpuOf(pid));
  const started = performance.now();
  await run(bodies.length);
  const ms = performance.now() - started;
  const used = servers.reduce((sum, { pid }, n) => sum + cpuOf(pid) - (cpu[n] ?? 0), 0);
  agent.destroy();
  const done = bodies.length - asked.warmUp;
  return { perSecond: (done / ms) * 1000, cpuMs: used / done };
}

function post(agent: http.Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}${enterprisePaths.query}`, { agent, method: 'POST', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (part: string) => (text += part));
      reply.on('end', () => (text.includes('"status":"0"') ? resolve() : reject(new Error(text.slice(0, 200)))));
    });
    request.on('error', reject).end(body);
  });
}

/** User and system time of a process so far, ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measureCost(server: Server | undefined, counter: TestCounter): Promise<{ perSecond: number; cpuMs: number }> {
  if (server === undefined) throw new Error('no server');
  return fire([server], await sealMany([server], counter), asked.atOnce);
}

/** Requests at even distances, whether the one before was answered or not. */
async function measureLatency(server: Server | undefined, counter: TestCounter, perSecond: number): Promise<{ p50: number; p99: number }> {
  if (server === undefined) throw new Error('no server');
  const bodies = await sealMany([server], counter);
  const agent = new http.Agent({ keepAlive: true });
  const times: number[] = [];
  const under = bodies.map(async (body, n) => {
    await new Promise((resolve) => setTimeout(resolve, (n * 1000) / perSecond));
    const started = performance.now();
    await post(agent, server.url, body);
    if (n >= asked.warmUp) times.push(performance.now() - started);
  });
  await Promise.all(under);
  agent.destroy();
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: median(times), p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN };
}

/** The same folder with a thousand and with a million records of each kind that verifying reads or writes. */
async function measureGrowth(): Promise<{ small: number; large: number }> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-growth-'));
  const cost = async () => (await withServers({ processes: 1, dataDir }, ([server], counter) => measureCost(server, counter))).cpuMs;
  await cost();
  fillRecords(dataDir, 1000);
  const small = await cost();
  fillRecords(dataDir, mostRecords);
  const large = await cost();
  rmSync(dataDir, { recursive: true, force: true });
  return { small, large };
}

function fillRecords(dataDir: string, count: number): void {
  const db = new Database(path.join(dataDir, 'platform.sqlite'));
  const series = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})`;
  const name = "lower(hex(randomblob(32))) || i";
  db.exec(`
    insert into minted_code (code_digest, code_id, company_id, minted_at, expires_at, one_time, second_authentication, consent_sealed)
      ${series} select ${name}, ${name}, 'c', 1, 2, 0, 0, randomblob(200) from n;
    insert into verify_record (record_id, code_digest, account_id, request_id, org_code, verdict, verified_at)
      ${series} select ${name}, ${name}, 'a', 'r', 'o', 'valid', 1 from n;
    insert into query_answer (account_id, request_id, code_digest, answer_sealed, answered_at)
      ${series} select 'a', ${name}, 'd', randomblob(200), ${Date.now()} from n;
    insert into access_record (record_id, company_id, code_id, account_id, verdict, viewed_at, detail_sealed)
      ${series} select ${name}, 'c', 'i', 'a', 'valid', 1, randomblob(100) from n;
    insert into request_nonce (account_id, nonce, seen_at) ${series} select 'a', ${name}, ${Date.now()} from n;
  `);
  db.close();
}
