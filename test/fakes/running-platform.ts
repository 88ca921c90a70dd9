import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** A program of its own that tells in its first JSON line where it is. */
export interface RunningProgram<Facts> {
  readonly facts: Facts;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts `counter …` from the sources in a process of its own and waits for its first line. */
export async function startProgram<Facts>(...args: string[]): Promise<RunningProgram<Facts>> {
  const child: ChildProcess = spawn(process.execPath, [path.join(root, 'main/cli.ts'), ...args, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const first = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    void ended.then(() => reject(new Error(`counter ${args.join(' ')} ended before it was ready`)));
  });
  return {
    facts: JSON.parse(first) as Facts,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** Mints one code for the sample company `round` counts to, with everything granted that it has. */
export async function createMinting(url: string, { oneTime = false }: { oneTime?: boolean } = {}): Promise<(round: number) => Promise<string>> {
  const reply = await fetch(`${url}/presenter/companies`);
  const { companies } = (await reply.json()) as {
    companies: { id: string; certificates: { typeCode: string }[]; information: { oid: string }[] }[];
  };
  return async (round) => {
    const company = companies[round % companies.length];
    if (company === undefined) throw new Error('the platform has no companies');
    const holder = { companyId: company.id, role: 'legal' };
    const json = { 'content-type': 'application/json' };
    const session = await fetch(`${url}/presenter/sessions`, { method: 'POST', headers: json, body: JSON.stringify(holder) });
    const { token } = (await session.json()) as { token: string };
    const minted = await fetch(`${url}/presenter/codes`, {
      method: 'POST',
      headers: { ...json, authorization: `Bearer ${token}` },
      body: JSON.stringify({
        companyId: company.id,
        certificateTypes: company.certificates.map(({ typeCode }) => typeCode),
        informationGroups: company.information.map(({ oid }) => oid),
        permissions: { retain: false, download: true, transfer: false },
        oneTime,
      }),
    });
    const { code } = (await minted.json()) as { code: string };
    return code;
  };
}
