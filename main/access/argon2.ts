import crypto from 'node:crypto';
import { argon2id as hashWithWasm } from 'hash-wasm';
import type { KdfCost } from '../../domain/key-slot.ts';

/** Argon2id of RFC 9106, version 0x13, without secret and associated data: 32 bytes. The salt has at least 8 bytes. */
export type Argon2id = (message: Uint8Array, salt: Uint8Array, cost: KdfCost) => Promise<Uint8Array>;

const tagLength = 32;

/** The runtime's own (Node from 24.7 with OpenSSL): half the time and no compiled WebAssembly. */
export const nativeArgon2id: Argon2id = (message, nonce, { memoryKiB, passes, lanes }) =>
  new Promise((resolve, reject) => {
    crypto.argon2('argon2id', { message, nonce, parallelism: lanes, tagLength, memory: memoryKiB, passes }, (error, tag) => {
      if (error === null) resolve(new Uint8Array(tag.buffer, tag.byteOffset, tag.length));
      else reject(error);
    });
  });

/** The same in WebAssembly, where the runtime has none: Electron, whose BoringSSL lacks it. */
export const wasmArgon2id: Argon2id = (message, salt, { memoryKiB, passes, lanes }) =>
  hashWithWasm({ password: message, salt, memorySize: memoryKiB, iterations: passes, parallelism: lanes, hashLength: tagLength, outputType: 'binary' });

/** The one that this runtime can do; `library` is its `node:crypto`. */
export function chooseArgon2id(library: { readonly argon2Sync?: typeof crypto.argon2Sync } = crypto): Argon2id {
  if (typeof library.argon2Sync !== 'function') return wasmArgon2id;
  try {
    // The function is there too where the runtime was built without what it calls.
    library.argon2Sync('argon2id', { message: new Uint8Array(8), nonce: new Uint8Array(8), parallelism: 1, tagLength: 4, memory: 8, passes: 1 });
    return nativeArgon2id;
  } catch {
    return wasmArgon2id;
  }
}
