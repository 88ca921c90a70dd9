import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpChannel, type HttpChannelDeps } from '../../../main/remote/http-channel.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tls-'));
const servers: Server[] = [];

/** A self-made certificate for the given names; the start and end are days from today. */
function makeCertificate(name: string, subject: string, days = '2'): { key: string; cert: string } {
  const [keyFile, certFile] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile, '-out', certFile, '-days', days, '-subj', '/CN=test', '-addext', `subjectAltName=${subject}`], { stdio: 'ignore' });
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') };
}

const answer = (_request: unknown, response: http.ServerResponse): void => void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(url: string, deps: Partial<HttpChannelDeps> = {}) {
  const channel = createHttpChannel({ hosts: [new URL(url).host], monotonic: () => performance.now(), ...deps });
  const reply = await channel.send({ url: new URL(url), mediaTypes: ['application/json'], maxBytes: 1000, timeoutMs: 2000 });
  channel.close();
  return reply;
}

const hasOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasOpenssl)('a channel over TLS', () => {
  let good: { key: string; cert: string };
  beforeAll(() => {
    good = makeCertificate('good', 'IP:127.0.0.1');
  });

  test('takes the certificate of a trusted root only', async () => {
    const host = await listen(https.createServer(good, answer));
    expect((await ask(`https://${host}/`, { trustedRoots: good.cert })).ok).toBe(true);
    expect(await ask(`https://${host}/`)).toMatchObject({ ok: false, failure: { code: 'remote/unreachable', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    const stranger = makeCertificate('stranger', 'IP:127.0.0.1');
    expect((await ask(`https://${host}/`, { trustedRoots: stranger.cert })).ok).toBe(false);
  });

  test('refuses a certificate for another name', async () => {
    const other = makeCertificate('other', 'DNS:platform.example');
    const host = await listen(https.createServer(other, answer));
    expect(await ask(`https://${host}/`, { trustedRoots: other.cert })).toMatchObject({ ok: false, failure: { detail: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
  });

  test('refuses TLS 1.1', async () => {
    const host = await listen(https.createServer({ ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }, answer));
    expect((await ask(`https://${host}/`, { trustedRoots: good.cert })).ok).toBe(false);
  });
});

describe('the list of hosts', () => {
  test('is compared exactly, the usual port may be named', async () => {
    const host = await listen(http.createServer(answer));
    const [, port] = host.split(':');
    expect((await ask(`http://${host}/`)).ok).toBe(true);
    for (const hosts of [[], ['127.0.0.1'], [`localhost:${port}`], [`127.0.0.1:${port}.evil.example`], [`x127.0.0.1:${port}`]]) {
      expect(await ask(`http://${host}/`, { hosts })).toMatchObject({ ok: false, failure: { code: 'file/host-not-allowed' } });
    }
    const named = await ask('https://127.0.0.1/', { hosts: ['127.0.0.1:443'] });
    expect(named).toMatchObject({ ok: false, failure: { code: 'remote/unreachable' } });
    expect(await ask('http://127.0.0.1/', { hosts: ['127.0.0.1:443'] })).toMatchObject({ ok: false, failure: { code: 'file/host-not-allowed' } });
  });
});
