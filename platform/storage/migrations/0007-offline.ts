import type { MigrationContext } from './context.ts';

/** Records that counters judged alone and handed in; the primary key gives each one answer. */
export async function migrateOffline({ createTable, moment }: MigrationContext): Promise<void> {
  await createTable('offline_record')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('record_id', 'text', (c) => c.notNull())
    .addColumn('record_digest', 'text', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('submitted_at', moment, (c) => c.notNull())
    .addPrimaryKeyConstraint('offline_record_once', ['account_id', 'record_id'])
    .execute();
}
