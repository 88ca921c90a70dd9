import type { RecordPlace } from './record-sealing.ts';
import type { ScanColumns } from './records.ts';

// The number in every place; entries count their generations themselves, under the chain.
const placeGeneration = 1;

/** Where a setting's sealed value stands. */
export function settingPlace(name: string): RecordPlace {
  return { table: 'setting', key: name, gen: placeGeneration };
}

/** Where the sealed body of an audit or document row stands. */
export function bodyPlace(table: 'audit' | 'scan' | 'document', seq: number): RecordPlace {
  return { table, key: seq, gen: placeGeneration };
}

/** Where what waits to be handed in stands: it is one record of one entry. */
export function outboxPlace(seq: number, recordId: string): RecordPlace {
  return { table: 'outbox', key: JSON.stringify([seq, recordId]), gen: placeGeneration };
}

/** Where the sealed body of a scan stands: with all its clear columns, so that none can be changed without being found. */
export function scanPlace(seq: number, scan: ScanColumns): RecordPlace {
  const columns = [scan.scanId, scan.caseId, scan.scannedAt, scan.state, scan.supportCode, scan.kind, scan.bizNum, scan.itemName];
  return { table: 'scan', key: JSON.stringify([seq, ...columns, scan.elapsedMs]), gen: placeGeneration };
}
