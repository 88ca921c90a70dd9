import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';

/** A real PostgreSQL in a scratch folder on a free port, ended and removed by `remove`. */
export interface RunningPostgres {
  /** Address of a fresh, empty database. */
  createDatabase(): Promise<string>;
  /** kill -9 of the whole server. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** The programs of PostgreSQL on this machine, or null: then the tests that need them are skipped, and say so. */
export function findPostgres(): string | null {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).toSorted((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => path.join(base, version, 'bin')).find((folder) => existsSync(path.join(folder, 'initdb')));
  if (found === undefined) return null;
  // The server refuses to run as root.
  return !isRoot || spawnSync('runuser', ['-u', 'postgres', '--', 'true']).status === 0 ? found : null;
}

/** Starts a server of its own; throws where `findPostgres` is null. */
export async function startPostgres(): Promise<RunningPostgres> {
  const programs = findPostgres();
  if (programs === null) throw new Error('PostgreSQL is not installed');
  const folder = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  if (isRoot) spawnSync('chown', ['postgres', folder]);
  const data = path.join(folder, 'data');
  const port = await findFreePort();
  const run = (program: string, args: readonly string[]): [string, string[]] => {
    const file = path.join(programs, program);
    return isRoot ? ['runuser', ['-u', 'postgres', '--', file, ...args]] : [file, [...args]];
  };
  const made = spawnSync(...run('initdb', ['-D', data, '-U', 'counter', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']), { cwd: folder });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr.toString()}`);
  const held: { process: ChildProcess | null; count: number } = { process: null, count: 0 };
  const address = (database: string) => `postgres://counter@127.0.0.1:${port}/${database}`;
  const start = async () => {
    const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=120', '-c', `unix_socket_directories=${folder}`];
    held.process = spawn(...run('postgres', ['-D', data, '-p', String(port), ...settings]), { stdio: 'ignore', cwd: folder });
    await untilAnswering(address('postgres'));
  };
  const end = async (signal: 'SIGINT' | 'SIGKILL') => {
    const pid = Number(readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, signal);
    if (held.process?.exitCode === null) await new Promise((resolve) => held.process?.once('exit', resolve));
  };
  await start();
  return {
    createDatabase: async () => {
      const name = `test_${process.pid}_${++held.count}`;
      await ask(address('postgres'), `create database ${name}`);
      return address(name);
    },
    kill: () => end('SIGKILL'),
    restart: start,
    remove: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One statement on a connection of its own. */
export async function ask(address: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function untilAnswering(address: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await ask(address, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
