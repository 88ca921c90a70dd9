import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, pinSm2PublicKey, signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { openEnvelope, sealEnvelope, sealReply, verifyEnvelopeSignature, verifyReplySignature } from '../../domain/envelope.ts';
import { median, timeRuns } from './measuring.ts';

/** What one verified scan cannot do without, medians in ms. `seals`: request and answer, each sealed and opened once. */
export interface CaseParts {
  readonly signature: number;
  readonly seals: number;
  readonly roundTrip: number;
  readonly commit: number;
}

/** Payloads of the size that the platform is asked and answers with, bytes. */
export interface PayloadSizes {
  readonly request: number;
  readonly answer: number;
}

const settings = { rounds: 60, warmUp: 20 };

/** Measures each part by itself, with nothing around it. */
export async function measureCaseParts(sizes: PayloadSizes): Promise<CaseParts> {
  return { signature: await measureSignature(), seals: await measureSeals(sizes), roundTrip: await measureRoundTrip(sizes), commit: await measureCommit() };
}

async function measureSignature(): Promise<number> {
  const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
  const message = systemRandom(109);
  const signature = signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom });
  const key = pinSm2PublicKey(publicKey);
  if (key === null) throw new Error('the generated key is not on the curve');
  return median(await timeRuns(settings, () => verifySm2({ key, message, signature, id: sm2DefaultId })));
}

/** The request sealed and signed, opened and its head checked, and the answer the same way back: as counter and platform do. */
async function measureSeals(sizes: PayloadSizes): Promise<number> {
  const [counter, platform] = [generateSm2KeyPair(systemRandom), generateSm2KeyPair(systemRandom)];
  const sign = (message: Uint8Array): Uint8Array => signSm2({ privateKey: counter.privateKey, message, id: sm2DefaultId, random: systemRandom });
  const [request, answer] = [{ text: 'x'.repeat(sizes.request) }, { text: 'x'.repeat(sizes.answer) }];
  const signer = pinSm2PublicKey(platform.publicKey) ?? platform.publicKey;
  const times = await timeRuns(settings, () => {
    const now = Date.now();
    const sealed = sealEnvelope({ accountId: 'counter', interfacePath: '/eis/enterprise/query', payload: request, theirPublicKey: platform.publicKey, random: systemRandom, sign: { now, sign } });
    const opened = openEnvelope({ envelope: sealed, privateKey: platform.privateKey });
    const state = verifyEnvelopeSignature({ envelope: sealed, accountId: 'counter', publicKey: counter.publicKey, signerId: sm2DefaultId, now, interfacePath: '/eis/enterprise/query' });
    const requestNonce = sealed.head.nonce ?? '';
    const reply = sealReply({
      accountId: 'counter', status: '0', message: 'ok', payload: answer, theirPublicKey: counter.publicKey, random: systemRandom,
      sign: { now, sign: (message) => signSm2({ privateKey: platform.privateKey, message, id: sm2DefaultId, random: systemRandom }) }, requestNonce,
    });
    const bound = verifyReplySignature({ envelope: reply, accountId: 'counter', publicKey: signer, signerId: sm2DefaultId, requestNonce });
    if (!opened.ok || state !== 'valid' || bound.state !== 'valid' || !openEnvelope({ envelope: reply, privateKey: counter.privateKey }).ok) throw new Error('an envelope did not open');
  });
  return median(times);
}

/** A bare server that reads the request and answers as many bytes as the platform would, over a kept connection. */
async function measureRoundTrip(sizes: PayloadSizes): Promise<number> {
  // BASE64 inside hexadecimal: what the envelope makes of a payload.
  const wire = (bytes: number): string => 'A'.repeat(Math.ceil((bytes * 8) / 3));
  const answer = JSON.stringify({ head: { message: 'ok', status: '0' }, encryptData: wire(sizes.answer) });
  const body = JSON.stringify({ head: { accountId: 'counter' }, encryptData: wire(sizes.request) });
  const server = http.createServer((request, reply) => {
    request.resume().once('end', () => reply.setHeader('content-type', 'application/json').end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const agent = new http.Agent({ keepAlive: true });
  const exchange = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const request = http.request({ agent, port: address.port, host: '127.0.0.1', method: 'POST' }, (reply) => void reply.resume().once('end', resolve));
      request.once('error', reject).end(body);
    });
  const times = await timeRuns(settings, exchange);
  agent.destroy();
  await new Promise((resolve) => server.close(resolve));
  return median(times);
}

/** One row into a file of the store's settings: WAL, synchronous=FULL. */
async function measureCommit(): Promise<number> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-bench-'));
  const db = new Database(path.join(folder, 'commit.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, line TEXT NOT NULL, body BLOB NOT NULL) STRICT');
  const insert = db.prepare('INSERT INTO entry (line, body) VALUES (?, ?)');
  const body = Buffer.from(systemRandom(1500));
  const times = await timeRuns(settings, () => insert.run('x'.repeat(400), body));
  db.close();
  rmSync(folder, { recursive: true, force: true });
  return median(times);
}
