import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { sm3 } from '../../../domain/crypto/sm3.ts';
import { createUsbKeys } from '../../../main/usb-key/usb-key.ts';
import { compileUsbKeyStub, stubPin } from '../../fakes/usb-key-stub.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const isLinux = process.platform === 'linux';
const children: ReturnType<typeof spawn>[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const coreLimits = (pid: number): string => /^Max core file size +(.*\S)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1]?.replaceAll(/ +/g, ' ') ?? '';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A program as from a shell that lets cores be written. */
function start(command: string): number {
  const child = spawn('sh', ['-c', `ulimit -S -c unlimited; exec ${command}`], { cwd: root, stdio: ['pipe', 'ignore', 'inherit'] });
  children.push(child);
  return child.pid ?? 0;
}

test.skipIf(!isLinux)('the command line writes no core, whatever the shell lets it', { timeout: 60_000 }, async () => {
  const other = start('sleep 60');
  await until(() => coreLimits(other).startsWith('unlimited '));
  const program = start(`'${process.execPath}' --no-warnings main/cli.ts keyfile create none-such-${process.pid}.json`);
  await until(() => coreLimits(program) === '0 0 bytes');
});

test.skipIf(!isLinux)('the process that a vendor’s library has the PIN in writes no core, and only root reads its memory', { timeout: 60_000 }, async () => {
  const stub = compileUsbKeyStub();
  const choice = { library: stub.library, sm3: encodeHex(sm3(new Uint8Array(readFileSync(stub.library)))) };
  stub.behave('hang');
  const binding = createUsbKeys({ choice: () => choice, limitMs: 5000 }).bind(stubPin);
  await until(() => stub.process() !== null);
  const { pid, isDumpable } = stub.process() ?? { pid: 0, isDumpable: true };
  expect([coreLimits(pid), isDumpable]).toEqual(['0 0 bytes', false]);
  expect(await binding).toMatchObject({ ok: false });
});
