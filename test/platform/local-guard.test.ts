import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform } from './test-counter.ts';

describe('what is for this machine alone', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  beforeAll(async () => {
    running = await startPlatform({ trustedProxies: ['127.0.0.1'] });
  });
  afterAll(() => running.remove());

  const port = () => new URL(running.platform.url).port;
  /** `fetch` would write the Host itself. */
  const send = (method: 'GET' | 'POST', path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const body = path === '/api/try' ? '{"path":"/cert/catalog/list","payload":{}}' : '{}';
      const asked = request({ host: '127.0.0.1', port: port(), method, path, headers: { 'content-type': 'application/json', ...headers } }, (reply) => {
        reply.resume();
        resolve(reply.statusCode ?? 0);
      });
      asked.on('error', reject);
      asked.end(method === 'GET' ? undefined : body);
    });
  const pages = ['/ops', '/ops/page.js', '/metrics', '/api', '/api/page.js'];
  const posts = ['/ops/keys/rotate', '/api/try'];

  test.each(posts)('%s is not pressed by a page under another name for this machine', async (path) => {
    const before = (await running.platform.profile()).signingKeys.length;
    const refused = async (headers: Record<string, string>) => expect([headers, await send('POST', path, headers)]).toEqual([headers, 404]);
    await refused({ host: 'evil.example:80', origin: 'http://evil.example:80' });
    await refused({ host: `evil.example:${port()}`, origin: `http://evil.example:${port()}`, 'sec-fetch-site': 'same-origin' });
    await refused({ host: `127.0.0.1.evil.example:${port()}`, origin: `http://127.0.0.1.evil.example:${port()}` });
    const host = `localhost:${port()}`;
    await refused({ host });
    await refused({ host, origin: 'http://localhost:1' });
    await refused({ host, origin: 'null' });
    await refused({ host, 'sec-fetch-site': 'same-site' });
    await refused({ host, origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' });
    await refused({ host, origin: `http://${host}`, 'x-forwarded-for': '127.0.0.1' });
    await refused({ host, origin: `http://${host}`, via: '1.1 gateway' });
    expect((await running.platform.profile()).signingKeys).toHaveLength(before);
  });

  test.each(pages)('%s is not read under another name, nor through a gateway', async (path) => {
    expect(await send('GET', path, { host: `evil.example:${port()}` })).toBe(404);
    expect(await send('GET', path, { host: `127.0.0.1:${port()}`, 'x-forwarded-for': '127.0.0.1' })).toBe(404);
    expect(await send('GET', path, { host: `127.0.0.1:${port()}`, 'x-real-ip': '203.0.113.9' })).toBe(404);
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) expect(await send('GET', path, { host: `${name}:${port()}` })).toBe(200);
  });

  test.each(posts)('%s is pressed by the page of this machine', async (path) => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
      const host = `${name}:${port()}`;
      expect(await send('POST', path, { host, origin: `http://${host}` })).toBe(200);
    }
    expect(await send('POST', path, { host: `localhost:${port()}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });
});
