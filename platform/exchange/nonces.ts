import type { Storage, Work } from '../storage/database.ts';

/** The nonces of signed requests, known to every process of the platform: which came first the database decides. */
export interface Nonces {
  /** False when this account's nonce was seen before. */
  use(accountId: string, nonce: string): Promise<boolean>;
  /** Forgets nonces whose time stamps would no longer be accepted. */
  purge(work: Work): Promise<void>;
}

/** Twice the accepted age of a time stamp, which may lie in the future, and a little more. */
const nonceLifeMs = 11 * 60_000;

/** Nonces in the platform's storage. */
export function createNonces(deps: { storage: Storage; now: () => number }): Nonces {
  return {
    use: (accountId, nonce) =>
      deps.storage.write(async (work) => {
        const used = await work
          .insertInto('request_nonce')
          .values({ account_id: accountId, nonce, seen_at: deps.now() })
          .onConflict((conflict) => conflict.columns(['account_id', 'nonce']).doNothing())
          .executeTakeFirst();
        return used.numInsertedOrUpdatedRows === 1n;
      }),
    purge: async (work) => {
      await work.deleteFrom('request_nonce').where('seen_at', '<=', deps.now() - nonceLifeMs).execute();
    },
  };
}
