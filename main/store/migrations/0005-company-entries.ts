import type { Migration } from './migration.ts';

/** By which entry a company is found: what the end of a day's evidence removes is found without reading every other day. */
export const companyEntries: Migration = {
  version: 5,
  sql: 'CREATE INDEX scan_company_by_entry ON scan_company (audit_seq);',
};
