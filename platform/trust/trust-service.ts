import { sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { verifyEnvelopeSignature } from '../../domain/envelope.ts';
import { type JsonObject, readField } from '../../domain/json.ts';
import type { Nonces } from '../exchange/nonces.ts';
import type { PeerKeys } from '../exchange/peer-keys.ts';
import type { HeadStatus } from '../head-status.table.ts';
import type { RequestMonitor } from '../operations/request-monitor.ts';
import type { AskPart, PartMethods } from '../parts/part-channel.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { HolderGrant, Tickets, withdrawn } from '../sharing/tickets.ts';
import type { Storage } from '../storage/database.ts';
import type { Account, Accounts } from './accounts.ts';

/**
 * The trusted service that every system asks before it answers (delta specification 10.2 b): who asks, may they, and whose
 * certificates a holder token opens. In this process, or asked in one of its own.
 */
export interface TrustService {
  admit(request: AdmissionRequest): Promise<Admission>;
  /** What a holder token opens for this account; null when it is unknown, another's, or has ended. */
  holder(token: string, accountId: string): Promise<HolderGrant | typeof withdrawn | null>;
  /** Notes how a request ended; says whether the answer should carry the prompt (C 0300-2021 7.2). */
  note(subject: string, outcome: { readonly status: string; readonly verdict?: string | undefined }): Promise<'normal' | 'prompt'>;
}

/** What a system says of a request that came to it; of what was asked, no more than the digest. */
export interface AdmissionRequest {
  /** The interface that it came to. */
  readonly path: string;
  /** Null where there was none. */
  readonly head: JsonObject | null;
  /** SM3 of `encryptData` as its signature has it. */
  readonly dataDigest: string;
  /** Where it came from, as `nameOrigin` prints it. */
  readonly origin: string;
  readonly checksAppToken: boolean;
  readonly isOwnExtension: boolean;
}

/**
 * Who is behind a request, as far as it is proved: the peer, by a signature that is good, fresh, for this interface and seen
 * for the first time; else no more than where it came from. Only what a peer has signed may count against that peer.
 */
export interface Admission {
  /** Null for a stranger. */
  readonly caller: Account | null;
  readonly subject: string;
  /** The nonce of a signed head, which the answer names. */
  readonly nonce: string | null;
  /** Null: the request may be answered. */
  readonly refusal: HeadStatus | null;
}

interface TrustDeps {
  readonly accounts: Accounts;
  readonly nonces: Nonces;
  readonly peerKeys: PeerKeys;
  readonly monitor: RequestMonitor;
  /** Bounds how often one peer may ask, and one address for which no peer has signed. */
  readonly peerLimit: RateLimit;
  readonly tickets: Tickets;
  readonly storage: Storage;
  readonly now: () => number;
}

/** The trusted service in this process. */
export function createTrustService(deps: TrustDeps): TrustService {
  return {
    admit: (request) => admit(deps, request),
    holder: (token, accountId) => deps.tickets.readHolderToken(deps.storage.db, token, accountId),
    note: deps.monitor.note,
  };
}

/** The trusted service in a process of its own. */
export function createRemoteTrustService({ ask }: { readonly ask: AskPart }): TrustService {
  return {
    admit: async (request) => (await ask('trust', 'admit', request)) as Admission,
    holder: async (token, accountId) => (await ask('trust', 'holder', { token, accountId })) as HolderGrant | typeof withdrawn | null,
    note: async (subject, outcome) => (await ask('trust', 'note', { subject, outcome })) as 'normal' | 'prompt',
  };
}

/** What a process of the role `trust` answers. */
export function printTrustMethods(trust: TrustService): PartMethods {
  return {
    admit: (request: AdmissionRequest) => trust.admit(request),
    holder: ({ token, accountId }: { token: string; accountId: string }) => trust.holder(token, accountId),
    note: ({ subject, outcome }: { subject: string; outcome: { status: string; verdict?: string } }) => trust.note(subject, outcome),
  };
}

async function admit(deps: TrustDeps, request: AdmissionRequest): Promise<Admission> {
  const { head, origin } = request;
  const accountId = head === null ? undefined : readField(head, 'accountId');
  const isNamed = typeof accountId === 'string' && accountId.length <= 100;
  const caller = isNamed ? await deps.accounts.find(accountId) : null;
  if (head === null || caller === null) return refuseStranger(deps, origin, head === null ? '10' : '11');
  const nonce = readField(head, 'sign') === undefined ? undefined : readField(head, 'nonce');
  const signed = typeof nonce === 'string' ? nonce : null;
  const proof = await identify(deps, request, { caller, head, nonce: signed });
  const refusal = (await hinder(deps, proof.subject)) ?? proof.refusal ?? (await checkAppToken(deps, request, { caller, head }));
  return { caller, nonce: signed, subject: proof.subject, refusal };
}

/** No account that we know: guessing them is counted against where the guesses come from. */
async function refuseStranger(deps: TrustDeps, origin: string, status: HeadStatus): Promise<Admission> {
  const isCutOff = await deps.monitor.isCutOff(origin);
  if (!isCutOff) await deps.monitor.note(origin, { status });
  return { caller: null, nonce: null, subject: origin, refusal: isCutOff ? '91' : status };
}

/** Whoever was cut off, or asks too often, gets no further. */
async function hinder(deps: TrustDeps, subject: string): Promise<HeadStatus | null> {
  if (deps.peerLimit.take(subject) > 0) return '90';
  return (await deps.monitor.isCutOff(subject)) ? '91' : null;
}

interface Proof {
  readonly subject: string;
  /** Why it is not taken as the peer's; null for a strict peer, of whom nothing is proved and nothing demanded. */
  readonly refusal: HeadStatus | null;
}

interface Claim {
  readonly caller: Account;
  readonly head: JsonObject;
}

/** The signature of the head (wire notes W5) must be good, for this interface, fresh, and seen for the first time. */
async function identify(deps: TrustDeps, request: AdmissionRequest, { caller, head, nonce }: Claim & { readonly nonce: string | null }): Promise<Proof> {
  const { accountId } = caller;
  const unproved = (refusal: HeadStatus): Proof => ({ subject: request.origin, refusal });
  const state = verifyEnvelopeSignature({
    ...{ envelope: { head, dataDigest: request.dataDigest }, accountId, publicKey: deps.peerKeys.get(caller.publicKey), signerId: sm2DefaultId },
    ...{ interfacePath: request.path, now: deps.now() },
  });
  const isDemanded = isExtended(request, caller);
  if (state === 'absent') return isDemanded ? unproved('18') : { subject: request.origin, refusal: null };
  if (state === 'stale') return unproved('19');
  if (state === 'misdirected' || (state === 'unbound' && isDemanded)) return unproved('24');
  if (state === 'invalid' || nonce === null) return unproved('17');
  return (await deps.nonces.use(accountId, nonce)) ? { subject: accountId, refusal: null } : unproved('23');
}

/** Strict peers have no place for a token in their heads (wire notes W4); one that is sent must be good all the same. */
async function checkAppToken(deps: TrustDeps, request: AdmissionRequest, { caller, head }: Claim): Promise<HeadStatus | null> {
  const token = readField(head, 'appToken');
  if (!request.checksAppToken || (token === undefined && !isExtended(request, caller))) return null;
  return typeof token === 'string' && (await deps.accounts.isAppToken(token, caller.accountId)) ? null : '14';
}

function isExtended({ isOwnExtension }: AdmissionRequest, { exchange: { mode } }: Account): boolean {
  return isOwnExtension || mode === 'extended';
}
