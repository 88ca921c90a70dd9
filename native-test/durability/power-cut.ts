import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DriverName, OpenDriver } from '../../main/store/driver.ts';
import { findFileDamage } from '../../main/store/file-damage.ts';
import { examine, type Findings, type Promised } from './cut-store.ts';

/** One thing the recorded program did that matters when the power goes. */
export type Event =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'unlink'; readonly file: string }
  | { readonly kind: 'ack'; readonly promised: Promised };

const program = join(import.meta.dirname, '..', 'programs', 'recorded-store.ts');

/** Whether system calls can be recorded here (strace installed, ptrace allowed). */
export function canRecord(): boolean {
  return spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
}

/** Runs the recorded program once under strace; gives what it did to its files, in order, and what it promised when. */
export function recordRun(input: { readonly entries: number; readonly synchronous: 'FULL' | 'NORMAL'; readonly driver: DriverName; readonly carryOver?: number; readonly signing?: 'asked' | 'behind' }): readonly Event[] {
  const scratch = mkdtempSync(join(tmpdir(), 'counter-cut-'));
  const data = join(scratch, 'data');
  mkdirSync(data);
  try {
    const calls = 'pwrite64,write,fsync,fdatasync,ftruncate,unlink';
    const options = ['-f', '-y', '-xx', '-s', '200000', '--seccomp-bpf', '-e', `trace=${calls}`, '-o', join(scratch, 'calls')];
    const run = spawnSync('strace', [...options, process.execPath, program, data, String(input.entries), input.synchronous, input.driver, String(input.carryOver ?? 40), input.signing ?? 'asked'], { maxBuffer: 1 << 26 });
    if (run.status !== 0) throw new Error(`the recorded program failed: ${String(run.stderr)}`);
    return parseCalls(readFileSync(join(scratch, 'calls'), 'latin1'), data);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function parseCalls(text: string, folder: string): Event[] {
  const begun = new Map<string, string>();
  const events: Event[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(pid, rest.slice(0, -'<unfinished ...>'.length).trimEnd());
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const whole = resumed === null ? rest : `${begun.get(pid) ?? ''}${resumed[1] ?? ''}`;
    const event = parseCall(whole, folder);
    if (event !== null) events.push(event);
  }
  return events;
}

function parseCall(call: string, folder: string): Event | null {
  const [, name = '', descriptor = '', path = '', rest = ''] = /^(\w+)\((?:(\d+)<([^>]*)>|)(.*)$/.exec(call) ?? [];
  const result = Number(/= (-?\d+)/.exec(rest.slice(rest.lastIndexOf(')')))?.[1] ?? -1);
  if (result < 0) return null;
  const named = unescape(path);
  const file = named === folder ? folderItself : named.startsWith(`${folder}/`) ? basename(named) : null;
  const bytes = Buffer.from(unescape(/"((?:\\x[0-9a-f]{2})*)"/.exec(rest)?.[1] ?? ''), 'latin1');
  if (name === 'write' && descriptor === '1') {
    const [, seq, ref] = /^ack (\d+) (\S+)\n$/.exec(bytes.toString()) ?? [];
    return ref === undefined ? null : { kind: 'ack', promised: { seq: Number(seq), ref } };
  }
  if (name === 'unlink') {
    const target = bytes.toString();
    return target.startsWith(`${folder}/`) ? { kind: 'unlink', file: basename(target) } : null;
  }
  if (file === null) return null;
  if (name === 'pwrite64') return { kind: 'write', file, at: Number(/, (\d+)\) +=/.exec(rest)?.[1] ?? 0), bytes: bytes.subarray(0, result) };
  if (name === 'ftruncate') return { kind: 'truncate', file, size: Number(/^, (\d+)\)/.exec(rest)?.[1] ?? 0) };
  if (name === 'write') throw new Error(`a write without a place, to ${file}: the recorder would not know where`);
  return { kind: 'sync', file };
}

function unescape(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

// A removal is on the disk when its folder was synced; a new file with its own first sync.
const folderItself = '.';
const sectorLength = 512;

/** The files as they may lie on the disk when the power goes before event `at`: what was not synced is there, lost, or torn. */
export function cutPower(events: readonly Event[], at: number, random: () => number): ReadonlyMap<string, Buffer> {
  const durable = new Map<string, Buffer>();
  const pending = new Map<string, Event[]>();
  for (const event of events.slice(0, at)) {
    if (event.kind === 'ack') continue;
    if (event.kind === 'sync' && event.file === folderItself) {
      for (const [file, waiting] of pending) {
        if (!waiting.some(({ kind }) => kind === 'unlink')) continue;
        for (const done of waiting) apply(durable, done);
        pending.delete(file);
      }
    } else if (event.kind === 'sync') {
      for (const done of pending.get(event.file) ?? []) apply(durable, done);
      pending.delete(event.file);
    } else pending.set(event.file, [...(pending.get(event.file) ?? []), event]);
  }
  const manner = random();
  for (const waiting of pending.values()) {
    // All gone, an unbroken beginning, or any of them in any state: writing back knows no order without a sync.
    const until = manner < 0.25 ? 0 : manner < 0.5 ? Math.floor(random() * (waiting.length + 1)) : waiting.length;
    for (const event of waiting.slice(0, until)) {
      const fate = manner < 0.5 ? 0 : random();
      if (fate < 0.4) apply(durable, event);
      else if (fate < 0.7) applyTorn(durable, event, random);
    }
  }
  return durable;
}

function apply(files: Map<string, Buffer>, event: Event): void {
  if (event.kind === 'ack' || event.kind === 'sync') return;
  if (event.kind === 'unlink') return void files.delete(event.file);
  const before = files.get(event.file) ?? Buffer.alloc(0);
  if (event.kind === 'truncate') return void files.set(event.file, resized(before, event.size));
  const after = resized(before, Math.max(before.length, event.at + event.bytes.length));
  event.bytes.copy(after, event.at);
  files.set(event.file, after);
}

function applyTorn(files: Map<string, Buffer>, event: Event, random: () => number): void {
  if (event.kind !== 'write') return;
  for (let from = 0; from < event.bytes.length; from += sectorLength) {
    if (random() < 0.5) apply(files, { ...event, at: event.at + from, bytes: event.bytes.subarray(from, from + sectorLength) });
  }
}

function resized(bytes: Buffer, size: number): Buffer {
  const next = Buffer.alloc(size);
  bytes.copy(next, 0, 0, Math.min(size, bytes.length));
  return next;
}

const eventsOfRenewal = 8;

/** Where in a run the write-ahead log is begun anew (`log-file.ts`): from the zeros over its header on, each event until it is written to again. */
export function findRenewals(events: readonly Event[]): readonly number[] {
  return findBegins(events).flatMap((begin) => Array.from({ length: eventsOfRenewal }, (_, step) => begin + step)).filter((at) => at <= events.length);
}

const eventsOfKeyChange = 12;

/** Where in a run the key of an epoch gives way to the next (`epoch-key-file.ts`): from the next one's writing on. */
export function findKeyChanges(events: readonly Event[]): readonly number[] {
  const begins = events.flatMap((event, at) => (event.kind === 'write' && event.file === 'audit-epoch' && !isZero(event.bytes) ? [at] : []));
  return begins.flatMap((begin) => Array.from({ length: eventsOfKeyChange }, (_, step) => begin + step)).filter((at) => at <= events.length);
}

/** Cuts the power `cuts` times over one recorded run, anywhere or before one of the events `among`, and examines each remainder. */
export function examineCuts(input: { readonly events: readonly Event[]; readonly cuts: number; readonly random: () => number; readonly openDriver: OpenDriver; readonly among?: readonly number[] }): readonly Findings[] {
  const { events, cuts, random, openDriver } = input;
  const first = events.findIndex(({ kind }) => kind === 'ack');
  const among = input.among ?? Array.from({ length: events.length - first + 1 }, (_, step) => first + step);
  return Array.from({ length: cuts }, () => {
    const at = among[Math.floor(random() * among.length)] ?? first;
    const folder = mkdtempSync(join(tmpdir(), 'counter-cut-'));
    try {
      for (const [file, bytes] of cutPower(events, at, random)) writeFileSync(join(folder, file), bytes);
      const promised = events.slice(0, at).flatMap((event) => (event.kind === 'ack' ? [event.promised] : []));
      return examine(folder, openDriver, promised);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const cutsEach = 12;

/** Cuts the power when the log was begun anew and nothing came since, as a counter stands for hours; counts after how many the files look damaged. */
export function countDamagedLogs(events: readonly Event[], random: () => number): { readonly cuts: number; readonly damaged: number } {
  const begins = findBegins(events);
  const folder = mkdtempSync(join(tmpdir(), 'counter-cut-'));
  try {
    const found = begins.flatMap((begin) => {
      const next = events.findIndex((event, at) => at > begin && event.kind === 'write' && event.file.endsWith('-wal') && !isZero(event.bytes));
      return Array.from({ length: next === -1 ? 0 : cutsEach }, () => {
        for (const [name, bytes] of cutPower(events, next, random)) writeFileSync(join(folder, name), bytes);
        return findFileDamage(join(folder, 'counter.db'), true);
      });
    });
    return { cuts: found.length, damaged: found.filter((damage) => damage !== null).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findBegins(events: readonly Event[]): readonly number[] {
  return events.flatMap((event, at) => (event.kind === 'write' && event.file.endsWith('-wal') && event.at === 0 && isZero(event.bytes) ? [at] : []));
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

/** A repeatable source of numbers in [0, 1). */
export function createDice(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
