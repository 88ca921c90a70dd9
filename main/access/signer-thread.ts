import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StartSigner } from './person-signer.ts';

/** Starts a signer in a thread of its own, which ends with all that arithmetic in JavaScript leaves of a key. */
export const startSignerThread: StartSigner = async (privateKey) => {
  const shared = new Uint8Array(new SharedArrayBuffer(privateKey.length));
  shared.set(privateKey);
  const worker = new Worker(workerUrl(), { workerData: shared, name: 'signer' });
  const [publicKey] = (await once(worker, 'message')) as [Uint8Array];
  const waiting = new Map<number, (signature: Uint8Array | null) => void>();
  let lastId = 0;
  let isOver = false;
  const settle = (): void => {
    isOver = true;
    shared.fill(0);
    for (const done of waiting.values()) done(null);
    waiting.clear();
  };
  worker.on('message', ({ id, signature }: { readonly id: number; readonly signature: Uint8Array }) => {
    waiting.get(id)?.(signature);
    waiting.delete(id);
  });
  // Whatever ended it: what was to be signed is not written down then.
  worker.on('error', settle);
  worker.on('exit', settle);
  return {
    publicKey,
    sign: (text) => {
      if (isOver) return Promise.resolve(null);
      const id = ++lastId;
      worker.postMessage({ id, text });
      return new Promise((resolve) => void waiting.set(id, resolve));
    },
    end: async () => {
      await worker.terminate();
      settle();
    },
  };
};

// Run from source each module is its own file; a bundle has the worker beside it under this name.
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './signer-worker.ts' : './signer-worker.js', import.meta.url);
}
