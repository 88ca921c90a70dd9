import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { WritableDb } from './driver.ts';
import { settingPlace } from './record-places.ts';
import { KeysLocked, type RecordSealing } from './record-sealing.ts';
import { readSetting, writeSetting } from './rows.ts';

const name = 'company-key';

/**
 * The key of the digests that companies are searched by (a blind index): 32 random bytes sealed for the logged-in, so that a
 * new master key leaves the index as it is. Read anew each time and overwritten by whoever asked: it must not outlast a lock. Throws `KeysLocked` then.
 */
export function readCompanyKey(deps: { readonly db: WritableDb; readonly sealing: RecordSealing; readonly random: RandomBytes }): Uint8Array {
  const { db, sealing, random } = deps;
  const sealed = readSetting(db, name);
  if (sealed === null) {
    const key = random(32);
    writeSetting(db, name, sealing.seal(settingPlace(name), key));
    return key;
  }
  const key = sealing.open(settingPlace(name), sealed);
  if (key === null) throw new KeysLocked();
  return key;
}
