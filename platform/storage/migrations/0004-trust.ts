import type { MigrationContext } from './context.ts';

/** Trusted access: accounts, enrolment codes used, application tokens. */
export async function migrateTrust({ createTable, moment }: MigrationContext): Promise<void> {
  await createTable('account')
    .addColumn('account_id', 'text', (c) => c.primaryKey())
    .addColumn('app_id', 'text', (c) => c.notNull().unique())
    .addColumn('app_secret_digest', 'text', (c) => c.notNull())
    .addColumn('corp_name', 'text', (c) => c.notNull())
    .addColumn('corp_code', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('enrolled_at', moment, (c) => c.notNull())
    .execute();
  await createTable('enrolment_use')
    .addColumn('code_digest', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('used_at', moment, (c) => c.notNull())
    .execute();
  await createTable('app_token')
    .addColumn('token_digest', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('expires_at', moment, (c) => c.notNull())
    .execute();
}
