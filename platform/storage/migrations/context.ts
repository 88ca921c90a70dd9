import type { CreateTableBuilder, Kysely, SchemaModule } from 'kysely';
import { sql } from 'kysely';

/** What a migration builds with; it names no database product, so the same file serves the next one. */
export interface MigrationContext {
  readonly schema: SchemaModule;
  readonly createTable: (name: string) => CreateTableBuilder<string, never>;
  /** The column type of a byte string. */
  readonly bytes: 'blob' | 'bytea';
  /** The column type of epoch milliseconds. */
  readonly moment: 'integer' | 'bigint';
}

/** SQLite: every table is STRICT, so that a wrong type is an error and not a surprise later. */
export function createSqliteMigrationContext<T>(db: Kysely<T>): MigrationContext {
  return {
    schema: db.schema,
    createTable: (name) => db.schema.createTable(name).modifyEnd(sql`strict`),
    bytes: 'blob',
    moment: 'integer',
  };
}

/** PostgreSQL, and whatever speaks its protocol. */
export function createPostgresMigrationContext<T>(db: Kysely<T>): MigrationContext {
  return { schema: db.schema, createTable: (name) => db.schema.createTable(name), bytes: 'bytea', moment: 'bigint' };
}
