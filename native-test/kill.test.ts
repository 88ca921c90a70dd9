import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRandom } from '../domain/crypto/random.ts';
import { verifyAudit } from '../main/audit/verification.ts';
import type { Store } from '../main/store/store.ts';
import { createPlatform, type Platform } from '../platform/app.ts';
import { openUnlockedStore } from '../test/main/store/opened-store.ts';

// `npm run soak -- audit --only kills` asks for a thousand.
const kills = Number(process.env['COUNTER_KILLS'] ?? 100);
// Every start checks what the kill before it left. The whole log, in which nothing lost comes back and nothing doubled goes, is gone through once in so many.
const checkedEach = 5;
// Most of a kill is waiting, for the disk and for the start.
const countersAtOnce = 4;
const root = join(import.meta.dirname, '..');
// Within the tree, so that packages are found from there.
const built = mkdtempSync(join(root, 'node_modules', '.counter-kill-'));
const folder = mkdtempSync(join(tmpdir(), 'counter-kill-'));
const log = { level: 'silent', child: () => log, info() {}, warn() {}, error() {}, debug() {}, trace() {}, fatal() {}, silent() {} };
const held: { platform?: Platform } = {};

beforeAll(async () => {
  await buildHost();
  held.platform = await createPlatform({ dataDir: join(folder, 'platform'), now: Date.now, random: systemRandom, host: '127.0.0.1', port: 0, log });
});

afterAll(async () => {
  await held.platform?.close();
  for (const place of [folder, built]) rmSync(place, { recursive: true, force: true });
});

interface Ack {
  readonly scanId: string;
  readonly seq: number;
  readonly state: string;
}

test(`kill -9 while scanning, ${kills} times: nothing acknowledged is lost or doubled, the chain holds`, { timeout: 6_000 * kills }, async () => {
  const platform = held.platform;
  if (platform === undefined) throw new Error('no platform');
  const counters = Array.from({ length: countersAtOnce }, (_, number) => ({ dataDir: join(folder, `counter-${number}`), acks: [] as Ack[] }));
  // One after another: an enrolment code is good for one counter.
  for (const counter of counters) await killOnce(platform, counter, { afterAckMs: 50 }, platform.enrolmentCode);
  await Promise.all(counters.map((counter) => killOften(platform, counter, Math.ceil(kills / countersAtOnce))));
  const acks = counters.flatMap((counter) => counter.acks);
  expect(acks.length).toBeGreaterThan(kills);
  expect(new Set(acks.map(({ scanId }) => scanId)).size).toBe(acks.length);
  expect(acks.some(({ state }) => state === 'verified')).toBe(true);
  expect(acks.some(({ state }) => state === 'not-a-service-code')).toBe(true);
});

interface Counter {
  readonly dataDir: string;
  readonly acks: Ack[];
}

async function killOften(platform: Platform, counter: Counter, times: number): Promise<void> {
  for (let round = 1; round < times; round++) {
    // A few are killed while they are still opening.
    await killOnce(platform, counter, round % 10 === 9 ? { afterStartMs: Math.random() * 700 } : { afterAckMs: Math.random() * 120 });
    if (round % checkedEach === 0 || round === times - 1) await checkStore(counter);
  }
}

async function killOnce(platform: Platform, { acks, dataDir }: Counter, when: KillTime, enrolmentCode = ''): Promise<void> {
  const codes = await Promise.all([0, 1, 2].map(() => mint(platform)));
  acks.push(...(await killHost(startHost([dataDir, platform.url, enrolmentCode, ...codes]), when)));
}

type KillTime = { readonly afterStartMs: number } | { readonly afterAckMs: number };

async function mint(platform: Platform): Promise<string> {
  const answer = await fetch(`${platform.url}/presenter/companies`);
  const [company] = ((await answer.json()) as { companies: { id: string; information: { oid: string }[] }[] }).companies;
  if (company === undefined) throw new Error('no sample company');
  const minted = await platform.mint({
    companyId: company.id,
    certificateTypes: [],
    informationGroups: company.information.map(({ oid }) => oid),
    permissions: { retain: true, download: false, transfer: false },
    oneTime: true,
  });
  return minted.code;
}

/** One file a thread, as the product is built: it starts in a fifth of the time that the sources take. */
async function buildHost(): Promise<void> {
  const input = { 'scanning-host': 'native-test/programs/scanning-host.ts', 'store-worker': 'main/store/worker.ts', 'slot-worker': 'main/access/slot-worker.ts', 'backup-worker': 'main/store/backup-worker.ts' };
  const output = { format: 'es', entryFileNames: '[name].js' } as const;
  await build({ configFile: false, root, logLevel: 'error', publicDir: false, build: { ssr: true, target: 'node24', outDir: built, emptyOutDir: false, rollupOptions: { input, output, external: [/^[^./]/] } } });
}

function startHost(parameters: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(built, 'scanning-host.js'), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Kills without warning after the given time; gives what the host had acknowledged by then. */
async function killHost(host: ChildProcess, when: KillTime): Promise<Ack[]> {
  const acks: Ack[] = [];
  const ended = new Promise<void>((resolve) => host.once('close', () => resolve()));
  const kill = (): void => void host.kill('SIGKILL');
  if ('afterStartMs' in when) setTimeout(kill, when.afterStartMs);
  if (host.stdout === null) throw new Error('no output to read');
  createInterface({ input: host.stdout }).on('line', (line) => {
    const [word, scanId = '', seq = '', state = ''] = line.split(' ');
    if (word !== 'ack') return;
    acks.push({ scanId, seq: Number(seq), state });
    if (acks.length === 1 && 'afterAckMs' in when) setTimeout(kill, when.afterAckMs);
  });
  await ended;
  expect(host.signalCode).toBe('SIGKILL');
  return acks;
}

/** Opens what the killed host left, as the next start would. */
async function checkStore({ acks, dataDir }: Counter): Promise<void> {
  const opened = await openUnlockedStore(dataDir);
  if (!opened.ok) throw new Error(opened.failure.code);
  const store = opened.value;
  try {
    expect(await store.head(null)).toMatchObject({ ok: true, value: { state: 'ok', firstBad: null } });
    const report = await verifyAudit({ platformKeys: () => [], source: store, monotonic: () => performance.now() });
    expect(report).toMatchObject({ ok: true, value: { intact: true, firstBad: null } });
    const recorded = await countRecords(store);
    const wrong = acks.filter(({ scanId, seq }) => recorded.get(scanId)?.join() !== String(seq));
    expect(wrong).toEqual([]);
    expect([...recorded.values()].filter((seqs) => seqs.length > 1)).toEqual([]);
  } finally {
    await store.close();
  }
}

/** Scan id → sequence numbers of the audit entries that record it, read from the lines themselves. */
async function countRecords(store: Store): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  const lines = await store.lines({ beforeSeq: null, limit: 1_000_000 });
  if (!lines.ok) throw new Error(lines.failure.code);
  for (const { seq, line } of lines.value) {
    const { type, ref } = JSON.parse(line) as { type: string; ref: string };
    if (type === 'scan.verdict') found.set(ref, [...(found.get(ref) ?? []), seq]);
  }
  const scans = await store.scans({ limit: 1_000_000 });
  if (!scans.ok) throw new Error(scans.failure.code);
  // Every entry has its business row and every row its entry.
  expect(scans.value.map(({ scanId }) => scanId).toSorted()).toEqual([...found.keys()].toSorted());
  return found;
}
