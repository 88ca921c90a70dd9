import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstCompany, fullGrant, startPlatform } from '../test/platform/test-counter.ts';

const client = path.resolve(import.meta.dirname, 'programs/independent-client.py');
const hasSm3 = spawnSync('python3', ['-c', "import hashlib; hashlib.new('sm3')"]).status === 0;

describe.skipIf(!hasSm3)('a client that shares no code with us (skipped where Python has no SM3)', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  beforeAll(async () => {
    running = await startPlatform({ now: Date.now });
  });
  afterAll(() => running.remove());

  const run = (code: string) => promisify(execFile)('python3', [client, running.platform.url, running.platform.enrolmentCode, code]);

  test('enrols, verifies a code, searches, downloads, and has the file verified', async () => {
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    const { stdout } = await run(code);
    const { name, certificates } = firstCompany();
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'valid', subject: name, found: certificates.length, format: 'PDF', genuine: '1', forged: '0' });
    await expect(run(code)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('verdict used') });
  });

  test('refuses a code that the engine did not sign', async () => {
    const { code } = await running.platform.mint(fullGrant());
    const forged = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
    await expect(run(forged)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('not signed by the engine') });
  });

  test('refuses answers that are forged or of another request', async () => {
    for (const fault of ['forgedReply', 'swappedReply'] as const) {
      running.platform.faults[fault] = true;
      const { code } = await running.platform.mint(fullGrant());
      await expect(run(code)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("not the platform's answer") });
      running.platform.faults[fault] = undefined;
    }
  });
});
