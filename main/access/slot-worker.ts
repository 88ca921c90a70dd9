import { parentPort, workerData } from 'node:worker_threads';
import { doSlotJob, type SlotJob } from './slot-work.ts';

/** Thread entry: one job, then the end, so that passphrases and keys on the way stay in no memory that lives on. */
const port = parentPort;
if (port === null) throw new Error('slot-worker is a worker thread');
const answer = await doSlotJob(workerData as SlotJob);
// Handed over, not copied: there is one place to overwrite.
port.postMessage(answer, answer instanceof Uint8Array ? [answer.buffer as ArrayBuffer] : []);
