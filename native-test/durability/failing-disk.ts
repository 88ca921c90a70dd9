import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyAudit } from '../../main/audit/verification.ts';
import { openUnlockedStore } from '../../test/main/store/opened-store.ts';
import type { Findings, Promised } from './cut-store.ts';

/** Which system call on the database fails, and with what; `times` counts the calls on the database file and its log. */
export interface Failing {
  readonly call: 'pwrite64' | 'fdatasync' | 'fsync' | 'ftruncate';
  readonly error: 'EIO' | 'ENOSPC';
  /** `7`: the seventh call; `7+`: the seventh and all after it. */
  readonly when: string;
}

/** What came of one run on a failing disk. */
export interface FailingRun extends Findings {
  readonly promised: number;
  readonly refused: readonly string[];
  /** The program ended as it should, with nothing but failure values. */
  readonly isOrderly: boolean;
  /** How often the database file was opened while something was made to fail. */
  readonly openings: number;
}

const program = join(import.meta.dirname, '..', 'programs', 'stubborn-store.ts');

/** Runs the stubborn store in a folder with one kind of system call failing, then examines what it left on a whole disk. */
export async function runOnFailingDisk(failing: Failing | null, input: { readonly wanted: number; readonly tries: number; readonly dataDir?: string; readonly signing?: 'asked' | 'behind' }): Promise<FailingRun> {
  const folder = mkdtempSync(join(tmpdir(), 'counter-disk-'));
  const dataDir = input.dataDir ?? join(folder, 'counter');
  mkdirSync(dataDir, { recursive: true });
  try {
    const numbers = [String(input.wanted), String(input.tries), input.signing ?? 'asked'];
    const calls = join(folder, 'calls');
    const options = failing === null ? [] : ['-f', '-P', join(dataDir, 'counter.db'), '-P', join(dataDir, 'counter.db-wal'), '-o', calls, '-e', `trace=${failing.call},openat`, '-e', `inject=${failing.call}:error=${failing.error}:when=${failing.when}`];
    const command = failing === null ? [process.execPath] : ['strace', ...options, process.execPath];
    const run = spawnSync(command[0] ?? '', [...command.slice(1), program, dataDir, ...numbers], { encoding: 'utf8' });
    const lines = run.stdout.trim().split('\n');
    const promised = lines.flatMap((line) => {
      const [word, seq, ref = ''] = line.split(' ');
      return word === 'ack' ? [{ seq: Number(seq), ref }] : [];
    });
    const refused = lines.filter((line) => /^(refused|closed)/.test(line)).map((line) => line.split(' ')[1] ?? '');
    const last = lines.at(-1) ?? '';
    const found = await examineStore(dataDir, promised);
    const openings = failing === null ? 0 : readFileSync(calls, 'utf8').split('\n').filter((line) => line.includes('counter.db"')).length;
    return { ...found, openings, promised: promised.length, refused, isOrderly: run.status === 0 && (last === 'end' || last.startsWith('closed')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function examineStore(dataDir: string, promised: readonly Promised[]): Promise<Findings> {
  const opened = await openUnlockedStore(dataDir);
  if (!opened.ok) return { lost: promised.length, doubled: 0, fault: opened.failure.code };
  const store = opened.value;
  try {
    const report = await verifyAudit({ platformKeys: () => [], source: store, monotonic: () => 0 });
    const head = await store.head(null);
    const lines = await store.lines({ beforeSeq: null, limit: 1_000_000 });
    if (!report.ok || !head.ok || !lines.ok) return { lost: promised.length, doubled: 0, fault: 'unreadable' };
    const found = new Map<string, number[]>();
    for (const { seq, line } of lines.value) {
      const { ref } = JSON.parse(line) as { ref: string };
      found.set(ref, [...(found.get(ref) ?? []), seq]);
    }
    const bad = head.value.firstBad ?? report.value.firstBad;
    return {
      lost: promised.filter(({ seq, ref }) => !(found.get(ref) ?? []).includes(seq)).length,
      doubled: [...found.values()].filter((seqs) => seqs.length > 1).length,
      fault: bad === null ? null : `${bad.kind} at ${bad.seq}`,
    };
  } finally {
    await store.close();
  }
}

/** A small file system of its own in memory; null where none may be mounted (no root). */
export function mountSmallDisk(kilobytes: number): { readonly folder: string; grow(kilobytes: number): void; unmount(): void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'counter-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder]);
  if (mounted.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
  return {
    folder,
    grow: (more) => void spawnSync('mount', ['-o', `remount,size=${more}k`, folder]),
    unmount: () => {
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
