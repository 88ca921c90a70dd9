import { genesisHash } from '../../domain/audit-chain.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { createHmacSm3, hkdfSm3 } from '../../domain/crypto/sm3.ts';
import { borrowUtf8, decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { optionalBytesColumn, textColumn } from './columns.ts';
import type { WritableDb } from './driver.ts';
import { settingPlace } from './record-places.ts';
import type { RecordSealing } from './record-sealing.ts';
import { readSetting } from './rows.ts';

/** Where a log ends: its last entry, that one's hash and generation, and how often the store was opened. */
export interface LedgerEnd {
  readonly seq: number;
  readonly hash: string;
  readonly gen: number;
  readonly boot: number;
}

/** The end of a log with nothing in it. */
export const noEntries: LedgerEnd = { seq: 0, hash: genesisHash, gen: 1, boot: 0 };

/** The end of the log as the database states it, under a MAC of the machine's own key: a log that was cut off does not end there. */
export interface ChainEnd {
  /** `none` where no end was ever stated, `foreign` where one is that this machine did not state. */
  read(): LedgerEnd | 'none' | 'foreign';
  /** Within the transaction of the entry. */
  write(end: LedgerEnd): void;
}

/** Opens the statement of a database; one of before, sealed among the settings, is moved to its place. */
export function openChainEnd({ db, deviceKey, sealing }: { readonly db: WritableDb; readonly deviceKey: Uint8Array; readonly sealing: RecordSealing }): ChainEnd {
  const mac = createEndMac(deviceKey);
  const write = (end: LedgerEnd): void => {
    const stated = JSON.stringify(end);
    db.run('INSERT INTO chain_end (id, stated, mac) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET stated = excluded.stated, mac = excluded.mac', stated, mac(stated));
  };
  const sealed = readSetting(db, sealedName);
  const before = sealed === null ? null : openSealed(sealing, sealed);
  if (before !== null) {
    db.transaction(() => {
      if (db.get('SELECT id FROM chain_end') === null) write(before);
      db.run('DELETE FROM setting WHERE name = ?', sealedName);
    });
  }
  return {
    write,
    read: () => {
      const row = db.get('SELECT stated, mac FROM chain_end');
      if (row === null) return sealed === null || before !== null ? 'none' : 'foreign';
      const stated = textColumn(row, 'stated');
      const isOurs = equalBytes(optionalBytesColumn(row, 'mac') ?? new Uint8Array(), mac(stated));
      return isOurs ? (JSON.parse(stated) as LedgerEnd) : 'foreign';
    },
  };
}

/** The MAC over a stated end, under a key derived from the machine's own. */
export function createEndMac(deviceKey: Uint8Array): (stated: string) => Uint8Array {
  const mac = createHmacSm3(hkdfSm3(deviceKey, new Uint8Array(), encodeUtf8('counter store chain end'), 32));
  return (stated) => mac(borrowUtf8(stated));
}

const sealedName = 'chain-head';

function openSealed(sealing: RecordSealing, sealed: Uint8Array): LedgerEnd | null {
  const opened = sealing.open(settingPlace(sealedName), sealed);
  const text = opened === null ? null : decodeUtf8(opened);
  // Those of the first schema name neither generation nor starts.
  return text === null ? null : { ...noEntries, ...(JSON.parse(text) as Partial<LedgerEnd>) };
}
