import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { EnterpriseQuerySchema, type EnterpriseReply, EnterpriseReplySchema } from '../../domain/contracts/enterprise.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { type HeadSigner, openEnvelope, sealEnvelope, sealReply, verifyEnvelopeSignature, verifyReplySignature } from '../../domain/envelope.ts';
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from '../../domain/json.ts';
import type { Nonces } from '../exchange/nonces.ts';
import type { KeyPair } from '../keys.ts';
import type { Outcome } from '../outcome.ts';

/** Between two platforms: the envelope of 12.1.2, each with its own keys, signed, fresh, once, and each answer bound to its question. */
export const routedQueryPath = '/route/enterprise/query';

/** Where a platform is asked, and the keys that say it is the one. */
export interface PlatformRoute {
  readonly platformId: string;
  readonly url: string;
  readonly envelopePublicKey: Uint8Array;
}

/** What a platform passes on: the query as its counter made it, and whose counter that is. The platform vouches for both. */
const RoutedQuerySchema = v.object({
  account: v.object({ accountId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)), corpName: v.pipe(v.string(), v.maxLength(400)), corpCode: v.pipe(v.string(), v.maxLength(40)) }),
  query: EnterpriseQuerySchema,
});
export type RoutedQuery = v.InferOutput<typeof RoutedQuerySchema>;

const AnsweredSchema = v.object({ status: v.string(), message: v.string(), reply: v.optional(EnterpriseReplySchema) });
export type Answered = v.InferOutput<typeof AnsweredSchema>;

/** Longer than a platform takes, shorter than a counter waits. */
const answerLimitMs = 5000;
const longestAnswer = 4 * 1024 * 1024;

interface ChannelDeps {
  readonly ownId: string;
  readonly envelope: KeyPair;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Asks the platform of a code; null where it does not answer, or what came is not its answer to this question. */
export async function askPlatform(deps: ChannelDeps, route: PlatformRoute, asked: RoutedQuery): Promise<Answered | null> {
  const envelope = sealEnvelope({
    ...{ accountId: deps.ownId, interfacePath: routedQueryPath, payload: asked as unknown as JsonValue },
    ...{ theirPublicKey: route.envelopePublicKey, random: deps.random, sign: createSigner(deps) },
  });
  const body = await post(new URL(routedQueryPath.slice(1), `${route.url.replace(/\/$/, '')}/`), envelope);
  const opened = openEnvelope({ envelope: body, privateKey: deps.envelope.privateKey });
  if (!opened.ok || !isJsonObject(body)) return null;
  const signed = { head: opened.value.head, encryptData: String(body['encryptData']) };
  const { state } = verifyReplySignature({ envelope: signed, accountId: deps.ownId, publicKey: route.envelopePublicKey, signerId: sm2DefaultId, requestNonce: envelope.head.nonce ?? '' });
  const read = v.safeParse(AnsweredSchema, opened.value.payload);
  return state === 'valid' && read.success ? read.output : null;
}

async function post(url: URL, envelope: unknown): Promise<JsonValue | undefined> {
  try {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(envelope), redirect: 'error' as const, signal: AbortSignal.timeout(answerLimitMs) };
    const response = await fetch(url, init);
    return parseJson(await response.text(), { maxLength: longestAnswer });
  } catch {
    // However it fails: that platform has not answered.
    return undefined;
  }
}

interface ServingDeps extends ChannelDeps {
  /** The route of a registered platform; null for any other. */
  readonly find: (platformId: string) => Promise<PlatformRoute | null>;
  readonly nonces: Nonces;
  readonly answer: (from: PlatformRoute, asked: RoutedQuery) => Promise<Outcome<EnterpriseReply>>;
}

/** Answers registered platforms about codes of this one, and nobody else: to any other it says nothing. */
export function serveRoutedQueries(http: FastifyInstance, deps: ServingDeps): void {
  http.post(routedQueryPath, async (request, reply) => {
    const { body } = request;
    const head = isJsonObject(body) && isJsonObject(body['head']) ? body['head'] : null;
    const route = head === null ? null : await deps.find(String(head['accountId']));
    if (head === null || route === null || !(await isTheirs(deps, route, body as JsonObject, head))) return reply.code(403).send({});
    const opened = openEnvelope({ envelope: body, privateKey: deps.envelope.privateKey });
    const asked = opened.ok ? v.safeParse(RoutedQuerySchema, opened.value.payload) : null;
    if (asked?.success !== true) return reply.code(400).send({});
    const outcome = await deps.answer(route, asked.output);
    const payload: Answered = outcome.ok ? { status: '0', message: '', reply: outcome.payload } : { status: outcome.status, message: outcome.message };
    return reply.send(
      sealReply({
        ...{ accountId: route.platformId, status: '0', message: '', payload: payload as unknown as JsonValue, theirPublicKey: route.envelopePublicKey },
        ...{ random: deps.random, sign: createSigner(deps), requestNonce: String(head['nonce']) },
      }),
    );
  });
}

async function isTheirs(deps: ServingDeps, { envelopePublicKey, platformId }: PlatformRoute, body: JsonObject, head: JsonObject): Promise<boolean> {
  const envelope = { head, encryptData: String(body['encryptData']) };
  const signed = { envelope, accountId: platformId, publicKey: envelopePublicKey, signerId: sm2DefaultId };
  const state = verifyEnvelopeSignature({ ...signed, interfacePath: routedQueryPath, now: deps.now() });
  return state === 'valid' && deps.nonces.use(`platform ${platformId}`, String(head['nonce']));
}

function createSigner({ envelope, now, random }: ChannelDeps): HeadSigner {
  return { now: now(), sign: (message) => signSm2({ privateKey: envelope.privateKey, message, id: sm2DefaultId, random }) };
}
