import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { counterContract } from '../../domain/contracts/counter.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { type App, createApp } from '../../main/app.ts';
import { createKioskHost, type KioskHost } from '../../main/kiosk.ts';

const folder = mkdtempSync(join(tmpdir(), 'counter-kiosk-'));
const windowDir = join(folder, 'window');
const held = {} as { app: App; host: KioskHost; port: number; token: string };
const quiet = { info: () => {}, warn: () => {}, error: () => {} };

beforeAll(async () => {
  mkdirSync(join(windowDir, 'assets'), { recursive: true });
  writeFileSync(join(windowDir, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  writeFileSync(join(windowDir, 'assets', 'a.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  const app = await createApp({
    dataDir: join(folder, 'data'),
    version: '1',
    shell: 'kiosk',
    now: Date.now,
    monotonic: () => performance.now(),
    random: systemRandom,
    unattended: true,
    log: quiet,
  });
  if (!app.ok) throw new Error(app.failure.code);
  const host = await createKioskHost({ app: app.value, random: systemRandom, windowDir, port: 0 });
  if (host === null) throw new Error('not built');
  Object.assign(held, { app: app.value, host, port: Number(new URL(host.origin).port), token: host.address.split('#t=')[1] });
});

afterAll(async () => {
  await held.host.close();
  await held.app.close();
});

/** Sends bytes as they are and gives all that comes back. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: held.port }, () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      answer += chunk;
      if (/^HTTP\/1\.1 (101|200)/.test(answer)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(5000, () => socket.destroy());
  });
}

const get = (lines: readonly string[], path = '/', version = '1.1'): Promise<string> => sendRaw([`GET ${path} HTTP/${version}`, ...lines, '', ''].join('\r\n'));
const ours = (): string => `Host: 127.0.0.1:${held.port}`;
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(answer)?.[1] ?? 0);

describe('requests', () => {
  test('our own host gets the page under a nonce of its own and the strictest headers', async () => {
    const [first, second] = await Promise.all([get([ours()]), get([ours(), 'Sec-Fetch-Site: none'])]);
    expect(statusOf(first)).toBe(200);
    const nonceOf = (answer: string): string => /'nonce-([^']+)'/.exec(answer)?.[1] ?? '';
    expect(first).toContain(`content="${nonceOf(first)}"`);
    expect(nonceOf(first)).toMatch(/^.{22}==$/);
    expect(nonceOf(first)).not.toBe(nonceOf(second));
    for (const line of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'", `connect-src 'self' ws://127.0.0.1:${held.port}`]) expect(first).toContain(line);
    expect(first).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    for (const line of ['Cross-Origin-Opener-Policy: same-origin', 'Cross-Origin-Embedder-Policy: require-corp', 'Cross-Origin-Resource-Policy: same-origin', 'X-Content-Type-Options: nosniff']) expect(first).toContain(line);
    expect(first).not.toMatch(/access-control|x-powered-by|^server:/im);
    expect(first).not.toContain(held.token);
  });

  const foreignHosts = [
    'evil.test',
    'localhost:PORT',
    'localhost.:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.test:PORT',
    '127.0.0.1:PORT.evil.test',
    'user@127.0.0.1:PORT',
    '[::1]:PORT',
    '127.1:PORT',
    '2130706433:PORT',
    '0x7f.1:PORT',
    '127.0.0.1:PORT, evil.test',
    '127.0.0.1:0PORT',
    '',
  ];
  test.each(foreignHosts)('another host (%s) is refused, for files and for the contract', async (host) => {
    const line = `Host: ${host.replace('PORT', String(held.port))}`;
    expect(statusOf(await get([line]))).toBe(421);
    expect(statusOf(await get([line, ...upgradeLines(held.token, held.host.origin)], '/rpc'))).toBe(421);
  });

  test('no host, two hosts, and an absolute target are refused', async () => {
    expect(statusOf(await get([]))).toBe(421);
    expect(statusOf(await get([], '/', '1.0'))).toBe(421);
    expect([400, 421]).toContain(statusOf(await get([ours(), 'Host: evil.test'])));
    expect([400, 421]).toContain(statusOf(await get(['Host: evil.test', ours()])));
    expect(statusOf(await get([ours()], 'http://evil.test/'))).toBe(404);
  });

  test('a foreign page gets nothing: origin, fetch site, method', async () => {
    expect(statusOf(await get([ours(), 'Origin: http://evil.test']))).toBe(403);
    expect(statusOf(await get([ours(), 'Origin: null']))).toBe(403);
    expect(statusOf(await get([ours(), 'Sec-Fetch-Site: cross-site']))).toBe(404);
    expect(statusOf(await get([ours(), 'Sec-Fetch-Site: same-site']))).toBe(404);
    const entering = [ours(), 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate'];
    expect(statusOf(await get([...entering, 'Sec-Fetch-Dest: document']))).toBe(200);
    expect(statusOf(await get([...entering, 'Sec-Fetch-Dest: document'], '/assets/a.js'))).toBe(404);
    expect(statusOf(await get([...entering, 'Sec-Fetch-Dest: iframe']))).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect(statusOf(await sendRaw(`${method} / HTTP/1.1\r\n${ours()}\r\n\r\n`))).toBe(404);
  });

  test.each(['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/..\\secret.txt', '//secret.txt', '/assets', '/data/counter.db', '/assets/a.js%00.html', '/favicon.ico'])(
    'nothing is found at %s, and every such answer is the same',
    async (path) => {
      const [answer, other] = await Promise.all([get([ours()], path), get([ours()], '/nothing-here')]);
      expect(statusOf(answer)).toBe(404);
      const undated = (text: string): string => text.replace(/^Date: .*$/m, '');
      expect(undated(answer)).toBe(undated(other));
    },
  );

  test('a file of the build is found', async () => {
    const answer = await get([ours(), 'Sec-Fetch-Site: same-origin'], '/assets/a.js?v=1');
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('text/javascript');
  });
});

function upgradeLines(token: string | null, origin: string | null): string[] {
  return [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(token === null ? [] : [`Sec-WebSocket-Protocol: ${token}`]),
    ...(origin === null ? [] : [`Origin: ${origin}`]),
  ];
}

describe('the contract', () => {
  const upgrade = (token: string | null, origin: string | null, path = '/rpc'): Promise<number> => get([ours(), ...upgradeLines(token, origin)], path).then(statusOf);

  test('opens for our origin with the token of this launch, and for nothing else', async () => {
    const { origin } = held.host;
    expect(await upgrade(held.token, origin)).toBe(101);
    expect(await upgrade(null, origin)).toBe(401);
    expect(await upgrade('', origin)).toBe(401);
    expect(await upgrade(`${held.token}x`, origin)).toBe(401);
    expect(await upgrade(held.token.slice(0, -1), origin)).toBe(401);
    expect(await upgrade(`x, ${held.token}`, origin)).toBe(401);
    expect(await upgrade(`${held.token.slice(0, -1)}${held.token.endsWith('A') ? 'B' : 'A'}`, origin)).toBe(401);
    expect(await upgrade(held.token, null)).toBe(403);
    expect(await upgrade(held.token, 'null')).toBe(403);
    expect(await upgrade(held.token, 'http://evil.test')).toBe(403);
    expect(await upgrade(held.token, `http://localhost:${held.port}`)).toBe(403);
    expect(await upgrade(held.token, origin, '/')).toBe(404);
    expect(held.token.length).toBeGreaterThanOrEqual(43);
  });

  test('is typed, streams, and refuses what does not fit it', async () => {
    const socket = new WebSocket(`${held.host.origin.replace('http', 'ws')}/rpc`, [held.token], { origin: held.host.origin });
    // The link speaks to the browser's class, of which the other has all that is used.
    const client: ContractRouterClient<typeof counterContract> = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
    expect(await client.session.current()).toMatchObject({ shell: 'kiosk', operator: { role: 'operator' } });
    for await (const status of await client.status.watch()) {
      expect(status.audit.state).toBe('ok');
      break;
    }
    await expect(client.record.list({ limit: 501 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(client.case.next()).rejects.toMatchObject({ code: 'FAILURE', data: { code: 'case/not-open' } });
    await expect(client.verdict.show({ scanId: '__proto__' })).rejects.toMatchObject({ data: { code: 'verdict/unknown' } });
    socket.close();
  });

  test('a message that is too large ends the connection, not the host', async () => {
    const socket = new WebSocket(`${held.host.origin.replace('http', 'ws')}/rpc`, [held.token], { origin: held.host.origin });
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.send('x'.repeat(70_000));
    expect(await closed).toBe(1009);
    expect(statusOf(await get([ours()]))).toBe(200);
  });
});

test('a file that is gone since the start is not there, and the host goes on', async () => {
  writeFileSync(join(windowDir, 'assets', 'gone.js'), 'export {};');
  const host = await createKioskHost({ app: held.app, random: systemRandom, windowDir, port: 0 });
  if (host === null) throw new Error('not built');
  rmSync(join(windowDir, 'assets', 'gone.js'));
  expect((await fetch(`${host.origin}/assets/gone.js`)).status).toBe(404);
  expect((await fetch(`${host.origin}/assets/a.js`)).status).toBe(200);
  await host.close();
});

test('the window is served while the services start, and what it asks waits for them', async () => {
  const starting = Promise.withResolvers<App>();
  const host = await createKioskHost({ app: starting.promise, random: systemRandom, windowDir, port: 0 });
  if (host === null) throw new Error('not built');
  expect((await fetch(`${host.origin}/assets/a.js`)).status).toBe(200);
  const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, [host.address.split('#t=')[1] ?? ''], { origin: host.origin });
  await new Promise((resolve) => socket.once('open', resolve));
  const client: ContractRouterClient<typeof counterContract> = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
  const asked = client.session.current();
  await new Promise((resolve) => setTimeout(resolve, 50));
  starting.resolve(held.app);
  expect((await asked).version).toBe('1');
  socket.terminate();
  await host.close();
});
