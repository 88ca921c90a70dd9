import type { MigrationContext } from './context.ts';

/** File verification by digest (12.1.10), and the business numbers under which persons were authenticated (12.2.3). */
export async function migrateVerification({ schema, createTable, moment }: MigrationContext): Promise<void> {
  await schema.createIndex('certificate_file_by_sm3').on('certificate_file').column('file_sm3').execute();
  await createTable('person_transaction')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('transaction_digest', 'text', (c) => c.notNull())
    .addColumn('begun_at', moment, (c) => c.notNull())
    .addPrimaryKeyConstraint('person_transaction_once', ['account_id', 'transaction_digest'])
    .execute();
}
