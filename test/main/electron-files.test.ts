import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerFileRequest } from '../../main/electron-files.ts';
import { printContentPolicy } from '../../main/kiosk-policy.ts';
import { listWindowFiles } from '../../main/window-files.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-window-'));
const folder = path.join(scratch, 'window');
mkdirSync(path.join(folder, 'assets'), { recursive: true });
writeFileSync(path.join(folder, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__" />核验');
writeFileSync(path.join(folder, 'assets', 'a.js'), 'const nonce = "__CSP_NONCE__";');
writeFileSync(path.join(folder, 'assets', 'b.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d, 0xff]));
writeFileSync(path.join(scratch, 'secret.txt'), 'SECRET');
symlinkSync(path.join(scratch, 'secret.txt'), path.join(folder, 'link.txt'));
afterAll(() => rmSync(scratch, { recursive: true }));

const nonces = ['bm9uY2Ux', 'bm9uY2Uy', 'bm9uY2Uz'].values();
const files = listWindowFiles(folder)!;
const get = (url: string, method = 'GET', createNonce = () => 'bm9uY2U=') => answerFileRequest({ files, createNonce }, { url, method });

describe('the window over its own scheme', () => {
  test('the page carries a fresh nonce, the same as in its policy', async () => {
    for (const nonce of ['bm9uY2Ux', 'bm9uY2Uy']) {
      const answer = get('counter://app/', 'GET', () => nonces.next().value ?? '');
      expect(answer.headers.get('content-security-policy')).toBe(printContentPolicy({ nonce, connect: '' }));
      expect(await answer.text()).toBe(`<meta name="csp-nonce" content="${nonce}" />核验`);
    }
  });

  test('the policy allows nothing inline, nothing evaluated, and no connection but to itself', () => {
    const policy = get('counter://app/').headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/connect-src 'self' ?;/);
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:|wss?:/);
  });

  test('other files come as they are, with their type, also under the policy', async () => {
    const script = get('counter://app/assets/a.js');
    expect([script.headers.get('content-type'), await script.text()]).toEqual(['text/javascript; charset=utf-8', 'const nonce = "__CSP_NONCE__";']);
    expect(script.headers.get('content-security-policy')).toContain("worker-src 'self'");
    const wasm = get('counter://app/assets/b.wasm?v=1');
    expect([wasm.headers.get('content-type'), [...new Uint8Array(await wasm.arrayBuffer())]]).toEqual(['application/wasm', [0, 0x61, 0x73, 0x6d, 0xff]]);
    expect(wasm.headers.get('x-content-type-options')).toBe('nosniff');
  });

  const ways = ['../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', '%2e%2e%2fsecret.txt', 'assets/../../secret.txt', '..\\secret.txt', '..%5csecret.txt', '%252e%252e%252fsecret.txt', './/../secret.txt', 'link.txt', '%00', 'index.html%00.js', 'assets', 'assets/', '%', '%zz', '/etc/passwd', path.join(scratch, 'secret.txt')];
  test.each(ways)('nothing outside the list is served: %s', async (way) => {
    const answer = get(`counter://app/${way}`);
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  });

  test('other hosts, schemes and methods get nothing', async () => {
    for (const url of ['counter://xyz/index.html', 'counter://other/index.html', 'counter://app.evil/', 'file:///index.html', 'counter:///index.html', 'http://app/']) expect(get(url).status, url).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE']) expect(get('counter://app/', method).status).toBe(404);
  });

  test('what is in the list is found: the refusals above are not those of a broken lookup', () => {
    for (const url of ['counter://app/', 'counter://app/index.html', 'counter://app/#a', 'counter://app/assets/a.js']) expect(get(url).status, url).toBe(200);
  });
});
