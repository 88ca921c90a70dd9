import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { mostUnsigned } from '../../main/store/ledger.ts';
import { requiredPragmas } from '../../main/store/opening.ts';
import type { AuditQuery } from '../../main/store/records.ts';
import { openedStore } from '../main/store/opened-store.ts';
import { companyOf, entryOf, fillLog, firstAt, openLog, stepMs } from './audit-log.ts';
import { type Figure, median, printMs, printRatio } from './measuring.ts';

/** The audit log: how fast it is written, checked, opened and searched; `entries` in the large one. */
export async function measureAudit(entries: number): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-audit-'));
  try {
    const [small, large] = ['small', 'large'].map((name) => path.join(folder, name, 'counter'));
    if (small === undefined || large === undefined) throw new Error('two folders were named');
    for (const place of [small, large]) mkdirSync(place, { recursive: true });
    const append = await measureAppend(path.join(folder, 'append'));
    await fillLog(small, 1000);
    await fillLog(large, entries);
    return [append, await measureCheck(path.join(folder, 'large'), entries), await measureOpening(large, entries), await measureSearch(small, 1000), await measureSearch(large, entries)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const warmUps = 1000;
const rounds = 30;
// A round holds whole stretches between two checkpoints: without a pause the log is signed after so many entries.
const perRound = mostUnsigned;
/**
 * Entries as the store writes them (sealed body, chain, MAC, anchor, checkpoints), one after another without a pause,
 * beside bare inserts of the very rows that they became: same columns and bytes, same settings of the connection, a statement of
 * its own each, no index. Both synced each.
 */
async function measureAppend(dataDir: string): Promise<Figure> {
  mkdirSync(dataDir, { recursive: true });
  const { db, ledger, close } = await openLog(dataDir);
  // What is to be written is at hand on both sides.
  const entries = Array.from({ length: warmUps + rounds * perRound }, (_, index) => entryOf(2 * (index + 1)));
  let number = 0;
  const ours = (): void => void ledger.append(entries[number++] ?? entryOf(2 * number));
  for (let warmUp = 0; warmUp < warmUps; warmUp++) ours();
  const rows = db.all('SELECT gen, line, prev_hash, hash, body_ct, mac FROM audit').map((row) => Object.values(row));
  const bare = openBare(path.join(dataDir, 'bare.db'));
  const insert = bare.prepare('INSERT INTO entry (gen, line, prev_hash, hash, body_ct, mac) VALUES (?, ?, ?, ?, ?, ?)');
  let turn = 0;
  const theirs = (): void => void insert.run(...(rows[turn++ % rows.length] ?? []));
  for (let warmUp = 0; warmUp < warmUps; warmUp++) theirs();
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) for (const [side, work] of [['ours', ours], ['theirs', theirs]] as const) times[side].push(timeMany(work));
  bare.close();
  close();
  const [a, b] = [median(times.ours), median(times.theirs)];
  return { area: 'Audit', what: 'Append an entry, durable when it returns', value: `${(1000 / a).toFixed(0)}/s`, compared: `${(1000 / b).toFixed(0)}/s (bare SQLite FULL inserts of the same rows)`, ratio: printRatio(b / a), aim: '≥ 0.7' };
}

function openBare(file: string): Database.Database {
  const bare = new Database(file);
  for (const [name, value] of [['locking_mode', 'EXCLUSIVE'], ...requiredPragmas] as const) bare.pragma(`${name} = ${value}`);
  bare.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, gen INTEGER NOT NULL, line TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL, body_ct BLOB, mac BLOB) STRICT');
  return bare;
}

function timeMany(work: () => void): number {
  const started = performance.now();
  for (let index = 0; index < perRound; index++) work();
  return (performance.now() - started) / perRound;
}

/** The built command, in a process of its own: time and the most memory it had. */
async function measureCheck(dataFolder: string, entries: number): Promise<Figure> {
  const program = path.resolve(import.meta.dirname, '../../dist/main/cli.js');
  const started = performance.now();
  const run = spawn(process.execPath, [program, 'audit', 'verify', '--data', dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  run.stdout.on('data', (text: Buffer) => void said.push(text.toString()));
  let cost: Cost = { peakBytes: 0, cpuSeconds: 0 };
  const watching = setInterval(() => (cost = readCost(run.pid) ?? cost), 200);
  const status = await new Promise<number | null>((resolve) => run.once('close', resolve));
  clearInterval(watching);
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0 || !said.join('').startsWith(`OK: ${entries} entries`)) throw new Error(`the log does not check: ${said.join('')}`);
  const memory = cost.peakBytes === 0 ? '' : `, ${(cost.peakBytes / 1e6).toFixed(0)} MB at most`;
  const bare = readBare(path.join(dataFolder, 'counter', 'counter.db'), entries);
  const ours = cost.cpuSeconds === 0 ? { value: '', ratio: '' } : { value: `, ${cost.cpuSeconds.toFixed(1)} s of processor time`, ratio: printRatio(bare / cost.cpuSeconds) };
  return {
    area: 'Audit', what: `Check ${entries.toLocaleString('en')} entries (chain, bodies, MACs, roots, signatures)`, value: `${seconds.toFixed(1)} s${ours.value}${memory}`,
    compared: `${bare.toFixed(1)} s of processor time (bare SELECT of the same rows, OpenSSL's SM3 over line and body)`, ratio: ours.ratio, aim: '< 60 s, < 200 MB for 10⁶',
  };
}

/** Seconds of processor time to read the rows that a check reads and to digest each line and body once. */
function readBare(file: string, entries: number): number {
  const db = new Database(file, { readonly: true });
  const page = db.prepare('SELECT a.line, a.prev_hash, a.hash, a.mac, coalesce(a.body_ct, s.body_ct) AS body FROM audit a LEFT JOIN scan s ON s.audit_seq = a.seq WHERE a.seq >= ? ORDER BY a.seq LIMIT 250');
  const before = process.cpuUsage();
  for (let seq = 1; seq <= entries; seq += 250) {
    for (const { line, body } of page.all(seq) as { line: string; body: Buffer | null }[]) {
      hash('sm3', line, 'hex');
      if (body !== null) hash('sm3', body, 'hex');
    }
  }
  const { user, system } = process.cpuUsage(before);
  db.close();
  return (user + system) / 1e6;
}

interface Cost {
  readonly peakBytes: number;
  readonly cpuSeconds: number;
}

const ticksPerSecond = 100;

// What the kernel noted of a process; Linux alone says it.
function readCost(pid: number | undefined): Cost | null {
  try {
    const peak = /VmHWM:\s+([0-9]+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13).map(Number);
    return peak === null ? null : { peakBytes: Number(peak[1]) * 1024, cpuSeconds: ((user ?? 0) + (system ?? 0)) / ticksPerSecond };
  } catch {
    return null;
  }
}

/** What a start does before anything else: pragmas, the stated end, the last checkpoint's signature, the tail with its MACs, the anchor. */
async function measureOpening(dataDir: string, entries: number): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    const started = performance.now();
    const { close, ledger } = await openLog(dataDir);
    times.push(performance.now() - started);
    if (ledger.head().state !== 'ok' || ledger.head().seq !== entries) throw new Error('the log does not open well');
    close();
  }
  return { area: 'Audit', what: `Open a log of ${entries.toLocaleString('en')} entries and check its tail`, value: printMs(median(times)), compared: '', ratio: '', aim: '< 300 ms' };
}

const kindsOfQuestion = 13;

/** Every kind of question in turn, through the store's thread, the first page of 50. */
async function measureSearch(dataDir: string, entries: number): Promise<Figure> {
  const store = await openedStore(dataDir);
  const times: number[] = [];
  for (let round = 0; round < 40; round++) {
    const number = 1 + 2 * Math.floor((entries / 2 - 2) * ((round * 0.618) % 1));
    const fromAt = firstAt + number * stepMs;
    const within = { fromAt, toAt: fromAt + 8 * 3_600_000 };
    const questions: readonly Omit<AuditQuery, 'limit'>[] = [
      within, { actor: `PD${number % 12}` }, { company: companyOf(number) }, { about: `PD-${number % 5000}` }, { about: `scan-${number}` }, { state: 'expired' },
      { ...within, actor: `PD${number % 12}` }, { ...within, state: 'expired' }, { company: companyOf(number), state: 'verified' }, { ...within, type: 'data.revealed', actor: 'PD3' },
      { state: 'verified' }, { state: 'expired', actor: 'PD3' }, { type: 'data.revealed', actor: 'nobody' },
    ];
    for (const question of questions) {
      const started = performance.now();
      const found = await store.search({ ...question, limit: 50 });
      times.push(performance.now() - started);
      if (!found.ok) throw new Error(found.failure.code);
    }
  }
  await store.close();
  // The first round asks every kind of question for the first time since the start.
  const first = Math.max(...times.slice(0, kindsOfQuestion));
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  return { area: 'Audit', what: `Search ${entries.toLocaleString('en')} entries by time, operator, company, case, state, p95`, value: printMs(p95), compared: `median ${printMs(median(times))}, worst ${printMs(sorted.at(-1) ?? 0)}, slowest first of a kind ${printMs(first)}`, ratio: '', aim: '< 300 ms' };
}
