import type { FastifyInstance } from 'fastify';
import { createSm4Gcm } from '../../domain/crypto/sm4-gcm.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../domain/json.ts';

/** The parts of a platform that others ask, in this process or in one of their own. */
export type PartName = 'engine' | 'trust' | 'audit';

/** Asks a part that runs in another process; rejects with `PartSilent` when it does not answer. */
export type AskPart = (part: PartName, method: string, question: unknown) => Promise<unknown>;

/** What a part answers, by the name of the question; each takes and gives what JSON can say. */
export type PartMethods = Readonly<Record<string, (question: never) => Promise<unknown>>>;

/** A part that should have answered and did not: the request can be made again. */
export class PartSilent extends Error {
  /** What the HTTP server answers with. */
  readonly statusCode = 503;
}

interface ChannelDeps {
  /** The platform's storage key, which every process of one platform has; the channel's is derived from it. */
  readonly key: Uint8Array;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Questions older than this are refused, and so is one that was heard before. */
const freshMs = 60_000;
const answerLimitMs = 10_000;
const longestMessage = 4 * 1024 * 1024;

/** The asking side of the channel (delta specification 11.3): sealed under a key of the platform, each answer bound to its question. */
export function createPartChannel(deps: ChannelDeps & { readonly urls: Readonly<Partial<Record<PartName, string>>> }): AskPart {
  const cipher = createChannelCipher(deps);
  return async (part, method, question) => {
    const nonce = encodeHex(deps.random(16));
    const body = cipher.seal(`ask/${part}`, { at: deps.now(), nonce, method, question: question as JsonObject });
    const answer = await post(`${deps.urls[part] ?? ''}${pathOf(part)}`, body);
    const opened = answer === null ? null : cipher.open(`answer/${part}/${nonce}`, answer);
    if (opened === null) throw new PartSilent(part);
    return opened['answer'];
  };
}

async function post(url: string, body: Uint8Array): Promise<Uint8Array | null> {
  try {
    const response = await fetch(url, { method: 'POST', body: Buffer.from(body), headers, redirect: 'error', signal: AbortSignal.timeout(answerLimitMs) });
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    // However it fails: the part has not answered.
    return null;
  }
}

const headers = { 'content-type': 'application/octet-stream' };

/** The answering side: serves the methods of one part to whoever has the platform's key, and says nothing to anybody else. */
export function servePart(http: FastifyInstance, deps: ChannelDeps & { readonly part: PartName; readonly methods: PartMethods }): void {
  const cipher = createChannelCipher(deps);
  const heard = new Map<string, number>();
  void http.register(async (scope) => {
    scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(pathOf(deps.part), { bodyLimit: longestMessage }, async (request, reply) => {
      const asked = request.body instanceof Uint8Array ? cipher.open(`ask/${deps.part}`, new Uint8Array(request.body)) : null;
      if (asked === null || !isFresh(deps.now(), asked, heard)) return reply.code(403).send({});
      const method = Object.hasOwn(deps.methods, String(asked['method'])) ? deps.methods[String(asked['method'])] : undefined;
      if (method === undefined) return reply.code(404).send({});
      const answer = (await method(asked['question'] as never)) ?? null;
      return reply.type('application/octet-stream').send(Buffer.from(cipher.seal(`answer/${deps.part}/${String(asked['nonce'])}`, { answer: answer as JsonObject })));
    });
  });
}

function isFresh(now: number, { at, nonce }: JsonObject, heard: Map<string, number>): boolean {
  if (typeof at !== 'number' || typeof nonce !== 'string' || Math.abs(now - at) > freshMs || heard.has(nonce)) return false;
  heard.set(nonce, at);
  for (const [old, since] of heard) {
    if (now - since <= freshMs) break;
    heard.delete(old);
  }
  return true;
}

function pathOf(part: PartName): string {
  return `/internal/${part}`;
}

/** SM4-GCM over JSON; `place` tells question from answer, part from part, and one question's answer from another's. */
function createChannelCipher({ key, random }: Pick<ChannelDeps, 'key' | 'random'>) {
  const cipher = createSm4Gcm(sm3(new Uint8Array([...encodeUtf8('part-channel-v1/'), ...key])).subarray(0, 16));
  return {
    seal: (place: string, message: JsonObject): Uint8Array =>
      sealRecord({ key: cipher, keyId: 1, nonce: random(12), plaintext: encodeUtf8(JSON.stringify(message)), aad: encodeUtf8(place) }),
    open: (place: string, sealed: Uint8Array): JsonObject | null => {
      const plaintext = openRecord({ key: cipher, sealed, aad: encodeUtf8(place) });
      const json = plaintext === null ? null : parseJson(decodeUtf8(plaintext) ?? '', { maxLength: longestMessage });
      return isJsonObject(json) ? json : null;
    },
  };
}
