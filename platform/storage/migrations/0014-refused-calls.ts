import type { MigrationContext } from './context.ts';

/** Refused calls are counted by the minute, each kind in one row; both logs of calls are looked through by age. */
export async function migrateRefusedCalls({ schema, createTable, moment }: MigrationContext): Promise<void> {
  await createTable('refused_call')
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('interface_path', 'text', (c) => c.notNull())
    .addColumn('head_status', 'text', (c) => c.notNull())
    .addColumn('minute', moment, (c) => c.notNull())
    .addColumn('calls', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('refused_call_once', ['minute', 'subject', 'interface_path', 'head_status'])
    .execute();
  await schema.createIndex('call_record_by_age').on('call_record').column('called_at').execute();
}
