import * as v from 'valibot';
import { type ExchangeSettings, ExchangeSettingsSchema } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { Storage, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';

/** An enrolled application system: who it is and the key that answers to it are encrypted with. */
export interface Account {
  readonly accountId: string;
  readonly appId: string;
  readonly corpName: string;
  readonly corpCode: string;
  /** 04 ‖ x ‖ y, hex. */
  readonly publicKey: string;
  readonly exchange: ExchangeSettings;
}

/** The enrolled application systems and their access tokens (10.1 a). */
export interface Accounts {
  find(accountId: string): Promise<Account | null>;
  /** Opens an account; its secret is returned once and kept as a digest. */
  open(work: Work, owner: Omit<Account, 'appId'>): Promise<{ account: Account; appSecret: string }>;
  /** The account that these application credentials belong to, or null. */
  authenticate(credentials: { appId: string; appSecret: string }): Promise<Account | null>;
  /** A token of two hours. */
  issueAppToken(work: Work, accountId: string): Promise<string>;
  /** Whether the token was given to this account and is still good (10.2 b). */
  isAppToken(token: string, accountId: string): Promise<boolean>;
  /** Forgets tokens that have ended. */
  purge(work: Work): Promise<void>;
}

/** Two hours: the delta specification gives no life; it must be shorter than a shift so that renewal is exercised daily. */
export const appTokenLifeMs = 2 * 3600 * 1000;

/** Accounts whose secrets and tokens are kept as digests. */
export function createAccounts(deps: { storage: Storage; now: () => number; random: RandomBytes }): Accounts {
  const { db } = deps.storage;
  const rows = () => db.selectFrom('account').selectAll();
  return {
    find: async (accountId) => toAccount(await rows().where('account_id', '=', accountId).executeTakeFirst()),
    open: (work, owner) => openAccount(deps, work, owner),
    authenticate: async ({ appId, appSecret }) =>
      toAccount(await rows().where('app_id', '=', appId).where('app_secret_digest', '=', digestText(appSecret)).executeTakeFirst()),
    issueAppToken: (work, accountId) => issueAppToken(deps, work, accountId),
    isAppToken: async (token, accountId) => {
      const row = await db
        .selectFrom('app_token')
        .select('account_id')
        .where('token_digest', '=', digestText(token))
        .where('account_id', '=', accountId)
        .where('expires_at', '>', deps.now())
        .executeTakeFirst();
      return row !== undefined;
    },
    purge: async (work) => {
      await work.deleteFrom('app_token').where('expires_at', '<=', deps.now()).execute();
    },
  };
}

interface AccountRow {
  readonly account_id: string;
  readonly app_id: string;
  readonly corp_name: string;
  readonly corp_code: string;
  readonly public_key: string;
  readonly exchange_settings: string;
}

function toAccount(row: AccountRow | undefined): Account | null {
  if (row === undefined) return null;
  const { account_id: accountId, app_id: appId, corp_name: corpName, corp_code: corpCode, public_key: publicKey } = row;
  return { accountId, appId, corpName, corpCode, publicKey, exchange: v.parse(ExchangeSettingsSchema, JSON.parse(row.exchange_settings)) };
}

async function openAccount(
  deps: { now: () => number; random: RandomBytes },
  work: Work,
  owner: Omit<Account, 'appId'>,
): Promise<{ account: Account; appSecret: string }> {
  const account = { ...owner, appId: `app-${encodeHex(deps.random(6))}` };
  const appSecret = encodeHex(deps.random(32));
  await work
    .insertInto('account')
    .values({
      account_id: account.accountId,
      app_id: account.appId,
      app_secret_digest: digestText(appSecret),
      corp_name: account.corpName,
      corp_code: account.corpCode,
      public_key: account.publicKey,
      exchange_settings: JSON.stringify(account.exchange),
      enrolled_at: deps.now(),
    })
    .execute();
  return { account, appSecret };
}

async function issueAppToken(deps: { now: () => number; random: RandomBytes }, work: Work, accountId: string): Promise<string> {
  const token = encodeHex(deps.random(32));
  await work
    .insertInto('app_token')
    .values({ token_digest: digestText(token), account_id: accountId, expires_at: deps.now() + appTokenLifeMs })
    .execute();
  return token;
}
