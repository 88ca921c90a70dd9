import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enrolCounter, fullGrant, startPlatform, type TestCounter } from './test-counter.ts';

type Running = Awaited<ReturnType<typeof startPlatform>>;

describe('the code engine in a process of its own', () => {
  const held = {} as { engine: Running; rest: Running; counter: TestCounter };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-parts-'));
    held.engine = await startPlatform({ dataDir, role: 'engine' });
    held.rest = await startPlatform({ dataDir, now: held.engine.clock.now, partUrls: { engine: held.engine.platform.url } });
    held.counter = await enrolCounter(held.rest.platform);
  });
  afterAll(async () => {
    await held.engine.stop();
    await held.rest.remove();
  });

  test('makes codes and judges them; a one-time code is used once', async () => {
    const { code } = await held.rest.platform.mint(fullGrant({ oneTime: true }));
    expect((await held.counter.query(code)).verdict).toBe('valid');
    expect((await held.counter.query(code)).verdict).toBe('used');
  });

  test('answers nobody without the platform’s key, and nothing twice', async () => {
    const url = `${held.engine.platform.url}/internal/engine`;
    const post = (body: Uint8Array<ArrayBuffer>) => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/octet-stream' } });
    expect((await post(new Uint8Array(9))).status).toBe(403);
    const sent: Uint8Array<ArrayBuffer>[] = [];
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      if (String(input).endsWith('/internal/engine')) sent.push(new Uint8Array(init?.body as Buffer));
      return real(input, init);
    };
    try {
      await held.rest.platform.mint(fullGrant());
    } finally {
      globalThis.fetch = real;
    }
    expect((await post(sent[0] ?? new Uint8Array())).status).toBe(403);
  });

  test('when it is silent nothing is given, and the request can be made again', async () => {
    const { code } = await held.rest.platform.mint(fullGrant());
    const { port } = new URL(held.engine.platform.url);
    await held.engine.stop();
    await expect(held.counter.query(code)).rejects.toThrow();
    expect(held.rest.logged.filter((line) => line.includes('"bug"'))).toEqual([]);
    held.engine = await startPlatform({ dataDir: held.rest.dataDir, now: held.rest.clock.now, role: 'engine', port: Number(port) });
    expect((await held.counter.query(code)).verdict).toBe('valid');
  });
});
