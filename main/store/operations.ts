import type { ReadableDb, WritableDb } from './driver.ts';
import { readChain } from './chain-rows.ts';
import { keepCountersignature, readCheckpoints } from './checkpoints.ts';
import type { Ledger } from './ledger.ts';
import { bodyPlace, scanPlace, settingPlace } from './record-places.ts';
import type { RecordSealing } from './record-sealing.ts';
import type { StoredScan, StoreOperations } from './records.ts';
import * as rows from './rows.ts';

/** A body that does not open where it stands: changed, moved, or sealed under another key. */
export class RecordDamaged extends Error {}

/** Puts the synchronous operations together over one connection. */
export function createOperations(deps: { readonly db: WritableDb; readonly sealing: RecordSealing; readonly ledger: Ledger; readonly companyKey: Uint8Array }): StoreOperations {
  const { db, sealing, ledger } = deps;
  return {
    append: (input) => ledger.append(input),
    head: () => ledger.head(),
    checkpoint: (input) => ledger.checkpoint(input),
    checkpoints: (input) => readCheckpoints(db, input),
    countersigned: (input) => {
      keepCountersignature(db, input);
      return null;
    },
    auditIdentity: () => {
      const { gen } = ledger.head();
      return { device: ledger.keys.device, publicKey: ledger.keys.publicKey, gen, seed: ledger.keys.seed(gen) };
    },
    seedHandedOver: (input) => {
      ledger.keys.dropSeed(input.gen);
      return null;
    },
    chain: (input) => readChain(db, input),
    lines: (input) => rows.readLines(db, input),
    scans: (input) => readOpenedScans(db, sealing, input.limit),
    outcomes: (input) => rows.readOutcomes(db, input.sinceAt),
    document: (input) => {
      const row = rows.readDocument(db, input.documentId);
      if (row === null) return null;
      return opened(row.sealedBody === null ? null : sealing.open(bodyPlace('document', row.auditSeq), row.sealedBody));
    },
    openCase: () => rows.readOpenCase(db),
    recentMatters: (input) => rows.readRecentMatters(db, input.limit),
    countCases: (input) => rows.countCases(db, input),
    bizNumTaken: (input) => rows.isBizNumTaken(db, input.bizNum),
    seen: (input) => rows.readReplay(db, input),
    setting: (input) => {
      const sealed = rows.readSetting(db, input.name);
      return sealed === null ? null : opened(sealing.open(settingPlace(input.name), sealed));
    },
    cache: (input) => {
      rows.writeSetting(db, input.name, sealing.seal(settingPlace(input.name), input.value));
      return null;
    },
  };
}

function readOpenedScans(db: ReadableDb, sealing: RecordSealing, limit: number): readonly StoredScan[] {
  return rows.readScans(db, limit).map(({ sealedBody, ...scan }) => ({
    ...scan,
    body: opened(sealedBody === null ? null : sealing.open(scanPlace(scan.auditSeq, scan), sealedBody)),
  }));
}

function opened(body: Uint8Array | null): Uint8Array {
  if (body === null) throw new RecordDamaged();
  return body;
}
