import type { Migration } from './migration.ts';

/**
 * What is searched by stands in tables that are filled a hundred entries at a time (`search-tables.ts`), no longer in indexes that
 * every entry pays for: by whom, of which type, about what (the entry's reference, a scan's case number), with which verdict; and per
 * block of entries between which times they lie. Filled here from the indexes that they replace, in the order of those.
 */
export const searchTables: Migration = {
  version: 7,
  sql: `
${['actor', 'type', 'about', 'state'].map((name) => `CREATE TABLE found_by_${name} (value TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (value, seq)) STRICT, WITHOUT ROWID;`).join('\n')}
CREATE TABLE found_block (
  block INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  min_t TEXT NOT NULL,
  max_t TEXT NOT NULL
) STRICT;
INSERT INTO found_by_actor SELECT said_actor, seq FROM audit WHERE said_actor IS NOT NULL ORDER BY said_actor, seq;
INSERT INTO found_by_type SELECT said_type, seq FROM audit WHERE said_type IS NOT NULL ORDER BY said_type, seq;
INSERT INTO found_by_about SELECT said_ref, seq FROM audit WHERE said_ref IS NOT NULL ORDER BY said_ref, seq;
INSERT OR IGNORE INTO found_by_about SELECT biz_num, audit_seq FROM scan ORDER BY biz_num, audit_seq;
INSERT INTO found_by_state SELECT state, audit_seq FROM scan ORDER BY state, audit_seq;
INSERT INTO found_block
  SELECT (seq - 1) / 256, min(seq), max(seq), coalesce(min(said_t), ''), coalesce(max(said_t), '9') FROM audit GROUP BY (seq - 1) / 256;
DROP INDEX audit_by_time;
DROP INDEX audit_by_actor;
DROP INDEX audit_by_ref;
DROP INDEX audit_by_type;
DROP INDEX scan_by_number;
DROP INDEX scan_by_state;
`,
};
