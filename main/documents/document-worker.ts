import { parentPort } from 'node:worker_threads';
import { parseRevocationList } from '../../ofd/revocation.ts';
import { parseCertificate } from '../../ofd/x509-certificate.ts';
import { createCjkFont } from './cjk-font.ts';
import type { DocumentMessage, DocumentReply, DocumentResult, DocumentTask } from './document-tasks.ts';
import { readOfdContents } from './ofd-contents.ts';
import { readPdfContents } from './pdf-contents.ts';
import { renderPages } from './page-rendering.ts';
import { checkSignatures } from './signature-check.ts';
import { outliveStrayRejections } from './stray-rejections.ts';
import { createCopyMaker } from './watermarked-copy.ts';

/** Thread entry: one piece of work after the other. */
const port = parentPort;
if (port === null) throw new Error('document-worker is a worker thread');
outliveStrayRejections();
const maker = createCopyMaker({ font: createCjkFont() });
const reply = (message: DocumentReply): void => port.postMessage(message);

function work(task: DocumentTask): Promise<DocumentResult> {
  if (task.kind === 'copy') return maker.make(task.input, () => reply({ kind: 'page' }));
  if (task.kind === 'render') return renderPages(task.input, (sheet) => reply({ kind: 'sheet', sheet }));
  if (task.kind === 'describe') return task.input.format === 'OFD' ? Promise.resolve(readOfdContents(task.input.bytes, task.input.choice)) : readPdfContents(task.input.bytes);
  const { anchors, now, revocationLists = [] } = task.input;
  const trusted = anchors.map(parseCertificate).filter((certificate) => certificate !== null);
  return checkSignatures(task.input, { anchors: trusted, now, revocationLists: revocationLists.flatMap((list) => parseRevocationList(list) ?? []) });
}

port.on('message', (task: DocumentMessage) => {
  if (task.kind === 'end') process.exit(0);
  // What came before was the loading of this program, which is no fault of the file.
  reply({ kind: 'page' });
  work(task).then(
    (result) => reply({ kind: 'done', result }),
    // A fault of ours: the thread ends, and with it the work.
    () => process.exit(1),
  );
});
