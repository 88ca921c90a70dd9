import path from 'node:path';
import type { FileSignatures } from '../../platform/sharing/file-verification.ts';
import { createDocumentThread } from '../documents/document-thread.ts';
import { openTrustStore } from '../documents/trust-anchors.ts';

/**
 * The check of signatures that a platform is given (12.1.10): every signature of the file holds, they cover all that is shown,
 * and the certificates lead to one in the platform's folder `issuers`, read anew each time. Hostile files cost a thread.
 */
export function createIssuerSignatures(deps: { readonly dataDir: string; readonly now: () => number }): FileSignatures {
  const issuers = openTrustStore({ folder: path.join(deps.dataDir, 'issuers'), writeFile: () => {} });
  const thread = createDocumentThread();
  return {
    vouchFor: async (file) => {
      const anchors = issuers.list().map(({ certificate }) => certificate.der);
      if (anchors.length === 0) return false;
      const checked = await thread.verify({ ...file, anchors, now: deps.now() });
      return checked.ok && checked.value.state === 'valid';
    },
    close: () => thread.close(),
  };
}
