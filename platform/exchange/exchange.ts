import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import type { ExchangeSettings } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { type HeadSigner, openEnvelope, type ReplyEnvelope, sealReply, verifyEnvelopeSignature } from '../../domain/envelope.ts';
import { isJsonObject, type JsonObject, readField } from '../../domain/json.ts';
import { distortPayload, type Faults } from '../faults.ts';
import { abnormalPrompt, successHead } from '../head-status.table.ts';
import type { KeyRing } from '../keys.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { RequestMonitor } from '../operations/request-monitor.ts';
import { type Outcome, type Refusal, refuse } from '../outcome.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { Storage } from '../storage/database.ts';
import type { Account, Accounts } from '../trust/accounts.ts';
import type { Nonces } from './nonces.ts';
import type { PeerKeys } from './peer-keys.ts';

/** One interface of the envelope family: where it is, what it takes, what it does for which caller. */
export interface ExchangeInterface<Schema extends v.GenericSchema> {
  readonly path: string;
  readonly schema: Schema;
  /** False where the service itself records who asked. */
  readonly recordsCalls: boolean;
  /** The application token is checked before anything is answered (10.2 b); 12.2.1 is where one is got. */
  readonly checksAppToken: boolean;
  /** Head signature and application token are demanded of strict peers too: an interface of our own, not of the standard. */
  readonly isOwnExtension: boolean;
  readonly handle: (caller: Account, request: v.InferOutput<Schema>) => Outcome<object> | Promise<Outcome<object>>;
}

/** What all interfaces share: accounts, the platform's envelope key, memory of nonces, faults. */
export interface ExchangeDeps {
  readonly accounts: Accounts;
  readonly envelopeKey: KeyRing['envelope'];
  readonly storage: Storage;
  readonly faults: Faults;
  readonly nonces: Nonces;
  readonly peerKeys: PeerKeys;
  readonly monitor: RequestMonitor;
  readonly metrics: Metrics;
  /** Bounds how often one peer may ask. */
  readonly peerLimit: RateLimit;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/**
 * Serves one interface: POST, JSON, the SM2 envelope of 12.1.2 both ways. Every refusal is a `head.status` other than
 * "0"; the HTTP status is 200 for whatever reached an interface.
 */
export function serveInterface<Schema extends v.GenericSchema>(
  http: FastifyInstance,
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
): void {
  http.post(served.path, async (request, reply) => {
    if (deps.faults.httpStatus !== undefined) return reply.code(deps.faults.httpStatus).send({});
    const exchanged = await exchange(deps, served, request.body);
    return send(deps.faults, reply, exchanged);
  });
}

async function exchange<Schema extends v.GenericSchema>(
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
  body: unknown,
): Promise<ReplyEnvelope> {
  const asked = await readRequest(deps, body);
  if (asked === null) return printRefusal(refuse(isJsonObject(body) && isJsonObject(body['head']) ? '11' : '10'));
  const outcome = await admit(deps, served, asked);
  if (served.recordsCalls) await recordCall(deps, asked.caller, served.path, outcome.ok ? successHead.status : outcome.status);
  return sealAnswer(deps, asked, await watch(deps, served.path, asked, outcome));
}

/** Peers that were cut off, or ask too often, get no further. */
async function admit<Schema extends v.GenericSchema>(deps: ExchangeDeps, served: ExchangeInterface<Schema>, asked: Asked): Promise<Outcome<object>> {
  const { accountId } = asked.caller;
  if (deps.peerLimit.take(accountId) > 0) return refuse('90');
  return (await deps.monitor.isCutOff(accountId)) ? refuse('91') : callInterface(deps, served, asked);
}

/** Counts the outcome; one of many abnormal ones is given with the prompt beside its text. */
async function watch(deps: ExchangeDeps, path: string, { caller }: Asked, outcome: Outcome<object>): Promise<Outcome<object>> {
  const payload = outcome.ok ? (outcome.payload as { verdict?: unknown }) : {};
  const verdict = typeof payload.verdict === 'string' ? payload.verdict : undefined;
  const status = outcome.ok ? successHead.status : outcome.status;
  deps.metrics.call({ path, status, verdict });
  if ((await deps.monitor.note(caller.accountId, { status, verdict })) === 'normal') return outcome;
  const message = outcome.ok ? (outcome.message ?? successHead.message) : outcome.message;
  return { ...outcome, message: `${message}（${abnormalPrompt}）` };
}

/** A request of an enrolled peer; `nonce` is null when its head is not signed. */
interface Asked {
  readonly caller: Account;
  readonly head: JsonObject;
  readonly encryptData: string;
  readonly nonce: string | null;
}

async function readRequest(deps: ExchangeDeps, body: unknown): Promise<Asked | null> {
  const head = isJsonObject(body) ? body['head'] : undefined;
  const accountId = isJsonObject(head) ? readField(head, 'accountId') : undefined;
  if (!isJsonObject(head) || typeof accountId !== 'string' || accountId.length > 100) return null;
  const caller = await deps.accounts.find(accountId);
  if (caller === null) return null;
  const data = isJsonObject(body) ? readField(body, 'encryptData') : undefined;
  const nonce = readField(head, 'sign') === undefined ? null : readField(head, 'nonce');
  return { caller, head, encryptData: typeof data === 'string' ? data : '', nonce: typeof nonce === 'string' ? nonce : null };
}

/** In the order of cost: who says so, may they, and only then what they say. */
async function callInterface<Schema extends v.GenericSchema>(
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
  asked: Asked,
): Promise<Outcome<object>> {
  const refusal = (await checkSignature(deps, served, asked)) ?? (await checkAppToken(deps, served, asked));
  if (refusal !== null) return refusal;
  const opened = openEnvelope({ envelope: asked, privateKey: deps.envelopeKey.privateKey });
  if (!opened.ok) return refuse(opened.failure.code === 'remote/undecryptable' ? '12' : '10');
  const request = v.safeParse(served.schema, opened.value.payload ?? {});
  if (!request.success) return refuse('13', nameField(request.issues));
  const outcome = await served.handle(asked.caller, request.output);
  const { itemName } = request.output as { readonly itemName?: unknown };
  if (outcome.ok && typeof itemName === 'string') deps.metrics.matter(itemName);
  return outcome;
}

type Guarded = Pick<ExchangeInterface<v.GenericSchema>, 'isOwnExtension' | 'checksAppToken'>;

function isExtended(served: Guarded, { exchange: { mode } }: Account): boolean {
  return served.isOwnExtension || mode === 'extended';
}

/** Strict peers have no place for a token in their heads (wire notes W4); one that is sent must be good all the same. */
async function checkAppToken(deps: ExchangeDeps, served: Guarded, { caller, head }: Asked): Promise<Refusal | null> {
  const token = readField(head, 'appToken');
  if (!served.checksAppToken || (token === undefined && !isExtended(served, caller))) return null;
  return typeof token === 'string' && (await deps.accounts.isAppToken(token, caller.accountId)) ? null : refuse('14');
}

/** The signature of the head (wire notes W5) must be good, fresh and seen for the first time. */
async function checkSignature(deps: ExchangeDeps, served: Guarded, { caller, head, encryptData, nonce }: Asked): Promise<Refusal | null> {
  const { accountId } = caller;
  const publicKey = deps.peerKeys.get(caller.publicKey);
  const now = deps.now();
  const state = verifyEnvelopeSignature({ envelope: { head, encryptData }, accountId, publicKey, signerId: sm2DefaultId, now });
  if (state === 'absent') return isExtended(served, caller) ? refuse('18') : null;
  if (state === 'stale') return refuse('19');
  if (state !== 'valid' || nonce === null) return refuse('17');
  return (await deps.nonces.use(accountId, nonce)) ? null : refuse('23');
}

function nameField(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? '' : (v.getDotPath(issue) ?? '');
}

async function recordCall(deps: ExchangeDeps, caller: Account, path: string, status: string): Promise<void> {
  await deps.storage.write((work) =>
    work
      .insertInto('call_record')
      .values({
        record_id: encodeHex(deps.random(16)),
        account_id: caller.accountId,
        interface_path: path,
        head_status: status,
        called_at: deps.now(),
      })
      .execute(),
  );
}

/** A peer that signs, or is to, gets signed answers, refusals too; a strict one gets what the standard prints. */
function sealAnswer(deps: ExchangeDeps, { caller, nonce }: Asked, outcome: Outcome<object>): ReplyEnvelope {
  const { headStatus, swappedOrder, wrongKey } = deps.faults;
  const theirs = deps.peerKeys.get(caller.publicKey);
  const head = outcome.ok ? { ...successHead, message: outcome.message ?? successHead.message } : { status: outcome.status, message: outcome.message };
  const said = headStatus === undefined ? head : { message: '平台拒绝（故障注入）', status: headStatus };
  const settings: ExchangeSettings = swappedOrder === true ? swapOrder(caller.exchange) : caller.exchange;
  const isSigned = (nonce !== null || caller.exchange.mode === 'extended') && deps.faults.unsignedReply !== true;
  return sealReply({
    ...said,
    accountId: caller.accountId,
    theirPublicKey: wrongKey === true ? generateSm2KeyPair(deps.random).publicKey : 'publicKey' in theirs ? theirs.publicKey : theirs,
    random: deps.random,
    settings,
    ...(outcome.ok && headStatus === undefined ? { payload: distortPayload(deps.faults, outcome.payload as JsonObject) } : {}),
    ...(isSigned ? { sign: createSigner(deps), requestNonce: deps.faults.swappedReply === true ? encodeHex(deps.random(16)) : (nonce ?? '') } : {}),
  });
}

function createSigner(deps: ExchangeDeps): HeadSigner {
  const privateKey = deps.faults.forgedReply === true ? generateSm2KeyPair(deps.random).privateKey : deps.envelopeKey.privateKey;
  return { now: deps.now(), sign: (message) => signSm2({ privateKey, message, id: sm2DefaultId, random: deps.random }) };
}

function swapOrder(settings: ExchangeSettings): ExchangeSettings {
  return { ...settings, order: settings.order === 'C1C3C2' ? 'C1C2C3' : 'C1C3C2' };
}

function printRefusal(refusal: Refusal): ReplyEnvelope {
  return { head: { message: refusal.message, status: refusal.status }, encryptData: '' };
}

async function send(faults: Faults, reply: FastifyReply, envelope: ReplyEnvelope): Promise<FastifyReply> {
  if (faults.latencyMs !== undefined) await wait(faults.latencyMs);
  if (faults.dropAfterCommit === true) {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }
  reply.type('application/json; charset=utf-8');
  const text = JSON.stringify(envelope);
  return reply.send(faults.malformed === true ? text.slice(0, -20) : text);
}
