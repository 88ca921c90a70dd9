import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Call } from './command.ts';

/** Less than this and the first day's records may not fit. */
const leastFreeBytes = 32 * 1024 * 1024;

/** Where the program keeps its data when `--data` does not say otherwise: the convention of each system, no file made yet. */
export function findDataFolder(deps: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv; home: string } = systemPlaces()): string {
  const { platform, env, home } = deps;
  if (platform === 'win32') return path.win32.join(env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local'), 'Counter');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Counter');
  const named = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is to be ignored.
  const base = named !== undefined && path.isAbsolute(named) ? named : path.join(home, '.local', 'share');
  return path.join(base, 'counter');
}

/** The counter's own state and that of an embedded platform live beside each other. */
export function foldersIn(dataFolder: string): { readonly counter: string; readonly platform: string } {
  return { counter: path.join(dataFolder, 'counter'), platform: path.join(dataFolder, 'platform') };
}

/** Whether a folder is for practice: fresh, or begun with an embedded platform; one that served a real platform is none. */
export function isPracticeFolder(dataFolder: string): boolean {
  const { counter, platform } = foldersIn(dataFolder);
  return existsSync(platform) || !existsSync(path.join(counter, 'counter.db'));
}

/** The counter's folder of a call; null where no counter has kept anything, which is complained of. Makes nothing. */
export function findRecords({ dataFolder, output }: Pick<Call, 'dataFolder' | 'output'>): string | null {
  const named = dataFolder ?? findDataFolder();
  const { counter } = foldersIn(named);
  if (['counter.db', 'keys', 'backups'].some((name) => existsSync(path.join(counter, name)))) return counter;
  output.complain(`no counter has kept anything in the data folder ${named} (it would be in ${counter}). Name the right one with --data.`);
  return null;
}

/** Makes the data folder where it is missing and tries to write there; null, or the sentence that says why it cannot be used. */
export function prepareDataFolder(dataFolder: string): string | null {
  const advice = 'Choose another with --data.';
  try {
    makeFolder(dataFolder);
    const probe = path.join(dataFolder, `.writable-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? (reasons[String(error.code)] ?? String(error.code)) : 'unknown';
    return `the data folder ${dataFolder} cannot be written (${reason}). ${advice}`;
  }
  const { bavail, bsize } = statfsSync(dataFolder);
  if (bavail * bsize >= leastFreeBytes) return null;
  return `the disk of the data folder ${dataFolder} is full: ${Math.floor((bavail * bsize) / 1024 / 1024)} MB free, ${leastFreeBytes / 1024 / 1024} MB are needed. Make room, or choose another with --data.`;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EDQUOT: 'the disk has no more room for this user',
  EEXIST: 'a file is in its place',
  EIO: 'the disk fails',
  ENOENT: 'the system allows no folder there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a file is in its place',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
};

/** What a disk refused (full, read-only, no permission) as a sentence, with the file where the system names it; null for every other error. */
export function printDiskTrouble(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error) || !diskTroubles.includes(String(error.code))) return null;
  const place = 'path' in error && typeof error.path === 'string' ? error.path : 'a file';
  return `${place} cannot be read or written (${reasons[String(error.code)]}): what was asked for is not done.`;
}

const diskTroubles = ['EACCES', 'EDQUOT', 'EIO', 'ENOSPC', 'EPERM', 'EROFS'];

/** Level by level: the recursive form of Node never ends below a folder like /proc, where nothing can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function systemPlaces() {
  return { platform: process.platform, env: process.env, home: os.homedir() };
}
