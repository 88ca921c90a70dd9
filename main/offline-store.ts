import { decodeBase64 } from '../domain/crypto/base64.ts';
import { openRecord } from '../domain/crypto/sealed-record.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { fail, type Result } from '../domain/failure.ts';
import { devicePlace, shareWrapKey } from './access/access-core.ts';
import { decodeAccessRecord } from './access/access-record.ts';
import { openDeviceKeys } from './device-keys.ts';
import { openStore, type Store, type StoreDeps } from './store/store.ts';

/**
 * Opens the store of a data folder for a command that runs without the counter: locked, or, where nobody logs in, with the
 * data keys that the machine itself opens.
 */
export async function openOfflineStore(deps: { readonly dataDir: string; readonly random: RandomBytes } & Pick<StoreDeps, 'driver'>): Promise<Result<Store>> {
  const device = await openDeviceKeys(deps);
  if (!device.ok) return device;
  const store = await openStore({ ...deps, device: device.value });
  if (!store.ok) return store;
  const kept = await store.value.setting({ name: 'access' });
  const sealed = decodeBase64((kept.ok && kept.value !== null ? decodeAccessRecord(kept.value)?.device : null) ?? '');
  const masterKey = sealed === null || sealed.length === 0 ? null : openRecord({ key: device.value.factor.subarray(0, 16), sealed, aad: devicePlace });
  if (masterKey === null) return store;
  const unlocked = await store.value.unlock({ wrapKey: shareWrapKey(masterKey), isFirst: false });
  masterKey.fill(0);
  if (unlocked.ok && unlocked.value) return store;
  await store.value.close();
  return unlocked.ok ? fail('store/key-missing', 'data keys') : unlocked;
}
