import type { EnterpriseQuery, EnterpriseReply } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { EngineAnswer } from '../engine/code-engine.ts';
import type { View } from '../presenting/contract.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { AccessRecordTable } from '../storage/tables.ts';
import type { Account } from '../trust/accounts.ts';

/** Who asked about whom, and what was shown (C 0300-2021 6.2 b, 6.3.2): written with the answer, read by the holder. */
export interface AccessLog {
  add(work: Work, access: Access): Promise<void>;
  /** Newest first, at most 200. */
  listByCode(codeId: string): Promise<View[]>;
  /** Newest first, not older than `since` (epoch milliseconds), at most 200. */
  listByCompany(companyId: string, since: number): Promise<View[]>;
}

/** One look at a company, to be written. */
export interface Access extends View {
  readonly companyId: string;
  readonly codeId: string;
  readonly accountId: string;
  readonly viewedAtMs: number;
}

const longestList = 200;

/** A log whose details (operator, purpose, what was read) are sealed. */
export function createAccessLog(deps: { storage: Storage; sealing: Sealing; random: RandomBytes }): AccessLog {
  const { db } = deps.storage;
  const newest = () => db.selectFrom('access_record').selectAll().orderBy('viewed_at', 'desc').limit(longestList);
  const open = (row: AccessRecordTable) => deps.sealing.openJson(`access_record/${row.record_id}`, row.detail_sealed) as View;
  return {
    add: async (work, access) => {
      const { companyId, codeId, accountId, viewedAtMs, ...view } = access;
      if (await isRepeated(work, access)) return;
      const recordId = encodeHex(deps.random(16));
      await work
        .insertInto('access_record')
        .values({
          record_id: recordId,
          company_id: companyId,
          code_id: codeId,
          account_id: accountId,
          verdict: view.verdict,
          viewed_at: viewedAtMs,
          detail_sealed: deps.sealing.sealJson(`access_record/${recordId}`, view),
        })
        .execute();
    },
    listByCode: async (codeId) => (await newest().where('code_id', '=', codeId).execute()).map(open),
    listByCompany: async (companyId, since) =>
      (await newest().where('company_id', '=', companyId).where('viewed_at', '>=', since).execute()).map(open),
  };
}

/** A window that waits for the holder asks again and again: that is one look. */
async function isRepeated(work: Work, { accountId, codeId, verdict }: Access): Promise<boolean> {
  if (verdict !== 'secondAuthentication') return false;
  const row = await work
    .selectFrom('access_record')
    .select('record_id')
    .where('code_id', '=', codeId)
    .where('account_id', '=', accountId)
    .where('verdict', '=', verdict)
    .executeTakeFirst();
  return row !== undefined;
}

/** What the log keeps of one answered query. */
export function toAccess(asked: {
  account: Pick<Account, 'accountId' | 'corpName'>;
  query: EnterpriseQuery;
  engine: EngineAnswer;
  reply: EnterpriseReply;
  minted: NonNullable<EngineAnswer['minted']>;
}): Access {
  const { account, engine, minted, query, reply } = asked;
  return {
    companyId: minted.companyId,
    codeId: minted.codeId,
    accountId: account.accountId,
    viewedAtMs: engine.verifiedAt,
    viewedAt: reply.verifiedAt,
    orgName: query.operatorCredential.orgName,
    operator: query.operatorCredential.name,
    useFor: query.useFor,
    itemName: query.itemName,
    verdict: engine.verdict,
    items: [...(reply.infoList ?? []).map(({ title }) => title), ...(reply.certList ?? []).map((entry) => entry.certificateType)],
  };
}
