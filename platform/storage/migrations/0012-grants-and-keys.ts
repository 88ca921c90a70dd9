import type { MigrationContext } from './context.ts';

/** Log-ins of holders, grants that can be taken back, what a second authentication came to, signing keys that come and go. */
export async function migrateGrants({ schema, createTable, bytes, moment }: MigrationContext): Promise<void> {
  await createTable('presenter_session')
    .addColumn('token_digest', 'text', (c) => c.primaryKey())
    .addColumn('company_id', 'text', (c) => c.notNull())
    .addColumn('holder_role', 'text', (c) => c.notNull())
    .addColumn('expires_at', moment, (c) => c.notNull())
    .execute();
  await createTable('grant_withdrawal')
    .addColumn('code_id', 'text', (c) => c.primaryKey().references('minted_code.code_id'))
    .addColumn('withdrawn_at', moment, (c) => c.notNull())
    .execute();
  await createTable('code_refusal')
    .addColumn('code_digest', 'text', (c) => c.primaryKey().references('minted_code.code_digest'))
    .addColumn('refused_at', moment, (c) => c.notNull())
    .execute();
  await schema.alterTable('minted_code').addColumn('holder_role', 'text', (c) => c.notNull().defaultTo('agent')).execute();
  await schema.alterTable('minted_code').addColumn('key_id', 'text', (c) => c.notNull().defaultTo('')).execute();
  await schema.createIndex('minted_code_by_company').on('minted_code').columns(['company_id', 'minted_at']).execute();
  for (const table of ['holder_token', 'certificate_ticket', 'file_ticket'] as const)
    await schema.alterTable(table).addColumn('code_id', 'text', (c) => c.notNull().defaultTo('')).execute();
  await createTable('registered_platform')
    .addColumn('platform_id', 'text', (c) => c.primaryKey())
    .addColumn('platform_name', 'text', (c) => c.notNull())
    .addColumn('registered_at', moment, (c) => c.notNull())
    .execute();
  await createTable('signing_key')
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('platform_id', 'text', (c) => c.notNull().references('registered_platform.platform_id'))
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('private_sealed', bytes)
    .addColumn('not_before', moment, (c) => c.notNull())
    .addColumn('not_after', moment, (c) => c.notNull())
    .addColumn('revoked_at', moment)
    .addPrimaryKeyConstraint('signing_key_once', ['platform_id', 'key_id'])
    .execute();
}
