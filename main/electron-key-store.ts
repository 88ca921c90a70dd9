import type { SafeStorage } from 'electron';
import type { SystemStore } from './key-store/system-stores.ts';

// Without a secret service Electron seals with a password that stands in its source (design 06, D10).
const noStores: readonly string[] = ['basic_text', 'unknown'];

/** Electron's `safeStorage` as a store, refused where its backend protects nothing. It keeps nothing itself: what it sealed is kept by us. */
export function createElectronKeyStore(safeStorage: Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString'> & Partial<Pick<SafeStorage, 'getSelectedStorageBackend'>>, platform: NodeJS.Platform): SystemStore {
  const isThere = (): boolean => safeStorage.isEncryptionAvailable() && (platform !== 'linux' || !noStores.includes(safeStorage.getSelectedStorageBackend?.() ?? 'unknown'));
  const guarded = (work: () => Uint8Array): Uint8Array | null => {
    try {
      return isThere() ? work() : null;
    } catch {
      return null;
    }
  };
  return {
    backend: 'safe-storage',
    isThere,
    seal: (_, secret) => guarded(() => new Uint8Array(safeStorage.encryptString(Buffer.from(secret).toString('base64')))),
    open: (_, kept) => guarded(() => new Uint8Array(Buffer.from(safeStorage.decryptString(Buffer.from(kept)), 'base64'))),
    forget: () => {},
  };
}
