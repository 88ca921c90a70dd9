import { parentPort } from 'node:worker_threads';
import { drawCertificate } from '../sample/drawn-certificate.ts';
import type { DrawingDone, DrawingTask } from './drawing.ts';

/** Thread entry: draws one certificate after the other, each answered with its content or the place where it failed. */
const port = parentPort;
if (port === null) throw new Error('drawing-worker is a worker thread');
port.on('message', (task: DrawingTask) => {
  void drawCertificate(task.company, task.certificate).then(
    (content) => port.postMessage({ id: task.id, content } satisfies DrawingDone),
    (error: unknown) => port.postMessage({ id: task.id, failure: error instanceof Error ? (error.stack ?? error.message) : 'unknown' } satisfies DrawingDone),
  );
});
