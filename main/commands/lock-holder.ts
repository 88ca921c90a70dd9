import { existsSync, readFileSync, statSync } from 'node:fs';

/** The process that holds a lock on a file, by its number; null where nobody does or the system does not tell (it does on Linux). */
export function findLockHolder(file: string, locks: string = readLocks()): number | null {
  if (!existsSync(file)) return null;
  const { ino } = statSync(file);
  for (const line of locks.split('\n')) {
    const [, pid, inode] = /^\d+: \S+ +\S+ +\S+ +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line) ?? [];
    if (Number(inode) === ino && Number(pid) > 0) return Number(pid);
  }
  return null;
}

function readLocks(): string {
  return existsSync('/proc/locks') ? readFileSync('/proc/locks', 'utf8') : '';
}
