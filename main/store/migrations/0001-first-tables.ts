import type { Migration } from './migration.ts';

/**
 * The first schema. `audit` is append-only and holds each line exactly as it is exported; `scan` and `document` are
 * insert-only and hang on the audit entry that records them, so their sealed bodies are covered by its chain; `case_file`,
 * `setting` and `replay` are projections that may be rewritten. Nothing personal stands in a column in clear.
 */
export const firstTables: Migration = {
  version: 1,
  sql: `
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  gen INTEGER NOT NULL,
  line TEXT NOT NULL,
  prev_hash TEXT NOT NULL CHECK (length(prev_hash) = 64),
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  body_ct BLOB
) STRICT;
CREATE TABLE case_file (
  case_id TEXT PRIMARY KEY,
  item_code TEXT NOT NULL,
  item_name TEXT NOT NULL,
  use_for TEXT NOT NULL,
  biz_num TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX case_file_one_open ON case_file ((1)) WHERE closed_at IS NULL;
CREATE INDEX case_file_by_time ON case_file (opened_at);
CREATE INDEX case_file_by_number ON case_file (biz_num);
CREATE TABLE scan (
  audit_seq INTEGER PRIMARY KEY REFERENCES audit (seq),
  scan_id TEXT NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (case_id),
  scanned_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  support_code TEXT,
  kind TEXT NOT NULL,
  biz_num TEXT NOT NULL,
  item_name TEXT NOT NULL,
  elapsed_ms INTEGER NOT NULL,
  body_ct BLOB NOT NULL
) STRICT;
CREATE INDEX scan_by_id ON scan (scan_id, audit_seq);
CREATE INDEX scan_by_time ON scan (scanned_at);
CREATE INDEX scan_by_case ON scan (case_id);
CREATE TABLE document (
  audit_seq INTEGER PRIMARY KEY REFERENCES audit (seq),
  document_id TEXT NOT NULL UNIQUE,
  scan_id TEXT NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('PDF', 'OFD')),
  body_ct BLOB NOT NULL
) STRICT;
CREATE TABLE replay (
  code_digest TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  scan_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX replay_by_expiry ON replay (expires_at);
CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value_ct BLOB NOT NULL
) STRICT, WITHOUT ROWID;
${['audit', 'scan', 'document'].map(appendOnly).join('\n')}
`,
};

// A speed bump, not a lock: who owns the file can drop a trigger. The chain is what finds it.
function appendOnly(table: string): string {
  return ['UPDATE', 'DELETE']
    .map(
      (verb) => `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`,
    )
    .join('\n');
}
