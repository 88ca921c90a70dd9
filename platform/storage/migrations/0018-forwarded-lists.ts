import type { MigrationContext } from './context.ts';

/** Lists that another platform publishes and this one passes on, and whose they are; without a row in `list_source` it publishes its own. */
export async function migrateForwardedLists({ createTable, moment }: MigrationContext): Promise<void> {
  await createTable('forwarded_lists')
    .addColumn('origin_id', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('list', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .addColumn('received_at', moment, (c) => c.notNull())
    .addPrimaryKeyConstraint('forwarded_lists_once', ['origin_id', 'version'])
    .execute();
  await createTable('list_source')
    .addColumn('place', 'text', (c) => c.primaryKey())
    .addColumn('origin_id', 'text', (c) => c.notNull())
    .addColumn('from_id', 'text', (c) => c.notNull())
    .addColumn('asked_at', moment, (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .execute();
}
