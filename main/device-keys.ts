import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RandomBytes } from '../domain/crypto/random.ts';
import type { Result } from '../domain/failure.ts';
import { createFilePlace, type DeviceSecret, openDeviceSecret } from './access/device-secret.ts';
import { eraseFile, writeDurably } from './store/durable-file.ts';

/** The folder of the key files inside a data folder. */
export function keyFolderOf(dataDir: string): string {
  return path.join(dataDir, 'keys');
}

/** Opens what this machine holds by itself of a data folder's keys: made with a fresh folder, `store/key-missing` when the data is older. */
export function openDeviceKeys(deps: { readonly dataDir: string; readonly random: RandomBytes }): Result<DeviceSecret> {
  const dir = keyFolderOf(deps.dataDir);
  return openDeviceSecret({
    dir,
    place: createFilePlace({ file: path.join(dir, 'device.key'), writeFile: writeDurably }),
    random: deps.random,
    mayCreate: !existsSync(path.join(deps.dataDir, 'counter.db')),
    eraseFile,
  });
}
