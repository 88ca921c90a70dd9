import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStorage } from '../../platform/storage/database.ts';
import { migrateEngine } from '../../platform/storage/migrations/0001-engine.ts';
import { migrateInformation } from '../../platform/storage/migrations/0002-information.ts';
import { migrateSharing } from '../../platform/storage/migrations/0003-sharing.ts';
import { migrateTrust } from '../../platform/storage/migrations/0004-trust.ts';
import { createSqliteMigrationContext, type MigrationContext } from '../../platform/storage/migrations/context.ts';

async function migrated(migration: (context: MigrationContext) => Promise<void>): Promise<Database.Database> {
  const sqlite = new Database(':memory:');
  await migration(createSqliteMigrationContext(new Kysely<object>({ dialect: new SqliteDialect({ database: sqlite }) })));
  return sqlite;
}

const insert = (db: Database.Database, table: string, row: Record<string, unknown>) => () =>
  db.prepare(`insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.keys(row).map(() => '?').join(', ')})`).run(...Object.values(row));

const minted = {
  code_digest: 'd',
  code_id: 'i',
  company_id: 'c',
  minted_at: 1,
  expires_at: 2,
  one_time: 1,
  second_authentication: 0,
  consent_sealed: Buffer.from([1]),
};

describe('migrations', () => {
  test('0001: a code is used once, and only a code that was made', async () => {
    const db = await migrated(migrateEngine);
    db.pragma('foreign_keys = ON');
    insert(db, 'minted_code', minted)();
    const use = { code_digest: 'd', account_id: 'a', request_id: 'r', used_at: 1 };
    insert(db, 'code_use', use)();
    expect(insert(db, 'code_use', { ...use, request_id: 'other' })).toThrow('UNIQUE');
    expect(insert(db, 'code_use', { ...use, code_digest: 'never made' })).toThrow('FOREIGN KEY');
    expect(insert(db, 'minted_code', { ...minted, code_digest: 'e' })).toThrow('UNIQUE');
    expect(insert(db, 'minted_code', { ...minted, code_digest: 'e', code_id: 'j', minted_at: 'soon' })).toThrow('cannot store TEXT');
  });

  test('0002: one answer for a request of an account', async () => {
    const db = await migrated(migrateInformation);
    const answer = { account_id: 'a', request_id: 'r', code_digest: 'd', answer_sealed: Buffer.from([1]), answered_at: 1 };
    insert(db, 'query_answer', answer)();
    insert(db, 'query_answer', { ...answer, account_id: 'b' })();
    expect(insert(db, 'query_answer', answer)).toThrow('UNIQUE');
  });

  test('0003: a file id is used once', async () => {
    const db = await migrated(migrateSharing);
    insert(db, 'file_ticket_use', { ticket_digest: 't', used_at: 1 })();
    expect(insert(db, 'file_ticket_use', { ticket_digest: 't', used_at: 2 })).toThrow('UNIQUE');
  });

  test('0004: an enrolment code is used once', async () => {
    const db = await migrated(migrateTrust);
    insert(db, 'enrolment_use', { code_digest: 'c', account_id: 'a', used_at: 1 })();
    expect(insert(db, 'enrolment_use', { code_digest: 'c', account_id: 'b', used_at: 1 })).toThrow('UNIQUE');
  });
});

describe('the storage', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'platform-storage-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('opens a file twice with all it holds; a unit of work that fails leaves nothing', async () => {
    const file = path.join(folder, 'a.sqlite');
    const first = await openStorage(file);
    const use = { code_digest: 'c', account_id: 'a', used_at: 1 };
    await first.write((work) => work.insertInto('enrolment_use').values(use).execute());
    const failing = first.write(async (work) => {
      await work.insertInto('enrolment_use').values({ ...use, code_digest: 'd' }).execute();
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    await first.close();
    const second = await openStorage(file);
    expect(await second.db.selectFrom('enrolment_use').selectAll().execute()).toEqual([use]);
    await second.close();
  });

  test('refuses a file of a newer program', async () => {
    const file = path.join(folder, 'b.sqlite');
    await (await openStorage(file)).close();
    const sqlite = new Database(file);
    sqlite.prepare("insert into kysely_migration values ('9999-future', '2030-01-01')").run();
    sqlite.close();
    await expect(openStorage(file)).rejects.toThrow('storage migration failed');
  });
});
