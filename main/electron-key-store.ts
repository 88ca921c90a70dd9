import type { SafeStorage } from 'electron';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { SystemStore } from './key-store/system-stores.ts';

const backend = 'safe-storage';
// Without a secret service Electron seals with a password that stands in its source (design 06, D10).
const noStores: readonly string[] = ['basic_text', 'unknown'];

/** Electron's `safeStorage` as a store, refused where its backend protects nothing. It keeps nothing itself: what it sealed is kept by us. */
export function createElectronKeyStore(safeStorage: Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> & Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>, platform: NodeJS.Platform): SystemStore {
  const isThere = (): boolean => safeStorage.isEncryptionAvailable() && (platform !== 'linux' || !noStores.includes(safeStorage.getSelectedStorageBackend?.() ?? 'unknown'));
  const guarded = async (work: () => Uint8Array): Promise<Result<Uint8Array>> => {
    try {
      return isThere() ? ok(work()) : fail('key/store-failed', backend);
    } catch {
      return fail('key/store-failed', backend);
    }
  };
  return {
    backend,
    isThere: async () => isThere(),
    seal: (_, secret) => guarded(() => new Uint8Array(safeStorage.encryptString(Buffer.from(secret).toString('base64')))),
    open: (_, kept) => guarded(() => new Uint8Array(Buffer.from(safeStorage.decryptString(Buffer.from(kept)), 'base64'))),
    forget: async () => ok(null),
  };
}
