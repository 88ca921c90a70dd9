import type { MigrationContext } from './context.ts';

/** Where a registered platform is asked about its codes, and the key that it is spoken to with; empty for one that is only known by its keys. */
export async function migrateRouting({ schema }: MigrationContext): Promise<void> {
  for (const column of ['base_url', 'envelope_public_key'] as const)
    await schema.alterTable('registered_platform').addColumn(column, 'text', (c) => c.notNull().defaultTo('')).execute();
}
