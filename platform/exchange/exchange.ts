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
import { abnormalPrompt, type HeadStatus, successHead } from '../head-status.table.ts';
import type { KeyRing } from '../keys.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { RequestMonitor } from '../operations/request-monitor.ts';
import { nameOrigin } from '../operations/request-origin.ts';
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
  /** Bounds how often one peer may ask, and one address for which no peer has signed. */
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
  const asked = await readRequest(deps, body);
  if (asked === null) return printRefusal(await refuseStranger(deps, body, origin));
  const proof = await identify(deps, served, asked, origin);
  const outcome = await admit(deps, served, asked, proof);
  const status = outcome.ok ? successHead.status : outcome.status;
  if (served.recordsCalls) await recordCall(deps, proof.refusal === null ? asked.caller.accountId : proof.subject, served.path, status);
  return sealAnswer(deps, asked, await watch(deps, served.path, proof.subject, outcome));
}

/** No account that we know: guessing them is counted against where the guesses come from. */
async function refuseStranger(deps: ExchangeDeps, body: unknown, origin: string): Promise<Refusal> {
  if (await deps.monitor.isCutOff(origin)) return refuse('91');
  const refusal = refuse(isJsonObject(body) && isJsonObject(body['head']) ? '11' : '10');
  await deps.monitor.note(origin, refusal);
  return refusal;
}

/**
 * Who is behind a request, as far as it is proved: the peer, by a signature that is good, fresh, for this interface and seen
 * for the first time; else no more than where it came from. Only what a peer has signed may count against that peer.
 */
interface Proof {
  readonly subject: string;
  /** Why it is not taken as the peer's; null for a strict peer, of whom nothing is proved and nothing demanded. */
  readonly refusal: Refusal | null;
}

/** Whoever was cut off, or asks too often, gets no further. */
async function admit<Schema extends v.GenericSchema>(deps: ExchangeDeps, served: ExchangeInterface<Schema>, asked: Asked, proof: Proof): Promise<Outcome<object>> {
  if (deps.peerLimit.take(proof.subject) > 0) return refuse('90');
  if (await deps.monitor.isCutOff(proof.subject)) return refuse('91');
  return proof.refusal ?? callInterface(deps, served, asked);
}

/** Counts the outcome; one of many abnormal ones is given with the prompt beside its text. */
async function watch(deps: ExchangeDeps, path: string, subject: string, outcome: Outcome<object>): Promise<Outcome<object>> {
  const payload = outcome.ok ? (outcome.payload as { verdict?: unknown }) : {};
  const verdict = typeof payload.verdict === 'string' ? payload.verdict : undefined;
  const status = outcome.ok ? successHead.status : outcome.status;
  deps.metrics.call({ path, status, verdict });
  if ((await deps.monitor.note(subject, { status, verdict })) === 'normal') return outcome;
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

/** May they, and only then what they say. */
async function callInterface<Schema extends v.GenericSchema>(
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
  asked: Asked,
): Promise<Outcome<object>> {
  const refusal = await checkAppToken(deps, served, asked);
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

/** The signature of the head (wire notes W5) must be good, for this interface, fresh, and seen for the first time. */
async function identify(deps: ExchangeDeps, served: Guarded & { readonly path: string }, asked: Asked, origin: string): Promise<Proof> {
  const { caller, encryptData, head, nonce } = asked;
  const { accountId } = caller;
  const unproved = (status: HeadStatus): Proof => ({ subject: origin, refusal: refuse(status) });
  const state = verifyEnvelopeSignature({
    ...{ envelope: { head, encryptData }, accountId, publicKey: deps.peerKeys.get(caller.publicKey), signerId: sm2DefaultId },
    ...{ interfacePath: served.path, now: deps.now() },
  });
  const isDemanded = isExtended(served, caller);
  if (state === 'absent') return isDemanded ? unproved('18') : { subject: origin, refusal: null };
  if (state === 'stale') return unproved('19');
  if (state === 'misdirected' || (state === 'unbound' && isDemanded)) return unproved('24');
  if (state === 'invalid' || nonce === null) return unproved('17');
  return (await deps.nonces.use(accountId, nonce)) ? { subject: accountId, refusal: null } : unproved('23');
}

function nameField(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return issue === undefined ? '' : (v.getDotPath(issue) ?? '');
}

async function recordCall(deps: ExchangeDeps, subject: string, path: string, status: string): Promise<void> {
  await deps.storage.write((work) =>
    work
      .insertInto('call_record')
      .values({
        record_id: encodeHex(deps.random(16)),
        account_id: subject,
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
