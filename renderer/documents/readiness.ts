import { prepareOfd } from './ofd-source.ts';
import { preparePdf } from './pdf-document.ts';

/** Makes a worker of each format ready for the document to come: which it will be shows only when it has been fetched. */
export function prepareDocuments(): void {
  prepareOfd();
  preparePdf();
}
