import type { MigrationContext } from './context.ts';

/** Certificate sharing: tokens and temporary ids (as digests), drawn files, calls answered. */
export async function migrateSharing({ schema, createTable, bytes, moment }: MigrationContext): Promise<void> {
  await createTable('holder_token')
    .addColumn('token_digest', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('company_id', 'text', (c) => c.notNull())
    .addColumn('certificate_types', 'text', (c) => c.notNull())
    .addColumn('expires_at', moment, (c) => c.notNull())
    .execute();
  await createTable('certificate_ticket')
    .addColumn('ticket_digest', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('company_id', 'text', (c) => c.notNull())
    .addColumn('certificate_key', 'text', (c) => c.notNull())
    .addColumn('expires_at', moment, (c) => c.notNull())
    .execute();
  await createTable('file_ticket')
    .addColumn('ticket_digest', 'text', (c) => c.primaryKey())
    .addColumn('certificate_key', 'text', (c) => c.notNull())
    .addColumn('expires_at', moment, (c) => c.notNull())
    .execute();
  await createTable('file_ticket_use')
    .addColumn('ticket_digest', 'text', (c) => c.primaryKey())
    .addColumn('used_at', moment, (c) => c.notNull())
    .execute();
  await createTable('certificate_file')
    .addColumn('certificate_key', 'text', (c) => c.primaryKey())
    .addColumn('file_format', 'text', (c) => c.notNull())
    .addColumn('file_sm3', 'text', (c) => c.notNull())
    .addColumn('content_sealed', bytes, (c) => c.notNull())
    .addColumn('drawn_at', moment, (c) => c.notNull())
    .execute();
  await createTable('call_record')
    .addColumn('record_id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('interface_path', 'text', (c) => c.notNull())
    .addColumn('head_status', 'text', (c) => c.notNull())
    .addColumn('called_at', moment, (c) => c.notNull())
    .execute();
  for (const table of ['holder_token', 'certificate_ticket', 'file_ticket'] as const)
    await schema.createIndex(`${table}_by_expiry`).on(table).column('expires_at').execute();
}
