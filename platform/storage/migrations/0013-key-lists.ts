import type { MigrationContext } from './context.ts';

/** How often a platform's signing keys changed: the sequence number of the list that counters fetch. */
export async function migrateKeyLists({ schema }: MigrationContext): Promise<void> {
  await schema.alterTable('registered_platform').addColumn('key_sequence', 'integer', (c) => c.notNull().defaultTo(1)).execute();
}
