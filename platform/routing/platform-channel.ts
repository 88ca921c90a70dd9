import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { concatBytes } from '../../domain/crypto/bytes.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { decodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type HeadSigner, openEnvelope, sealEnvelope, sealReply, verifyEnvelopeSignature, verifyReplySignature } from '../../domain/envelope.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';
import type { Nonces } from '../exchange/nonces.ts';
import type { KeyPair } from '../keys.ts';

/** Where a platform is asked, and the keys that say it is the one. */
export interface PlatformRoute {
  readonly platformId: string;
  readonly url: string;
  readonly envelopePublicKey: Uint8Array;
}

/** This platform as the others know it. */
export interface ChannelDeps {
  readonly ownId: string;
  readonly envelope: KeyPair;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** What this platform needs to answer others. */
export interface ServingDeps extends ChannelDeps {
  /** The route of a registered platform; null for any other. */
  readonly find: (platformId: string) => Promise<PlatformRoute | null>;
  readonly nonces: Nonces;
}

/** Longer than a platform takes, shorter than a counter waits. */
const answerLimitMs = 5000;
const longestAnswer = 16 * 1024 * 1024;

/**
 * Asks another platform: the envelope of 12.1.2, each with its own keys, signed, fresh, good for `path` alone and once, and the
 * answer bound to the question. Null where it does not answer, or what came is not its answer to this question.
 */
export async function askPlatform<Schema extends v.GenericSchema>(
  deps: ChannelDeps,
  route: PlatformRoute,
  { asked, path, schema }: { readonly path: string; readonly asked: object; readonly schema: Schema },
): Promise<v.InferOutput<Schema> | null> {
  const envelope = sealEnvelope({
    ...{ accountId: deps.ownId, interfacePath: path, payload: asked },
    ...{ theirPublicKey: route.envelopePublicKey, random: deps.random, sign: createSigner(deps) },
  });
  const body = await post(new URL(path.slice(1), `${route.url.replace(/\/$/, '')}/`), envelope);
  const opened = openEnvelope({ envelope: body, privateKey: deps.envelope.privateKey });
  if (!opened.ok || !isJsonObject(body)) return null;
  const signed = { head: opened.value.head, encryptData: String(body['encryptData']) };
  const { state } = verifyReplySignature({ envelope: signed, accountId: deps.ownId, publicKey: route.envelopePublicKey, signerId: sm2DefaultId, requestNonce: envelope.head.nonce ?? '' });
  const read = v.safeParse(schema, opened.value.payload);
  return state === 'valid' && read.success ? read.output : null;
}

async function post(url: URL, envelope: unknown): Promise<JsonValue | undefined> {
  try {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(envelope), redirect: 'error' as const, signal: AbortSignal.timeout(answerLimitMs) };
    const response = await fetch(url, init);
    const text = await readText(response);
    return text === null ? undefined : parseJson(text, { maxLength: longestAnswer });
  } catch {
    // However it fails: that platform has not answered.
    return undefined;
  }
}

/** No further than an answer may be long, however much is sent; null for more. */
async function readText(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > longestAnswer) return null;
    chunks.push(chunk);
  }
  return decodeUtf8(concatBytes(...chunks));
}

/** Answers registered platforms, and nobody else: to any other it says nothing. */
export function servePlatforms<Schema extends v.GenericSchema>(
  http: FastifyInstance,
  deps: ServingDeps,
  { answer, path, schema }: { readonly path: string; readonly schema: Schema; readonly answer: (from: PlatformRoute, asked: v.InferOutput<Schema>) => Promise<object> },
): void {
  http.post(path, async (request, reply) => {
    const { body } = request;
    const head = isJsonObject(body) && isJsonObject(body['head']) ? body['head'] : null;
    const route = head === null ? null : await deps.find(String(head['accountId']));
    if (head === null || route === null || !(await isTheirs(deps, { route, path, body: body as JsonObject, head }))) return reply.code(403).send({});
    const opened = openEnvelope({ envelope: body, privateKey: deps.envelope.privateKey });
    const asked = opened.ok ? v.safeParse(schema, opened.value.payload) : null;
    if (asked?.success !== true) return reply.code(400).send({});
    const payload = await answer(route, asked.output);
    return reply.send(
      sealReply({
        ...{ accountId: route.platformId, status: '0', message: '', payload, theirPublicKey: route.envelopePublicKey },
        ...{ random: deps.random, sign: createSigner(deps), requestNonce: String(head['nonce']) },
      }),
    );
  });
}

interface Asked {
  readonly route: PlatformRoute;
  readonly path: string;
  readonly body: JsonObject;
  readonly head: JsonObject;
}

async function isTheirs(deps: ServingDeps, { body, head, path, route: { envelopePublicKey, platformId } }: Asked): Promise<boolean> {
  const envelope = { head, encryptData: String(body['encryptData']) };
  const signed = { envelope, accountId: platformId, publicKey: envelopePublicKey, signerId: sm2DefaultId };
  const state = verifyEnvelopeSignature({ ...signed, interfacePath: path, now: deps.now() });
  return state === 'valid' && deps.nonces.use(`platform ${platformId}`, String(head['nonce']));
}

function createSigner({ envelope, now, random }: ChannelDeps): HeadSigner {
  return { now: now(), sign: (message) => signSm2({ privateKey: envelope.privateKey, message, id: sm2DefaultId, random }) };
}
