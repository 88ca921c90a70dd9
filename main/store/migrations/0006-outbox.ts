import type { Migration } from './migration.ts';

/**
 * What was judged without the platform and waits to be handed in, each hanging on the entry of its scan. Once it is answered its
 * sealed body goes and the answer stands here; that it was answered is an entry of its own.
 */
export const outboxTable: Migration = {
  version: 6,
  sql: `
CREATE TABLE outbox (
  audit_seq INTEGER PRIMARY KEY REFERENCES audit (seq),
  record_id TEXT NOT NULL,
  body_ct BLOB,
  answer TEXT,
  cause TEXT,
  answered_at INTEGER,
  CHECK ((answer IS NULL) = (answered_at IS NULL))
) STRICT;
CREATE INDEX outbox_by_record ON outbox (record_id);
CREATE INDEX outbox_waiting ON outbox (audit_seq) WHERE answer IS NULL;
CREATE INDEX outbox_by_answer ON outbox (answered_at) WHERE answer IS NOT NULL;`,
};
