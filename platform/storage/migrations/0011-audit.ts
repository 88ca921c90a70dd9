import type { MigrationContext } from './context.ts';

/** The last checkpoint of each counter's audit log, what was wrong with one handed in, and the first MAC keys in keeping. */
export async function migrateAudit({ createTable, bytes, moment }: MigrationContext): Promise<void> {
  await createTable('audit_log')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('checkpoint_text', 'text', (c) => c.notNull())
    .addColumn('countersigned', 'text', (c) => c.notNull())
    .addColumn('taken_at', moment, (c) => c.notNull())
    .addColumn('alarm', 'text')
    .addColumn('alarm_at', moment)
    .addPrimaryKeyConstraint('audit_log_once', ['account_id', 'device'])
    .execute();
  await createTable('audit_seed')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('generation', 'integer', (c) => c.notNull())
    .addColumn('seed_sealed', bytes, (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_seed_once', ['account_id', 'device', 'generation'])
    .execute();
}
