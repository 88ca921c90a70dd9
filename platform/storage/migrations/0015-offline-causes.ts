import type { MigrationContext } from './context.ts';

/** Why an offline record was not confirmed, in the engine's own word; empty where the code could not be read. */
export async function migrateOfflineCauses({ schema }: MigrationContext): Promise<void> {
  await schema.alterTable('offline_record').addColumn('cause', 'text', (c) => c.notNull().defaultTo('')).execute();
}
