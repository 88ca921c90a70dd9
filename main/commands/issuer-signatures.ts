import path from 'node:path';
import type { FileSignatures } from '../../platform/sharing/file-verification.ts';
import { createDocumentWork, type StartDocumentProcess } from '../documents/document-work.ts';
import { openTrustStore } from '../documents/trust-anchors.ts';

/**
 * The check of signatures that a platform is given (12.1.10): every signature of the file holds, they cover all that is shown,
 * and the certificates lead to one in the platform's folder `issuers`, read anew each time. Hostile files cost a process of their own.
 */
export function createIssuerSignatures(deps: { readonly dataDir: string; readonly now: () => number; readonly startDocumentProcess?: StartDocumentProcess | undefined }): FileSignatures {
  const issuers = openTrustStore({ folder: path.join(deps.dataDir, 'issuers'), writeFile: () => {} });
  const work = createDocumentWork({ start: deps.startDocumentProcess });
  return {
    vouchFor: async (file) => {
      const anchors = issuers.list().map(({ certificate }) => certificate.der);
      if (anchors.length === 0) return false;
      const checked = await work.verify({ ...file, anchors, now: deps.now() });
      return checked.ok && checked.value.state === 'valid';
    },
    close: () => work.close(),
  };
}
