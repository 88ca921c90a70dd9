import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { PlatformProfile } from '../../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../../domain/crypto/sm2.ts';
import { openEnvelope, sealReply, verifyEnvelopeSignature } from '../../../domain/envelope.ts';
import type { JsonObject, JsonValue } from '../../../domain/json.ts';

/** What one call brought: path, opened payload and head. */
export interface ReceivedCall {
  readonly path: string;
  readonly payload: JsonValue;
  readonly head: JsonObject;
  readonly signature: string;
}

/** What an interface says: a `head.status` that is not "0", or a payload. */
export interface Answer {
  readonly status?: string;
  readonly payload?: JsonValue;
}

/** How the server misbehaves at the next calls; undefined: it answers as it should. */
export type Misbehaviour = (request: http.IncomingMessage, reply: http.ServerResponse) => void;

const platformKeys = generateSm2KeyPair(systemRandom);
const counterKeys = generateSm2KeyPair(systemRandom);

/** A real server on loopback that speaks the envelope, and does whatever else a test tells it to. */
export async function startRoguePlatform() {
  const calls: ReceivedCall[] = [];
  const sockets = new Set<Socket>();
  const state: {
    misbehave: Misbehaviour | undefined;
    answers: Record<string, (payload: JsonValue) => Answer>;
    replyKey: Uint8Array;
    /** How answers are signed: not at all, or by whom and for which request. */
    replySigner: { key: Uint8Array; requestNonce?: string } | undefined;
  } = { misbehave: undefined, answers: {}, replyKey: counterKeys.publicKey, replySigner: undefined };

  const server = http.createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const isOwn = path !== '/trust/app/register' && state.misbehave !== undefined;
      if (isOwn) return state.misbehave?.(request, reply);
      answer(path, Buffer.concat(chunks).toString(), reply);
    });
  });
  const answer = (path: string, body: string, reply: http.ServerResponse): void => {
    const envelope = JSON.parse(body) as { head: JsonObject; encryptData: string };
    const opened = openEnvelope({ envelope, privateKey: platformKeys.privateKey });
    if (!opened.ok) throw new Error(opened.failure.code);
    const signature = verifyEnvelopeSignature({ envelope, accountId: 'counter-1', publicKey: counterKeys.publicKey, signerId: sm2DefaultId, interfacePath: path, now: Date.now() });
    const payload = opened.value.payload ?? null;
    calls.push({ path, payload, head: opened.value.head, signature });
    const isRegistering = path === '/trust/app/register' && state.answers[path] === undefined;
    const said: Answer = isRegistering
      ? { payload: { code: 1, msg: '注册成功', data: { token: `token-${calls.length}` } } }
      : (state.answers[path]?.(payload) ?? { payload: { total: 0, dataList: [] } });
    const sealed = sealReply({
      accountId: 'counter-1',
      status: said.status ?? '0',
      message: said.status === undefined ? '接口调用成功' : '不行',
      theirPublicKey: state.replyKey,
      random: systemRandom,
      ...signAs(state.replySigner, String(opened.value.head['nonce'])),
      ...(said.payload === undefined ? {} : { payload: said.payload }),
    });
    reply.setHeader('content-type', 'application/json; charset=utf-8');
    reply.end(JSON.stringify(sealed));
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const profile: PlatformProfile = {
    platformId: '310000',
    name: '测试平台',
    baseUrl: `http://${host}`,
    fileHosts: [],
    accountId: 'counter-1',
    appId: 'app-1',
    appSecret: 'secret-of-the-application',
    envelopePublicKey: encodeHex(platformKeys.publicKey),
    signingKeys: [],
  };
  return {
    state,
    calls,
    host,
    profile,
    counterPrivateKey: counterKeys.privateKey,
    platformPrivateKey: platformKeys.privateKey,
    strangerKey: generateSm2KeyPair(systemRandom).publicKey,
    openSockets: () => sockets.size,
    dropConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function signAs(signer: { key: Uint8Array; requestNonce?: string } | undefined, asked: string) {
  if (signer === undefined) return {};
  const { key: privateKey, requestNonce = asked } = signer;
  return { requestNonce, sign: { now: Date.now(), sign: (message: Uint8Array) => signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom }) } };
}

export type RoguePlatform = Awaited<ReturnType<typeof startRoguePlatform>>;
