import type { SqliteDriver } from '../driver.ts';

/** One numbered step of the schema; versions are 1, 2, 3 … without a gap. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

/** Brings the schema from its version to the last of the list, all in one transaction: all of it or nothing. */
export function migrate(db: SqliteDriver, migrations: readonly Migration[]): void {
  db.transaction(() => {
    const from = Number(db.pragma('user_version'));
    for (const migration of migrations.filter((step) => step.version > from)) {
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.version}`);
    }
  });
}
