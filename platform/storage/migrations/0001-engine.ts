import type { MigrationContext } from './context.ts';

/** Code engine: codes made, their use, their confirmation, the verifications asked. */
export async function migrateEngine({ schema, createTable, bytes, moment }: MigrationContext): Promise<void> {
  await createTable('minted_code')
    .addColumn('code_digest', 'text', (c) => c.primaryKey())
    .addColumn('code_id', 'text', (c) => c.notNull().unique())
    .addColumn('company_id', 'text', (c) => c.notNull())
    .addColumn('minted_at', moment, (c) => c.notNull())
    .addColumn('expires_at', moment, (c) => c.notNull())
    .addColumn('one_time', 'integer', (c) => c.notNull())
    .addColumn('second_authentication', 'integer', (c) => c.notNull())
    .addColumn('consent_sealed', bytes, (c) => c.notNull())
    .execute();
  await createTable('code_use')
    .addColumn('code_digest', 'text', (c) => c.primaryKey().references('minted_code.code_digest'))
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('used_at', moment, (c) => c.notNull())
    .execute();
  await createTable('code_confirmation')
    .addColumn('code_digest', 'text', (c) => c.primaryKey().references('minted_code.code_digest'))
    .addColumn('confirmed_at', moment, (c) => c.notNull())
    .execute();
  await createTable('verify_record')
    .addColumn('record_id', 'text', (c) => c.primaryKey())
    .addColumn('code_digest', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('org_code', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('verified_at', moment, (c) => c.notNull())
    .execute();
  await schema.createIndex('verify_record_by_code').on('verify_record').columns(['code_digest', 'verified_at']).execute();
}
