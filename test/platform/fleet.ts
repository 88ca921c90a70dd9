import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import type { PlatformRole } from '../../platform/routes.ts';

/** A process of the fleet: its role, and which province where it is one. */
export type FleetMember = Exclude<PlatformRole, 'province'> | `province ${string}`;

/** One process for each role and province of Annex A. */
export const tenProcesses: readonly FleetMember[] = [
  'audit', 'trust', 'engine', 'province 310000', 'province 320000', 'province 330000', 'province 340000', 'info', 'fusion', 'portal',
];

/** A platform of several processes behind one address, on one database. */
export interface Fleet {
  readonly url: string;
  readonly dataDir: string;
  /** The code that the next counter enrols with. */
  nextCode(): string;
  /** Processes that are still there. */
  running(): number;
  stop(): Promise<void>;
}

/** What is asked by others, before those who ask. */
const askedFirst: readonly string[] = ['audit', 'trust', 'engine'];

/** Starts the members in processes of their own; without `database` they share the SQLite file of a fresh folder. */
export async function startFleet(members: readonly FleetMember[], { database }: { readonly database?: string } = {}): Promise<Fleet> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-fleet-'));
  const urls = new Map<FleetMember, string>();
  const children: ChildProcess[] = [];
  const gateway = await startGateway((asked) => urls.get(members.find((member) => member === ownerOf(asked)) ?? 'all'));
  const start = async (member: FleetMember) => {
    const [role = '', province] = member.split(' ');
    const parts = askedFirst.flatMap((part) => {
      const url = urls.get(part as FleetMember);
      return url === undefined || part === member ? [] : ['--part-url', `${part}=${url}`];
    });
    const provinces = [...urls].flatMap(([name, url]) => (name.startsWith('province ') ? ['--province-url', `${name.slice(9)}=${url}`] : []));
    const options = ['--data', dataDir, '--port', '0', '--role', role, '--public', gateway.url, ...parts, ...provinces];
    const more = [...(province === undefined ? [] : ['--province', province]), ...(database === undefined ? [] : ['--database', database])];
    const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../platform/server.ts'), ...options, ...more], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
    urls.set(member, url);
  };
  const isFirst = (member: FleetMember) => askedFirst.includes(member);
  for (const member of members.filter(isFirst)) await start(member);
  await Promise.all(members.filter((member) => member.startsWith('province ')).map(start));
  await Promise.all(members.filter((member) => !isFirst(member) && !member.startsWith('province ')).map(start));
  return {
    url: gateway.url,
    dataDir,
    nextCode: () => (JSON.parse(readFileSync(path.join(dataDir, 'enrolment.json'), 'utf8')) as { enrolmentCode: string }).enrolmentCode,
    running: () => children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).length,
    stop: async () => {
      gateway.close();
      for (const child of children) child.kill('SIGTERM');
      await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Which role serves an address. */
function ownerOf(asked: string): FleetMember {
  if (asked.startsWith('/eis/')) return 'info';
  if (asked.startsWith('/cert/') || asked.startsWith('/files/')) return 'fusion';
  if (asked.startsWith('/trust/') || asked === '/enrol') return 'trust';
  return asked.startsWith('/audit/') ? 'audit' : 'portal';
}

/** A connection that was kept and has been closed meanwhile has carried nothing: as every gateway does, it is tried once more. */
async function passOn(agent: http.Agent, target: string, request: http.IncomingMessage, reply: http.ServerResponse): Promise<void> {
  const body = await buffer(request).catch(() => null);
  if (body === null) return void reply.destroy();
  const send = (mayRepeat: boolean): void => {
    const onward = http.request(`${target}${request.url ?? ''}`, { agent, method: request.method, headers: { ...request.headers, host: new URL(target).host } }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    onward.on('error', () => (mayRepeat && onward.reusedSocket && !reply.headersSent ? send(false) : reply.destroy()));
    onward.end(body);
  };
  send(true);
}

async function startGateway(find: (asked: string) => string | undefined): Promise<{ url: string; close: () => void }> {
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, reply) => {
    const target = find(request.url ?? '/');
    if (target === undefined) return void reply.writeHead(502).end();
    void passOn(agent, target, request, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      agent.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}
