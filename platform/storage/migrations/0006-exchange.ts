import type { MigrationContext } from './context.ts';

/** How each account is spoken with, and the nonces of signed requests; the primary key finds a replay. */
export async function migrateExchange({ schema, createTable, moment }: MigrationContext): Promise<void> {
  await schema.alterTable('account').addColumn('exchange_settings', 'text', (c) => c.notNull().defaultTo('{}')).execute();
  await createTable('request_nonce')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('nonce', 'text', (c) => c.notNull())
    .addColumn('seen_at', moment, (c) => c.notNull())
    .addPrimaryKeyConstraint('request_nonce_once', ['account_id', 'nonce'])
    .execute();
  await schema.createIndex('request_nonce_by_time').on('request_nonce').column('seen_at').execute();
}
