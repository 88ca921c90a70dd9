import type { Migration } from './migration.ts';

/** What the search by state and by type reads. */
export const searchIndexes: Migration = {
  version: 3,
  sql: `
CREATE INDEX scan_by_state ON scan (state, audit_seq);
CREATE INDEX audit_by_type ON audit (said_type, seq);
`,
};
