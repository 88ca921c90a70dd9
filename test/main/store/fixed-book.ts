import { createSm4Gcm } from '../../../domain/crypto/sm4-gcm.ts';
import type { DataKeyBook } from '../../../main/store/data-keys.ts';

/** A book with one key for everything, in memory: for logs whose keys are not what is tested. */
export function fixedBook(): DataKeyBook {
  const cipher = createSm4Gcm(new Uint8Array(16).fill(5));
  return {
    current: () => ({ id: 2, cipher }),
    find: () => cipher,
    unlock: () => true,
    putAside: () => {},
    lock: () => {},
    names: () => [],
    adopt: () => {},
    rewrap: () => {},
    erase: () => {},
  };
}
