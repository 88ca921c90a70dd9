import { firstTables } from './migrations/0001-first-tables.ts';
import { checkpointTables } from './migrations/0002-checkpoints.ts';
import { searchIndexes } from './migrations/0003-search.ts';
import { fewerIndexes } from './migrations/0004-fewer-indexes.ts';
import { companyEntries } from './migrations/0005-company-entries.ts';
import { outboxTable } from './migrations/0006-outbox.ts';
import { searchTables } from './migrations/0007-search-tables.ts';
import { chainEndTable } from './migrations/0008-chain-end.ts';
import { endByTheAnchor } from './migrations/0009-end-by-the-anchor.ts';
import type { Migration } from './migrations/migration.ts';

/** Every migration, in order; the last one's version is the newest schema that this program knows. */
export const migrations: readonly Migration[] = [firstTables, checkpointTables, searchIndexes, fewerIndexes, companyEntries, outboxTable, searchTables, chainEndTable, endByTheAnchor];

/** The newest schema version that this program reads and writes. */
export const schemaVersion = migrations.at(-1)?.version ?? 0;

/** Marks the file as ours (`PRAGMA application_id`): "CNTR". */
export const applicationId = 0x434e5452;
