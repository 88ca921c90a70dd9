import type { MigrationContext } from './context.ts';

/** Peers cut off for abnormal requests, and until when. */
export async function migrateMonitoring({ createTable, moment }: MigrationContext): Promise<void> {
  await createTable('account_cutoff')
    .addColumn('account_id', 'text', (c) => c.primaryKey())
    .addColumn('until', moment, (c) => c.notNull())
    .execute();
}
