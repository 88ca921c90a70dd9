import type { Migration } from './migration.ts';

/** Where the log ends, in a page of its own: each entry writes it over (`chain-end.ts`). */
export const chainEndTable: Migration = {
  version: 8,
  sql: `
CREATE TABLE chain_end (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  stated TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;`,
};
