import { readRecordKeyId } from '../../domain/crypto/sealed-record.ts';
import { deviceKeyId } from './data-keys.ts';
import type { WritableDb } from './driver.ts';
import { settingPlace } from './record-places.ts';
import type { RecordSealing } from './record-sealing.ts';
import { readSetting, writeSetting } from './rows.ts';
import { isForDevice } from './setting-class.ts';

/** Brings the settings that must be readable while locked from the key of before under the machine's own. */
export function resealForDevice(db: WritableDb, sealing: RecordSealing): void {
  db.transaction(() => {
    const names = db.all('SELECT name FROM setting').map((row) => String(row['name']));
    for (const name of names.filter(isForDevice)) {
      const sealed = readSetting(db, name);
      if (sealed === null || readRecordKeyId(sealed) === deviceKeyId) continue;
      const opened = sealing.open(settingPlace(name), sealed);
      if (opened !== null) writeSetting(db, name, sealing.seal(settingPlace(name), opened));
    }
  });
}
