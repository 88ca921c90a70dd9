import type { MigrationContext } from './context.ts';

/** The catalogue and the scenario lists, version by version. */
export async function migrateLists({ createTable, moment }: MigrationContext): Promise<void> {
  await createTable('published_lists')
    .addColumn('version', 'integer', (c) => c.primaryKey())
    .addColumn('lists', 'text', (c) => c.notNull())
    .addColumn('published_at', moment, (c) => c.notNull())
    .execute();
}
