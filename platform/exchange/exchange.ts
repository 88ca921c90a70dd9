import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { type OpenedEnvelope, openEnvelope, type ReplyEnvelope, sealReply, verifyEnvelopeSignature } from '../../domain/envelope.ts';
import { isJsonObject, type JsonObject, readField } from '../../domain/json.ts';
import { distortPayload, type Faults } from '../faults.ts';
import { successHead } from '../head-status.table.ts';
import type { KeyRing } from '../keys.ts';
import { type Outcome, type Refusal, refuse } from '../outcome.ts';
import type { Storage } from '../storage/database.ts';
import type { Account, Accounts } from '../trust/accounts.ts';
import type { NonceMemory } from './nonce-memory.ts';

/** One interface of the envelope family: where it is, what it takes, what it does for which caller. */
export interface ExchangeInterface<Schema extends v.GenericSchema> {
  readonly path: string;
  readonly schema: Schema;
  /** False where the service itself records who asked. */
  readonly recordsCalls: boolean;
  /** An application token that is sent must be good (10.2 b); 12.2.1 is where one is got. */
  readonly checksAppToken: boolean;
  readonly handle: (caller: Account, request: v.InferOutput<Schema>) => Outcome<object> | Promise<Outcome<object>>;
}

/** What all interfaces share: accounts, the platform's envelope key, memory of nonces, faults. */
export interface ExchangeDeps {
  readonly accounts: Accounts;
  readonly envelopeKey: KeyRing['envelope'];
  readonly storage: Storage;
  readonly faults: Faults;
  readonly nonces: NonceMemory;
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
  const caller = await findCaller(deps, body);
  if (caller === null) return printRefusal(refuse(isJsonObject(body) && isJsonObject(body['head']) ? '11' : '10'));
  const outcome = await callInterface(deps, served, caller, body);
  if (served.recordsCalls) await recordCall(deps, caller, served.path, outcome.ok ? successHead.status : outcome.status);
  return outcome.ok ? sealAnswer(deps, caller, outcome.payload) : printRefusal(outcome);
}

async function findCaller(deps: ExchangeDeps, body: unknown): Promise<Account | null> {
  const head = isJsonObject(body) ? body['head'] : undefined;
  const accountId = isJsonObject(head) ? readField(head, 'accountId') : undefined;
  return typeof accountId === 'string' && accountId.length <= 100 ? deps.accounts.find(accountId) : null;
}

async function callInterface<Schema extends v.GenericSchema>(
  deps: ExchangeDeps,
  served: ExchangeInterface<Schema>,
  caller: Account,
  body: unknown,
): Promise<Outcome<object>> {
  const opened = openEnvelope({ envelope: body, privateKey: deps.envelopeKey.privateKey });
  if (!opened.ok) return refuse(opened.failure.code === 'remote/undecryptable' ? '12' : '10');
  const refusal = (served.checksAppToken ? await checkAppToken(deps, caller, opened.value) : null) ?? checkSignature(deps, caller, body);
  if (refusal !== null) return refusal;
  const request = v.safeParse(served.schema, opened.value.payload ?? {});
  return request.success ? served.handle(caller, request.output) : refuse('13', nameField(request.issues));
}

async function checkAppToken(deps: ExchangeDeps, caller: Account, opened: OpenedEnvelope): Promise<Refusal | null> {
  const token = readField(opened.head, 'appToken');
  if (token === undefined) return null;
  return typeof token === 'string' && (await deps.accounts.isAppToken(token, caller.accountId)) ? null : refuse('14');
}

/** A head signature is optional (wire notes W5); one that is there must be good, fresh and seen for the first time. */
function checkSignature(deps: ExchangeDeps, caller: Account, body: unknown): Refusal | null {
  const envelope = body as Parameters<typeof verifyEnvelopeSignature>[0]['envelope'];
  const publicKey = decodeHex(caller.publicKey);
  if (publicKey === null) return refuse('17');
  const now = deps.now();
  const state = verifyEnvelopeSignature({ envelope, accountId: caller.accountId, publicKey, signerId: sm2DefaultId, now });
  if (state === 'absent') return null;
  if (state !== 'valid') return refuse('17');
  return deps.nonces.remember(`${caller.accountId}|${String(envelope.head.nonce)}`, now) ? null : refuse('17');
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

function sealAnswer(deps: ExchangeDeps, caller: Account, payload: object): ReplyEnvelope {
  const theirs = decodeHex(caller.publicKey);
  if (theirs === null) throw new Error('account without a public key');
  const { headStatus, wrongKey } = deps.faults;
  if (headStatus !== undefined) return { head: { message: '平台拒绝（故障注入）', status: headStatus }, encryptData: '' };
  return sealReply({
    accountId: caller.accountId,
    payload: distortPayload(deps.faults, payload as JsonObject),
    theirPublicKey: wrongKey === true ? generateSm2KeyPair(deps.random).publicKey : theirs,
    random: deps.random,
    ...successHead,
  });
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
