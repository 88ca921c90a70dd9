import type { CodeRecords, ConsentRecord, EnterpriseVerdict } from '../../domain/contracts/enterprise.ts';
import type { Reader, Storage } from '../storage/database.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { MintedCodeTable } from '../storage/tables.ts';

/** Who presents a company's code: its legal representative, or somebody whom it has sent. */
export type HolderRole = 'legal' | 'agent';

/** How a code stands for its holder; `verified` once any window was told `valid`. */
export interface CodeStanding {
  readonly companyId: string;
  readonly expiresAt: number;
  readonly used: boolean;
  readonly verified: boolean;
  readonly awaitingConfirmation: boolean;
  readonly refused: boolean;
  readonly withdrawn: boolean;
}

/** A code among those that a company made. */
export interface GrantStanding extends CodeStanding {
  readonly codeId: string;
  readonly mintedAt: number;
  readonly oneTime: boolean;
  readonly secondAuthentication: boolean;
  readonly holderRole: HolderRole;
  readonly record: ConsentRecord;
}

/** Whether the grant behind a code was taken back, at the latest at that moment. */
export async function isWithdrawn(from: Reader, code: Pick<MintedCodeTable, 'code_digest'>, at: number = Number.MAX_SAFE_INTEGER): Promise<boolean> {
  const row = await from
    .selectFrom('grant_withdrawal')
    .innerJoin('minted_code', 'minted_code.code_id', 'grant_withdrawal.code_id')
    .select('withdrawn_at')
    .where('minted_code.code_digest', '=', code.code_digest)
    .executeTakeFirst();
  return row !== undefined && row.withdrawn_at <= at;
}

/** Whether the holder, asked in person, has said yes (`code_confirmation`) or no. */
export async function hasDecided(from: Reader, table: 'code_confirmation' | 'code_refusal', codeDigest: string): Promise<boolean> {
  return (await from.selectFrom(table).select('code_digest').where('code_digest', '=', codeDigest).executeTakeFirst()) !== undefined;
}

/** Whether this very request was told to wait for the holder. */
export async function hasWaited(from: Reader, codeDigest: string, asked: { readonly accountId: string; readonly requestId: string }): Promise<boolean> {
  const row = await from
    .selectFrom('verify_record')
    .select('record_id')
    .where('code_digest', '=', codeDigest)
    .where('account_id', '=', asked.accountId)
    .where('request_id', '=', asked.requestId)
    .where('verdict', '=', 'secondAuthentication')
    .executeTakeFirst();
  return row !== undefined;
}

/** How a code stands, for the one who shows it; null when not known. */
export async function readStanding(from: Reader, codeId: string): Promise<CodeStanding | null> {
  const row = await from.selectFrom('minted_code').selectAll().where('code_id', '=', codeId).executeTakeFirst();
  return row === undefined ? null : describeStanding(from, row);
}

const mostListed = 50;

/** The codes that a company made since then, newest first. */
export async function readGrants(deps: { readonly storage: Storage; readonly sealing: Sealing }, companyId: string, since: number): Promise<readonly GrantStanding[]> {
  const { db } = deps.storage;
  const rows = await db
    .selectFrom('minted_code')
    .selectAll()
    .where('company_id', '=', companyId)
    .where('minted_at', '>=', since)
    .orderBy('minted_at', 'desc')
    .limit(mostListed)
    .execute();
  const grants: GrantStanding[] = [];
  for (const row of rows)
    grants.push({
      ...(await describeStanding(db, row)),
      codeId: row.code_id,
      mintedAt: row.minted_at,
      oneTime: row.one_time === 1,
      secondAuthentication: row.second_authentication === 1,
      holderRole: row.holder_role as HolderRole,
      record: deps.sealing.openJson(`minted_code/${row.code_digest}`, row.consent_sealed) as ConsentRecord,
    });
  return grants;
}

async function describeStanding(from: Reader, row: MintedCodeTable): Promise<CodeStanding> {
  const { code_digest: codeDigest } = row;
  const use = await from.selectFrom('code_use').select('used_at').where('code_digest', '=', codeDigest).executeTakeFirst();
  const verdicts = await from.selectFrom('verify_record').select('verdict').distinct().where('code_digest', '=', codeDigest).execute();
  const had = (verdict: EnterpriseVerdict) => verdicts.some((record) => record.verdict === verdict);
  const refused = await hasDecided(from, 'code_refusal', codeDigest);
  const isOpen = !refused && !(await hasDecided(from, 'code_confirmation', codeDigest));
  return {
    companyId: row.company_id,
    expiresAt: row.expires_at,
    used: use !== undefined,
    verified: had('valid'),
    awaitingConfirmation: row.second_authentication === 1 && had('secondAuthentication') && isOpen,
    refused,
    withdrawn: await isWithdrawn(from, row),
  };
}

/** What was recorded of a code for the account that asked about it: its own verifications, and how the code was made where it was told that it is valid. */
export async function readCodeRecords(from: Reader, { accountId, codeDigest }: { readonly accountId: string; readonly codeDigest: string }): Promise<CodeRecords> {
  const rows = await from
    .selectFrom('verify_record')
    .select(['request_id', 'verdict', 'verified_at'])
    .where('code_digest', '=', codeDigest)
    .where('account_id', '=', accountId)
    .orderBy('verified_at', 'desc')
    .limit(mostRecords)
    .execute();
  const wasValid = rows.some(({ verdict }) => verdict === ('valid' satisfies EnterpriseVerdict));
  const minted = wasValid ? await from.selectFrom('minted_code').select(['minted_at', 'expires_at', 'one_time']).where('code_digest', '=', codeDigest).executeTakeFirst() : undefined;
  return {
    ...(minted === undefined ? {} : { minted: { mintedAt: printTime(minted.minted_at), expiresAt: printTime(minted.expires_at), oneTime: minted.one_time === 1 } }),
    verifications: rows.map((row) => ({ requestId: row.request_id, verdict: row.verdict as EnterpriseVerdict, verifiedAt: printTime(row.verified_at) })),
  };
}

const mostRecords = 100;

function printTime(ms: number): string {
  return new Date(ms).toISOString();
}
