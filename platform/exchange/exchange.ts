import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import type { ExchangeSettings } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { digestData, type HeadSigner, openEnvelope, type ReplyEnvelope, sealReply } from '../../domain/envelope.ts';
import { isJsonObject, type JsonObject, readField } from '../../domain/json.ts';
import type { CallLog, RecordedCall } from '../audit/call-log.ts';
import { distortPayload, type Faults } from '../faults.ts';
import { abnormalPrompt, type HeadStatus, successHead } from '../head-status.table.ts';
import type { KeyRing } from '../keys.ts';
import type { Metrics } from '../operations/metrics.ts';
import { nameOrigin } from '../operations/request-origin.ts';
import { type Outcome, type Refusal, refuse } from '../outcome.ts';
import type { Account } from '../trust/accounts.ts';
import type { TrustService } from '../trust/trust-service.ts';
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

/** What all interfaces share: the trusted service, the platform's envelope key, faults. */
export interface ExchangeDeps {
  readonly envelopeKey: KeyRing['envelope'];
  readonly callLog: CallLog;
  readonly faults: Faults;
  readonly peerKeys: PeerKeys;
  /** Asked before anything is answered (10.2 b). */
  readonly trust: TrustService;
  readonly metrics: Metrics;
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
    const exchanged = await exchange(deps, served, request.body, nameOrigin(request.ip));
    return send(deps.faults, reply, exchanged);
  });
}

async function exchange<Schema extends v.GenericSchema>(
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
  body: unknown,
  origin: string,
): Promise<ReplyEnvelope> {
  const { head, encryptData } = readRequest(body);
  const { checksAppToken, isOwnExtension, path } = served;
  const admission = await deps.trust.admit({ path, head: head === null ? null : copyHead(head), dataDigest: digestData(encryptData), origin, checksAppToken, isOwnExtension });
  const { caller, nonce, refusal, subject } = admission;
  if (refusal !== null || caller === null) await deps.callLog.recordRefused({ subject, path, status: refusal ?? '11', at: deps.now() });
  if (caller === null || head === null) return printRefusal(refuse(refusal ?? '11'));
  const outcome = refusal === null ? await callInterface(deps, served, { caller, head, encryptData }) : refuse(refusal);
  if (served.recordsCalls && refusal === null) await recordCall(deps, { subject, path, status: statusOf(outcome), at: deps.now() }, caller);
  return sealAnswer(deps, { caller, nonce }, await watch(deps, path, subject, outcome));
}

/** What was let in but could not be read says nothing of who wrote it: it is counted like what was turned away. */
async function recordCall({ callLog }: ExchangeDeps, call: RecordedCall, { accountId }: Account): Promise<void> {
  await (unreadable.has(call.status) ? callLog.recordRefused(call) : callLog.record({ ...call, subject: accountId }));
}

const unreadable: ReadonlySet<string> = new Set<HeadStatus>(['10', '12', '13']);

function statusOf(outcome: Outcome<object>): string {
  return outcome.ok ? successHead.status : outcome.status;
}

/** Counts the outcome; one of many abnormal ones is given with the prompt beside its text. */
async function watch(deps: ExchangeDeps, path: string, subject: string, outcome: Outcome<object>): Promise<Outcome<object>> {
  const payload = outcome.ok ? (outcome.payload as { verdict?: unknown }) : {};
  const verdict = typeof payload.verdict === 'string' ? payload.verdict : undefined;
  const status = statusOf(outcome);
  deps.metrics.call({ path, status, verdict });
  if ((await deps.trust.note(subject, { status, verdict })) === 'normal') return outcome;
  const message = outcome.ok ? (outcome.message ?? successHead.message) : outcome.message;
  return { ...outcome, message: `${message}（${abnormalPrompt}）` };
}

/** A request of an enrolled peer that may be answered. */
interface Asked {
  readonly caller: Account;
  readonly head: JsonObject;
  readonly encryptData: string;
}

function readRequest(body: unknown): { readonly head: JsonObject | null; readonly encryptData: string } {
  const json = isJsonObject(body) ? body : {};
  const [head, data] = [readField(json, 'head'), readField(json, 'encryptData')];
  return { head: isJsonObject(head) ? head : null, encryptData: typeof data === 'string' ? data : '' };
}

async function callInterface<Schema extends v.GenericSchema>(
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
  asked: Asked,
): Promise<Outcome<object>> {
  const opened = openEnvelope({ envelope: asked, privateKey: deps.envelopeKey.privateKey });
  if (!opened.ok) return refuse(opened.failure.code === 'remote/undecryptable' ? '12' : '10');
  const request = v.safeParse(served.schema, opened.value.payload ?? {});
  if (!request.success) return refuse('13', nameField(request.issues));
  const outcome = await served.handle(asked.caller, request.output);
  const { itemName } = request.output as { readonly itemName?: unknown };
  if (outcome.ok && typeof itemName === 'string') deps.metrics.matter(itemName);
  return outcome;
}

const headFields = ['accountId', 'appToken', 'timestamp', 'nonce', 'signType', 'sign', 'signVersion', 'interface'];
const longestField = 4000;

/** What of a head a trusted service looks at; a field that is no text, or too long, is there and worth nothing. */
function copyHead(head: JsonObject): JsonObject {
  const fields = headFields.flatMap((name): [string, string][] => {
    const value = readField(head, name);
    return value === undefined ? [] : [[name, typeof value === 'string' && value.length <= longestField ? value : '']];
  });
  return Object.fromEntries(fields);
}

function nameField(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? '' : (v.getDotPath(issue) ?? '');
}

/** A peer that signs, or is to, gets signed answers, refusals too; a strict one gets what the standard prints. */
function sealAnswer(deps: ExchangeDeps, { caller, nonce }: { readonly caller: Account; readonly nonce: string | null }, outcome: Outcome<object>): ReplyEnvelope {
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
