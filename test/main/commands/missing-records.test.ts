import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Call } from '../../../main/commands/command.ts';
import { findRecords } from '../../../main/commands/data-folder.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-missing-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function counter(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path.join(root, 'main/cli.ts'), ...args], (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

test.each(['store check', 'store backup', 'audit verify', 'recover device-key --administrators 1,2', 'offline list'])(
  'counter %s on a folder that no counter used says so, and makes none',
  { timeout: 60_000 },
  async (line) => {
    const folder = path.join(scratch, 'mistyped');
    const said = await counter(...line.split(' '), '--data', folder);
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain(`no counter has kept anything in the data folder ${folder} `);
    expect(existsSync(folder)).toBe(false);
  },
);

test('records, keys or backups alone are enough to be worth a look', () => {
  const output: Call['output'] = { say: () => {}, complain: () => {}, record: () => {} };
  for (const kept of ['counter.db', 'keys', 'backups']) {
    const folder = path.join(scratch, kept);
    mkdirSync(path.join(folder, 'counter', kept), { recursive: true });
    expect(findRecords({ dataFolder: folder, output })).toBe(path.join(folder, 'counter'));
    // The folder of the counter itself is one too deep.
    expect(findRecords({ dataFolder: path.join(folder, 'counter'), output })).toBe(null);
  }
});
