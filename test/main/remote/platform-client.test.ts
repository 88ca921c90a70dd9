import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EnterpriseQuery } from '../../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { sm3 } from '../../../domain/crypto/sm3.ts';
import { createSecret } from '../../../domain/secret.ts';
import { createPlatformClient, type PlatformClient } from '../../../main/remote/platform-client.ts';
import { type RoguePlatform, startRoguePlatform } from './rogue-platform.ts';

const purpose = { useFor: '企业开户', itemName: '开户', itemCode: '001', itemOrg: '某银行', operator: '王芳', bizNum: 'B-1' };
const query: EnterpriseQuery = {
  code: 'CODE',
  operatorCredential: { operatorId: 'op1', name: '王芳', orgCode: '91310000MA1K35T4X6', orgName: '某银行' },
  ...purpose,
  requestId: 'request-1',
  scannedAt: '2026-05-01T00:00:00.000Z',
  deviceId: 'd1',
};
const reply = { verdict: 'unknownCode', verifiedAt: '2026-05-01T00:00:00.000Z', oneTime: false, expiresAt: '2026-05-01T00:05:00.000Z' };
const hit = { certificateID: 'cert-1', certificateType: '营业执照', issueDept: '市场监管局', certificateNumber: '1', issueDate: '2020-01-01' };
const file = { certificateType: '营业执照', issueDept: '市场监管局', certificateNumber: '1', issueDate: '2020-01-01', fileFormat: 'PDF', fileUrl: 'http://x/y' };

const bomb = gzipSync(Buffer.alloc(20_000_000, 32));

let platform: RoguePlatform;
let client: PlatformClient;
const connectDeps = (profile = platform.profile) => ({
  profile,
  accountPrivateKey: createSecret(platform.counterPrivateKey),
  organisation: { name: '某银行', code: '91310000MA1K35T4X6' },
  now: () => Date.now() + nowOffset,
  monotonic: () => performance.now() + monotonicOffset,
  random: systemRandom,
  limits: { timeoutMs: 20_000, connectTimeoutMs: 1000, maxAnswerBytes: 1_000_000, maxFileBytes: 100_000, fileTimeoutMs: 700 },
});
const connect = (profile = platform.profile): PlatformClient => createPlatformClient(connectDeps(profile));
let monotonicOffset = 0;
let nowOffset = 0;

beforeEach(async () => {
  [monotonicOffset, nowOffset] = [0, 0];
  platform = await startRoguePlatform();
  client = connect();
  platform.state.answers['/eis/enterprise/query'] = () => ({ payload: reply });
});
afterEach(async () => {
  client.close();
  await platform.close();
});

describe('a platform that behaves', () => {
  test('gets a sealed, signed query with the application token, and its answer is read', async () => {
    const answer = await client.query(query);
    expect(answer).toMatchObject({ ok: true, value: { value: { reply } } });
    const [registered, asked] = platform.calls;
    expect(registered?.payload).toEqual({ appId: 'app-1', appSecret: 'secret-of-the-application', corpName: '某银行', corpCode: '91310000MA1K35T4X6' });
    expect(asked).toMatchObject({ path: '/eis/enterprise/query', payload: query, signature: 'valid', head: { accountId: 'counter-1', appToken: 'token-1', signType: 'SM2' } });
    expect(answer.ok && Math.abs((answer.value.serverAt ?? 0) - Date.now())).toBeLessThan(30_000);
    expect(answer.ok && answer.value.roundTripMs).toBeLessThan(20_000);
  });

  test.each([
    [{ result: '1' }, { ok: true, value: { authentic: true } }],
    [{ result: '0' }, { ok: true, value: { authentic: false } }],
    [{ result: 'yes' }, { ok: true, value: { authentic: false } }],
    [{ total: 0 }, { ok: false, failure: { code: 'remote/malformed' } }],
  ])('is asked about a file (12.1.10): %o', async (payload, expected) => {
    platform.state.answers['/cert/file/verify'] = () => ({ payload });
    expect(await client.verifyFile({ bytes: Uint8Array.of(1, 2, 3), format: 'PDF', purpose })).toMatchObject(expected);
    expect(platform.calls.at(-1)?.payload).toEqual({ fileEntity: 'AQID', fileFormat: 'PDF', ...purpose });
  });

  test('is not asked about a file that no envelope carries', async () => {
    expect(await client.verifyFile({ bytes: new Uint8Array(3 * 1024 * 1024 + 1), format: 'PDF', purpose })).toMatchObject({ failure: { code: 'file/too-large' } });
    expect(platform.calls).toEqual([]);
  });

  test('that signs its answers is believed for its own key and our request only', async () => {
    const signing = connect({ ...platform.profile, exchange: { mode: 'extended', order: 'C1C2C3', prefix04: true, innerBase64: true, case: 'lower' } });
    const key = platform.platformPrivateKey;
    const forged = { ok: false, failure: { code: 'remote/forged' } };
    for (const [asked, replySigner, expected] of [
      [client, undefined, { ok: true }],
      [client, { key }, { ok: true }],
      [client, { key: platform.counterPrivateKey }, forged],
      [signing, { key }, { ok: true }],
      [signing, { key, requestNonce: 'nonce-of-another' }, forged],
      [signing, { key: platform.counterPrivateKey }, forged],
    ] as const) {
      platform.state.replySigner = replySigner;
      expect(await asked.query(query)).toMatchObject(expected);
    }
    platform.state.replySigner = undefined;
    expect(await signing.query(query)).toMatchObject({ ok: false, failure: { code: 'remote/forged', detail: 'unsigned' } });
    signing.close();
  });

  test('is asked nothing more once our key is overwritten, and an answer that comes then is not read', async () => {
    const key = platform.counterPrivateKey.slice();
    const locked = { ok: false, failure: { code: 'access/locked' } };
    const mortal = createPlatformClient({ ...connectDeps(), accountPrivateKey: createSecret(key) });
    platform.state.answers['/eis/enterprise/query'] = () => {
      key.fill(0);
      return { payload: reply };
    };
    expect(await mortal.query(query)).toMatchObject(locked);
    const asked = platform.calls.length;
    expect(await mortal.query(query)).toMatchObject(locked);
    expect(platform.calls.length).toBe(asked);
    mortal.close();
  });

  test('is not believed when the answer is to another request', async () => {
    for (const [requestId, expected] of [['request-1', { ok: true }], ['request-2', { ok: false, failure: { code: 'remote/malformed', detail: 'requestId' } }]] as const) {
      platform.state.answers['/eis/enterprise/query'] = () => ({ payload: { ...reply, requestId } });
      expect(await client.query(query)).toMatchObject(expected);
    }
  });

  test('keeps its connection, and registers once for calls that come together', async () => {
    await Promise.all([client.query(query), client.query(query), client.scenarios()]);
    expect(platform.calls.filter((call) => call.path === '/trust/app/register')).toHaveLength(1);
    for (let i = 0; i < 5; i++) await client.query(query);
    expect(platform.openSockets()).toBeLessThan(4);
  });

  test('may close a kept connection: asked again with a fresh nonce', async () => {
    await client.query(query);
    let dropped = 0;
    platform.state.misbehave = (_request, response) => {
      dropped += 1;
      platform.state.misbehave = undefined;
      response.destroy();
    };
    expect((await client.query(query)).ok).toBe(true);
    expect(dropped).toBe(1);
    const nonces = platform.calls.map((call) => call.head['nonce']);
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test('may give no token, or one that runs out: renewed once, unnoticed', async () => {
    let refused = 0;
    platform.state.answers['/cert/scene/list'] = () => ((refused += 1) === 1 ? { status: '14' } : { payload: { total: 0, dataList: [] } });
    expect((await client.scenarios()).ok).toBe(true);
    expect(platform.calls.map((call) => call.path)).toEqual(['/trust/app/register', '/cert/scene/list', '/trust/app/register', '/cert/scene/list']);
    platform.state.answers['/cert/scene/list'] = () => ({ status: '14' });
    expect(await client.scenarios()).toMatchObject({ ok: false, failure: { code: 'remote/refused' } });
    platform.state.answers['/trust/app/register'] = () => ({ payload: { code: 1, msg: '注册成功' } });
    expect(await client.registerApp()).toEqual({ ok: true, value: { hasToken: false } });
  });

  test('is asked with the purpose in every business call', async () => {
    platform.state.answers['/cert/search'] = () => ({ payload: { total: 1, dataList: [hit] } });
    platform.state.answers['/cert/file/by-id'] = () => ({ payload: { total: 1, dataList: [file] } });
    expect(await client.search({ trustedToken: createSecret('holder'), certificateType: '营业执照', purpose })).toMatchObject({ ok: true, value: { value: [hit] } });
    expect(await client.fileById({ certificateId: 'cert-1', purpose })).toMatchObject({ ok: true, value: { value: file } });
    expect(platform.calls.at(-2)?.payload).toEqual({ trustedToken: 'holder', certificateType: '营业执照', ...purpose });
    expect(platform.calls.at(-1)?.payload).toEqual({ certificateID: 'cert-1', ...purpose });
  });

  test('a certificate id is good for 9:30 after it first came, and nobody is asked after that', async () => {
    platform.state.answers['/cert/search'] = () => ({ payload: { total: 1, dataList: [hit] } });
    platform.state.answers['/cert/file/by-id'] = () => ({ payload: { total: 1, dataList: [file] } });
    await client.search({ trustedToken: createSecret('holder'), purpose });
    monotonicOffset = 9 * 60_000 + 29_000;
    expect((await client.fileById({ certificateId: 'cert-1', purpose })).ok).toBe(true);
    monotonicOffset = 9 * 60_000 + 30_000;
    const asked = platform.calls.length;
    expect(await client.fileById({ certificateId: 'cert-1', purpose })).toEqual({ ok: false, failure: { code: 'certificate/expired-id' } });
    expect(platform.calls).toHaveLength(asked);
    platform.state.answers['/cert/info/by-id'] = () => ({ status: '31' });
    expect(await client.infoById({ certificateId: 'unknown', purpose })).toEqual({ ok: false, failure: { code: 'certificate/expired-id' } });
    platform.state.answers['/cert/info/by-id'] = () => ({ status: '32' });
    expect(await client.infoById({ certificateId: 'unknown', purpose })).toEqual({ ok: false, failure: { code: 'verdict/not-granted' } });
    platform.state.answers['/cert/file/by-id'] = () => ({ status: '33' });
    monotonicOffset = 0;
    expect(await client.fileById({ certificateId: 'taken back', purpose })).toEqual({ ok: false, failure: { code: 'verdict/withdrawn' } });
  });

  test('one certificate by id, none or several are told apart', async () => {
    platform.state.answers['/cert/file/by-id'] = () => ({ payload: { total: 0, dataList: [] } });
    expect(await client.fileById({ certificateId: 'c', purpose })).toMatchObject({ failure: { code: 'certificate/not-found' } });
    platform.state.answers['/cert/file/by-id'] = () => ({ payload: { total: 2, dataList: [file, file] } });
    expect(await client.fileById({ certificateId: 'c', purpose })).toMatchObject({ failure: { code: 'remote/malformed' } });
  });
});

describe('a platform that says no', () => {
  test('in the head', async () => {
    platform.state.answers['/eis/enterprise/query'] = () => ({ status: '99' });
    expect(await client.query(query)).toEqual({ ok: false, failure: { code: 'remote/refused', detail: '99 不行' } });
    platform.state.answers['/eis/enterprise/query'] = () => ({ status: '1', payload: reply });
    expect((await client.query(query)).ok).toBe(false);
  });

  test.each(['0', 0, '2', true, null])('inside, as result %s', async (result) => {
    platform.state.answers['/eis/enterprise/query'] = () => ({ payload: { ...reply, result } });
    const answer = await client.query(query);
    if (result === null) expect(answer.ok).toBe(true);
    else expect(answer).toMatchObject({ ok: false, failure: { code: 'remote/refused' } });
  });

  test('because our clock is wrong: the offset is named', async () => {
    nowOffset = -600_000;
    platform.state.answers['/eis/enterprise/query'] = () => ({ status: '17' });
    const answer = await client.query(query);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'remote/refused' } });
    expect(!answer.ok && Number(/^clock (\d+)$/.exec(answer.failure.detail ?? '')?.[1])).toBeGreaterThan(590_000);
  });
});

describe('a platform that misbehaves', () => {
  const head = { head: { status: '0', message: '' }, encryptData: '' };
  let sent = 0;
  const cases: [name: string, code: string, misbehave: RoguePlatform['state']['misbehave']][] = [
    ['never answers', 'remote/timeout', () => {}],
    ['answers one byte at a time', 'remote/timeout', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    }],
    ['announces 1 GB', 'remote/too-large', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1e9 }).write(' ')],
    ['sends 1 GB without saying so', 'remote/too-large', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        const piece = Buffer.alloc(65_536, 32);
        do sent += piece.length;
        while (response.writable && response.write(piece) && sent < 1e9);
      };
      response.on('drain', more);
      more();
    }],
    ['compresses what nobody asked it to', 'remote/http-status', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(bomb);
    }],
    ['sends a web page', 'remote/http-status', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
    ['sends no type', 'remote/http-status', (_request, response) => void response.writeHead(200).end(JSON.stringify(head))],
    ['redirects', 'remote/http-status', (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['is broken', 'remote/http-status', (_request, response) => void response.writeHead(500, { 'content-type': 'application/json' }).end('{}')],
    ['answers 204', 'remote/http-status', (_request, response) => void response.writeHead(204).end()],
    ['sends something that is not JSON', 'remote/malformed', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"head":')],
    ['sends JSON of another form', 'remote/malformed', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('[1]')],
    ['says it worked and sends nothing', 'remote/malformed', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(head))],
    ['nests without end', 'remote/malformed', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('['.repeat(500_000))],
    ['says success as a truth value', 'remote/malformed', (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ head: { status: true }, encryptData: '' }))],
    ['breaks off in the middle', 'remote/unreachable', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
      response.write('{"head"');
      setTimeout(() => response.destroy(), 20);
    }],
    ['is no web server', 'remote/http-status', (request) => void request.socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ];

  test.each(cases)('%s', async (_name, code, misbehave) => {
    platform.state.misbehave = misbehave;
    sent = 0;
    // However slow the machine, only what never comes to an end runs out of time.
    const hasty = createPlatformClient({ ...connectDeps(), limits: { ...connectDeps().limits, timeoutMs: 1200 } });
    const answer = await (code === 'remote/timeout' ? hasty : client).query(query);
    hasty.close();
    expect(answer).toMatchObject({ ok: false, failure: { code } });
    expect(sent).toBeLessThan(100_000_000);
  });

  test('drops the connection, every time', async () => {
    platform.state.misbehave = (request) => void request.socket.destroy();
    expect(await client.query(query)).toMatchObject({ ok: false, failure: { code: 'remote/unreachable' } });
  });

  test('is not there', async () => {
    await platform.close();
    expect(await client.query(query)).toMatchObject({ ok: false, failure: { code: 'remote/unreachable', detail: 'ECONNREFUSED' } });
  });

  test('seals for somebody else', async () => {
    await client.registerApp();
    platform.state.replyKey = platform.strangerKey;
    expect(await client.query(query)).toMatchObject({ ok: false, failure: { code: 'remote/undecryptable' } });
  });

  test('answers in another form than agreed', async () => {
    platform.state.answers['/eis/enterprise/query'] = () => ({ payload: { ...reply, verdict: 'fine' } });
    expect(await client.query(query)).toMatchObject({ ok: false, failure: { code: 'remote/malformed' } });
  });

  test('after all that, a good answer is taken', async () => {
    platform.state.misbehave = (request) => void request.socket.destroy();
    await client.query(query);
    platform.state.misbehave = undefined;
    expect((await client.query(query)).ok).toBe(true);
  });
});

describe('a certificate file', () => {
  const pdf = Buffer.from('%PDF-1.7\n%%EOF\n');
  const ofd = Buffer.from(zipSync({ 'OFD.xml': Buffer.from('<ofd/>'), 'Doc_0/Document.xml': Buffer.alloc(3) }));
  const serve = (type: string, body: Uint8Array) => {
    platform.state.misbehave = (_request, response) => void response.writeHead(200, { 'content-type': type }).end(body);
  };
  const url = () => `http://${platform.host}/files/1`;

  test('is taken when magic, format and digest are as claimed', async () => {
    serve('application/pdf', pdf);
    const digest = encodeHex(sm3(new Uint8Array(pdf)));
    expect(await client.download({ url: url(), claim: { format: 'PDF', sm3: digest.toUpperCase() } })).toMatchObject({ ok: true, value: { format: 'PDF', sm3: digest, digestCompared: true } });
    expect(await client.download({ url: url(), claim: {} })).toMatchObject({ ok: true, value: { digestCompared: false } });
    serve('application/ofd', ofd);
    expect(await client.download({ url: url(), claim: { format: 'OFD' } })).toMatchObject({ ok: true, value: { format: 'OFD' } });
  });

  test.each([
    ['another digest', pdf, { sm3: '00'.repeat(32) }, 'file/wrong-hash'],
    ['a digest that is none', pdf, { sm3: 'zz' }, 'file/wrong-hash'],
    ['another format', pdf, { format: 'OFD' as const }, 'file/wrong-magic'],
    ['a program', Buffer.from('MZ...'), {}, 'file/wrong-magic'],
    ['a ZIP without OFD.xml', Buffer.from(zipSync({ 'x.xml': Buffer.alloc(3) })), {}, 'file/wrong-magic'],
    ['a broken ZIP', ofd.subarray(0, 40), {}, 'file/wrong-magic'],
    ['more than the limit', Buffer.concat([pdf, Buffer.alloc(100_000)]), {}, 'file/too-large'],
  ])('is refused: %s', async (_name, body, claim, code) => {
    serve('application/octet-stream', body);
    expect(await client.download({ url: url(), claim })).toMatchObject({ ok: false, failure: { code } });
  });

  test.each(['http://169.254.169.254/latest', 'file:///etc/passwd', 'ftp://127.0.0.1/x', 'not a url', 'http://127.0.0.1:1/x', 'http://user@127.0.0.1/x'])('is not fetched from %s', async (elsewhere) => {
    expect(await client.download({ url: elsewhere, claim: {} })).toMatchObject({ ok: false, failure: { code: 'file/host-not-allowed' } });
  });

  test('is not fetched in clear from a platform that is asked over TLS', async () => {
    const profile = { ...platform.profile, baseUrl: 'https://platform.invalid/', fileHosts: [platform.host] };
    const strict = createPlatformClient({
      ...{ profile, accountPrivateKey: createSecret(platform.counterPrivateKey), organisation: { name: '某银行', code: '91310000MA1K35T4X6' } },
      ...{ now: Date.now, monotonic: () => performance.now(), random: systemRandom },
    });
    serve('application/pdf', pdf);
    expect(await strict.download({ url: url(), claim: {} })).toMatchObject({ ok: false, failure: { code: 'file/host-not-allowed' } });
    strict.close();
  });

  test('is not fetched from where a listed host sends us', async () => {
    platform.state.misbehave = (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    expect(await client.download({ url: url(), claim: {} })).toMatchObject({ ok: false, failure: { code: 'remote/http-status' } });
  });
});
