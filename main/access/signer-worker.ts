import { parentPort, workerData } from 'node:worker_threads';
import { systemRandom } from '../../domain/crypto/random.ts';
import { sm2PublicKeyOf } from '../../domain/crypto/sm2.ts';
import { signText } from './signer-work.ts';

/** Thread entry: signs with one key until it is ended, and takes the big numbers that signing leaves behind along. */
const port = parentPort;
if (port === null) throw new Error('signer-worker is a worker thread');
// Shared with whoever started the thread, who overwrites it.
const privateKey = workerData as Uint8Array;
const publicKey = sm2PublicKeyOf(privateKey);
port.on('message', ({ id, text }: { readonly id: number; readonly text: string }) => port.postMessage({ id, signature: signText({ privateKey, publicKey, text, random: systemRandom }) }));
port.postMessage(publicKey);
