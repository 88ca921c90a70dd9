import type { EnterpriseQuery, EnterpriseReply } from '../../domain/contracts/enterprise.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { parseServiceCode, type ServiceCode } from '../../domain/service-code.ts';
import type { CallLog } from '../audit/call-log.ts';
import { judgeSigner } from '../engine/code-engine.ts';
import type { SigningKeys } from '../engine/signing-keys.ts';
import { type HeadStatus, headMessages, successHead } from '../head-status.table.ts';
import type { InformationService } from '../information/information-service.ts';
import type { KeyPair } from '../keys.ts';
import { answer, type Outcome, refuse } from '../outcome.ts';
import type { Storage } from '../storage/database.ts';
import type { Account } from '../trust/accounts.ts';
import type { PlatformRoute } from './platform-channel.ts';
import { askAboutCode, type RoutedQuery, routedQueryPath } from './routed-query.ts';

/** Routing of codes by the six digits of the platform that made them (C 0300-2021 6.1.1 b3; GB/T 45959 6.2, 7.3). */
export interface CodeRouting {
  /** Answers a counter of ours: about our codes ourselves, about those of a registered platform by asking it. */
  query(caller: Account, query: EnterpriseQuery): Promise<Outcome<EnterpriseReply>>;
  /** Answers a registered platform about a code of ours. */
  answerRouted(from: PlatformRoute, asked: RoutedQuery): Promise<Outcome<EnterpriseReply>>;
  find(platformId: string): Promise<PlatformRoute | null>;
}

interface RoutingDeps {
  readonly ownId: string;
  readonly envelope: KeyPair;
  readonly storage: Storage;
  readonly signingKeys: Pick<SigningKeys, 'of'>;
  readonly information: Pick<InformationService, 'query'>;
  readonly callLog: CallLog;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Routing over the platforms that are registered at the moment. */
export function createCodeRouting(deps: RoutingDeps): CodeRouting {
  const find = (platformId: string) => findRoute(deps.storage, platformId);
  return {
    find,
    query: async (caller, query) => {
      const parsed = parseServiceCode({ text: query.code });
      const route = parsed.ok && parsed.code.platformId !== deps.ownId ? await find(parsed.code.platformId) : null;
      if (!parsed.ok || route === null || !(await isSignedByThem(deps, parsed.code))) return deps.information.query(caller, query);
      const outcome = query.operatorCredential.orgCode === caller.corpCode ? await passOn(deps, route, caller, query) : refuse('15');
      await deps.callLog.record({ subject: caller.accountId, path: `${routedQueryPath}/${route.platformId}`, status: outcome.ok ? successHead.status : outcome.status, at: deps.now() });
      return outcome;
    },
    // Their counters are no accounts of ours: what one of them asked is told apart by the platform that passed it on.
    answerRouted: (from, { account, query }) => {
      const parsed = parseServiceCode({ text: query.code });
      // A code of a third platform is not passed on again: no query goes round.
      if (parsed.ok && parsed.code.platformId !== deps.ownId) return Promise.resolve(refuse('40'));
      return deps.information.query({ ...account, accountId: `${from.platformId}/${account.accountId}` }, query);
    },
  };
}

/** A forgery, and what a revoked or ended key signed, is refused here by the keys that we have: nobody else is troubled with it. */
async function isSignedByThem({ now, signingKeys, storage }: RoutingDeps, code: ServiceCode): Promise<boolean> {
  return judgeSigner(await signingKeys.of(storage.db, code.platformId), code, now()) === 'unknownCode';
}

async function passOn(deps: RoutingDeps, route: PlatformRoute, { accountId, corpCode, corpName }: Account, query: EnterpriseQuery): Promise<Outcome<EnterpriseReply>> {
  const answered = await askAboutCode(deps, route, { account: { accountId, corpCode, corpName }, query });
  if (answered === null) return refuse('51');
  const { message, reply, status } = answered;
  if (status === '0' && reply !== undefined) return answer(withoutTokens(reply));
  return isHeadStatus(status) ? { ok: false, status, message: message.slice(0, 200) } : refuse('51');
}

/** Tokens and certificate ids of the other platform open nothing here: certificates are asked for at the platform that gave them. */
function withoutTokens({ certList: _ids, trustedToken: _token, ...reply }: EnterpriseReply): EnterpriseReply {
  return reply;
}

function isHeadStatus(status: string): status is HeadStatus {
  return Object.hasOwn(headMessages, status);
}

async function findRoute({ db }: Storage, platformId: string): Promise<PlatformRoute | null> {
  const row = await db.selectFrom('registered_platform').select(['base_url', 'envelope_public_key']).where('platform_id', '=', platformId).executeTakeFirst();
  const envelopePublicKey = decodeHex(row?.envelope_public_key ?? '');
  return row === undefined || row.base_url === '' || envelopePublicKey === null ? null : { platformId, url: row.base_url, envelopePublicKey };
}
