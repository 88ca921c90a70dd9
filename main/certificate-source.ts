import type { Case } from '../domain/contracts/counter.ts';
import { encodeHex } from '../domain/crypto/hex.ts';
import { sm3 } from '../domain/crypto/sm3.ts';
import { ok } from '../domain/failure.ts';
import type { CertificatesDeps, OpenCertificate } from './desk/certificates.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { SiteKeeper } from './desk/site.ts';
import { fetchCertificate } from './documents/certificate-file.ts';
import { createCopyThread } from './documents/copy-thread.ts';
import { requireClient } from './platform-connection.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** What fetching and copying needs. */
export interface CertificateSourceDeps {
  readonly link: PlatformLink<PlatformClient>;
  readonly site: SiteKeeper;
  readonly now: () => number;
}

type Source = Pick<CertificatesDeps<VerifyOutcome>, 'fetch' | 'copy' | 'watermark'>;

/** Where certificate files come from (12.1.6, 12.1.8), what is written over them, and how copies are made (YD 11.4). */
export function createCertificateSource(deps: CertificateSourceDeps): Source {
  const copies = createCopyThread();
  return {
    fetch: async (input) => {
      const client = requireClient(deps.link);
      return client.ok ? fetchCertificate({ client: client.value, ...input }) : client;
    },
    watermark: (current) => describeWatermark(deps, current),
    copy: async ({ document, current, auditSeq }) => {
      const recordId = `${current.bizNum}-${auditSeq}`;
      const made = await copies.make({
        original: document,
        lines: describeWatermark(deps, current),
        recordId,
        metadata: describeCopy(deps, document, current),
        madeAt: deps.now(),
      });
      if (!made.ok) return made;
      const { bytes } = made.value;
      const fileName = `${document.entry.certificateType}-加注件-${recordId}.pdf`.replaceAll(/[\p{C}<>:"/\\|?*]/gu, '_');
      return ok({ bytes, fileName, sm3: encodeHex(sm3(bytes)) });
    },
  };
}

/** Organisation and window, operator, time, case, purpose: who looked, when and why (YD 11.4). */
function describeWatermark({ site, now }: CertificateSourceDeps, current: Case): readonly string[] {
  const { site: place, operator } = site.current();
  const time = new Date(now() + 8 * 60 * 60 * 1000).toISOString();
  return [
    `${place.organisation} ${place.window}`,
    `${operator.name} ${operator.id} ${time.slice(0, 10)} ${time.slice(11, 16)}`,
    `${current.bizNum} 仅用于${current.itemName}`,
    current.useFor,
  ];
}

/** Facts of the annotation for the copy's own properties; nothing of the holder. */
function describeCopy({ site }: CertificateSourceDeps, document: OpenCertificate, current: Case): Readonly<Record<string, string>> {
  const { site: place, operator } = site.current();
  return {
    Organisation: place.organisation,
    Window: place.window,
    Operator: operator.id,
    Case: current.bizNum,
    Matter: current.itemName,
    Purpose: current.useFor,
    OriginalSm3: document.sm3,
  };
}
