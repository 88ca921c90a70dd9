import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { fail, type Result } from '../domain/failure.ts';
import { createDevicePlace, type DevicePlace, type DeviceSecret, type KeyStore, openDeviceSecret } from './access/device-secret.ts';
import type { Journal } from './desk/journal.ts';
import { listSystemStores } from './key-store/system-stores.ts';
import { eraseFile, replaceErasing, writeDurably } from './store/durable-file.ts';

/** The folder of the key files inside a data folder. */
export function keyFolderOf(dataDir: string): string {
  return path.join(dataDir, 'keys');
}

/** Whose device key, and the stores that may guard it: those of this operating system unless told. */
export interface DeviceKeyDeps {
  readonly dataDir: string;
  readonly random: RandomBytes;
  readonly keyStores?: readonly KeyStore[] | undefined;
}

/** The place of a data folder's device key. */
export function devicePlaceOf(deps: DeviceKeyDeps): DevicePlace {
  const file = path.join(keyFolderOf(deps.dataDir), 'device.key');
  return createDevicePlace({ file, stores: deps.keyStores ?? listSystemStores(process.platform), random: deps.random, writeFile: writeDurably, replaceFile: replaceErasing });
}

/** Opens what this machine holds by itself of a data folder's keys: made with a fresh folder, `store/key-missing` when the data is older. */
export function openDeviceKeys(deps: DeviceKeyDeps): Promise<Result<DeviceSecret>> {
  return openDeviceSecret({
    dir: keyFolderOf(deps.dataDir),
    place: devicePlaceOf(deps),
    random: deps.random,
    mayCreate: !existsSync(path.join(deps.dataDir, 'counter.db')),
    eraseFile,
  });
}

/** Where the device key lies, for the people of the counter. */
export interface DeviceKeyKeeping {
  /** `file`, or the store that guards it. */
  backend(): string;
  /** The store that would guard it; null where there is none. */
  available(): Promise<string | null>;
  /**
   * Moves it into the store, or back. Only where three administrators hold the escrow, which brings it back when the store is
   * lost: `access/people-unfit` otherwise. `key/store-failed` when the store does not do it.
   */
  move(isGuarded: boolean): Promise<Result<null>>;
}

/** What moving the device key needs. */
export interface DeviceKeyKeepingDeps extends DeviceKeyDeps {
  readonly journal: Pick<Journal, 'record'>;
}

/** Creates the keeping of the device key; every move is written down before it is made, one after the other. */
export function createDeviceKeyKeeping(deps: DeviceKeyKeepingDeps): DeviceKeyKeeping {
  const place = devicePlaceOf(deps);
  const move = async (isGuarded: boolean): Promise<Result<null>> => {
    const store = await place.available();
    if (isGuarded && !existsSync(path.join(keyFolderOf(deps.dataDir), 'escrow.json'))) return fail('access/people-unfit', 'no escrow');
    if (isGuarded && store === null) return fail('key/store-failed');
    const noted = await deps.journal.record({ type: 'access.key', result: `device key to ${isGuarded ? store : 'file'}`, ref: place.backend() });
    if (!noted.ok) return noted;
    return isGuarded ? place.guard() : place.release();
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    backend: place.backend,
    available: place.available,
    move: (isGuarded) => {
      const moved = last.then(() => move(isGuarded));
      last = moved.catch(() => {});
      return moved;
    },
  };
}
