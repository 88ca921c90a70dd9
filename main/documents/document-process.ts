import type { DocumentMessage, DocumentReply } from './document-tasks.ts';
import { createDocumentThread } from './document-thread.ts';

/** The channel to whoever started the process: Electron's, or Node's. */
interface Channel {
  on(event: 'message', listener: (event: { readonly data: DocumentMessage }) => void): void;
  postMessage(reply: DocumentReply): void;
}

/** Beyond this the process ends itself: room for a page of 36 million pixels beside the thread's own limit. */
const mostBytes = 960 * 2 ** 20;
const lookMs = 25;

/** Process entry: a thread does the work, and this one looks at the clock and at the memory that the thread's own limit does not see. */
const thread = createDocumentThread({ wallMs: Number(process.argv[2]) });
thread.prepare();
const { parentPort: port } = process as { readonly parentPort?: Channel };
const reply = (message: DocumentReply): void => (port === undefined ? void process.send?.(message) : port.postMessage(message));

async function work(message: DocumentMessage): Promise<void> {
  if (message.kind === 'end') {
    await thread.close();
    process.exit(0);
  }
  const watch = setInterval(() => {
    // At once, and without a picture of the memory on the disk.
    if (process.memoryUsage.rss() > mostBytes) process.kill(process.pid, 'SIGKILL');
  }, lookMs);
  const result = await thread.work(message, reply);
  clearInterval(watch);
  reply({ kind: 'done', result });
}

if (port === undefined) {
  process.on('message', (message) => void work(message as DocumentMessage));
  // Whoever asked is gone.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
} else {
  port.on('message', ({ data }) => void work(data));
}
