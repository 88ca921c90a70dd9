import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { HolderRole } from '../engine/grant-standing.ts';
import type { Storage } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';

/** Who is logged in at the presenting side: for which company, and as what. */
export interface Holder {
  readonly companyId: string;
  readonly role: HolderRole;
}

/** Log-ins of holders (6.3.2 a), known to every process of the platform by the digest of their token. */
export interface Sessions {
  /** A token of two hours, given out once. */
  open(holder: Holder): Promise<{ readonly token: string; readonly expiresAt: number }>;
  find(token: string): Promise<Holder | null>;
  close(token: string): Promise<void>;
}

const lifeMs = 2 * 3600 * 1000;

/** Sessions in the platform's storage; those that are over go when the next one is opened. */
export function createSessions(deps: { readonly storage: Storage; readonly now: () => number; readonly random: RandomBytes }): Sessions {
  return {
    open: async ({ companyId, role }) => {
      const token = encodeHex(deps.random(32));
      const expiresAt = deps.now() + lifeMs;
      await deps.storage.write(async (work) => {
        await work.deleteFrom('presenter_session').where('expires_at', '<=', deps.now()).execute();
        await work.insertInto('presenter_session').values({ token_digest: digestText(token), company_id: companyId, holder_role: role, expires_at: expiresAt }).execute();
      });
      return { token, expiresAt };
    },
    find: async (token) => {
      const row = await deps.storage.db
        .selectFrom('presenter_session')
        .selectAll()
        .where('token_digest', '=', digestText(token))
        .where('expires_at', '>', deps.now())
        .executeTakeFirst();
      return row === undefined ? null : { companyId: row.company_id, role: row.holder_role as HolderRole };
    },
    close: async (token) => {
      await deps.storage.write((work) => work.deleteFrom('presenter_session').where('token_digest', '=', digestText(token)).execute());
    },
  };
}
