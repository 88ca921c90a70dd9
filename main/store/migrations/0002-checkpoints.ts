import type { Migration } from './migration.ts';

/**
 * A MAC beside each entry, signed checkpoints over the whole log, and what auditors search by. Of a company only a keyed
 * digest of its code and of its name stands in `scan_company`: equal rows are the same company, nothing more is told.
 */
export const checkpointTables: Migration = {
  version: 2,
  sql: `
ALTER TABLE audit ADD COLUMN mac BLOB;
CREATE TABLE checkpoint (
  size INTEGER NOT NULL CHECK (size > 0),
  gen INTEGER NOT NULL,
  text TEXT NOT NULL,
  signature BLOB NOT NULL,
  peaks BLOB NOT NULL,
  countersigned TEXT,
  PRIMARY KEY (gen, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE scan_company (
  company BLOB NOT NULL,
  audit_seq INTEGER NOT NULL REFERENCES audit (seq),
  PRIMARY KEY (company, audit_seq)
) STRICT, WITHOUT ROWID;
${['t', 'actor', 'type', 'result', 'ref'].map(readColumn).join('\n')}
CREATE INDEX audit_by_time ON audit (said_t, seq);
CREATE INDEX audit_by_actor ON audit (said_actor, seq);
CREATE INDEX audit_by_result ON audit (said_type, said_result, seq);
CREATE INDEX audit_by_ref ON audit (said_ref, seq);
CREATE INDEX scan_by_number ON scan (biz_num, audit_seq);
`,
};

// Read from the line itself, never written beside it: a search cannot be led astray without breaking the chain.
function readColumn(field: string): string {
  return `ALTER TABLE audit ADD COLUMN said_${field} TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(line) THEN line ->> '$.${field}' END) VIRTUAL;`;
}
