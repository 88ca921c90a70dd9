import type { Migration } from './migration.ts';

/** Where the log ends is its last entry, held against the anchor beside the database and the last checkpoint: nothing in it says so once more. */
export const endByTheAnchor: Migration = {
  version: 9,
  sql: `
DROP TABLE chain_end;
DELETE FROM setting WHERE name = 'chain-head';`,
};
