import type { MigrationContext } from './context.ts';

/** Enterprise information service: answers given, and who looked. */
export async function migrateInformation({ schema, createTable, bytes, moment }: MigrationContext): Promise<void> {
  await createTable('query_answer')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('code_digest', 'text', (c) => c.notNull())
    .addColumn('answer_sealed', bytes, (c) => c.notNull())
    .addColumn('answered_at', moment, (c) => c.notNull())
    .addPrimaryKeyConstraint('query_answer_once', ['account_id', 'request_id'])
    .execute();
  await createTable('access_record')
    .addColumn('record_id', 'text', (c) => c.primaryKey())
    .addColumn('company_id', 'text', (c) => c.notNull())
    .addColumn('code_id', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('viewed_at', moment, (c) => c.notNull())
    .addColumn('detail_sealed', bytes, (c) => c.notNull())
    .execute();
  await schema.createIndex('access_record_by_company').on('access_record').columns(['company_id', 'viewed_at']).execute();
  await schema.createIndex('access_record_by_code').on('access_record').columns(['code_id', 'viewed_at']).execute();
}
