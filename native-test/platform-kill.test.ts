import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, test } from 'vitest';
import type { MintReply } from '../platform/presenting/contract.ts';
import { enrolCounter, fullGrant, logIn, queryOf } from '../test/platform/test-counter.ts';

const rounds = 10;
const folder = mkdtempSync(path.join(tmpdir(), 'platform-kill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The platform as a process of its own; ready when its address is on the first line. */
async function startProcess(port: number): Promise<{ url: string; kill: () => Promise<void> }> {
  const entry = path.resolve(import.meta.dirname, '../platform/server.ts');
  const child: ChildProcess = spawn(process.execPath, [entry, '--data', folder, '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.stdout === null) throw new Error('no output');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url, kill };
}

test(`what the platform has answered outlives kill -9, ${rounds} times`, async () => {
  const first = await startProcess(0);
  const { enrolmentCode } = JSON.parse(readFileSync(path.join(folder, 'enrolment.json'), 'utf8')) as { enrolmentCode: string };
  const counter = await enrolCounter({ url: first.url, enrolmentCode });
  const port = Number(new URL(first.url).port);
  let running = first;
  for (let round = 0; round < rounds; round++) {
    const { code } = (await (await (await logIn(running.url)).post('codes', fullGrant({ oneTime: true }))).json()) as MintReply;
    const query = queryOf(code);
    // Other requests are under way when the process dies.
    const others = Array.from({ length: 8 }, () => counter.query(code).catch(() => null));
    const reply = await counter.query(code, query);
    await running.kill();
    await Promise.all(others);
    running = await startProcess(port);
    expect(await counter.query(code, query)).toEqual(reply);
    expect((await counter.query(code)).verdict).toBe('used');
  }
  await running.kill();
});
