import type { Case } from '../domain/contracts/counter.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { CertificatesDeps, FetchedCertificate } from './desk/certificates.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { SiteKeeper } from './desk/site.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import { requireClient } from './platform-connection.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** What fetching and copying needs. */
export interface CertificateSourceDeps {
  readonly link: PlatformLink<PlatformClient>;
  readonly site: SiteKeeper;
  readonly now: () => number;
}

/** Where certificate files come from (12.1.6, 12.1.8), what is written over them, and how copies are made. */
export function createCertificateSource(deps: CertificateSourceDeps): Pick<CertificatesDeps<VerifyOutcome>, 'fetch' | 'copy' | 'watermark'> {
  return {
    fetch: (input) => fetchCertificate(deps, input),
    watermark: (current) => describeWatermark(deps, current),
    copy: () => Promise.resolve(fail('file/unsupported-format')),
  };
}

type Fetch = CertificatesDeps<VerifyOutcome>['fetch'];

async function fetchCertificate({ link }: CertificateSourceDeps, input: Parameters<Fetch>[0]): Promise<Result<FetchedCertificate>> {
  const client = requireClient(link);
  if (!client.ok) return client;
  const [file, info] = await Promise.all([client.value.fileById(input), client.value.infoById(input)]);
  if (!file.ok) return file;
  const { fileUrl, fileFormat, fileSm3 } = file.value.value;
  const claim = { format: fileFormat, ...(fileSm3 === undefined ? {} : { sm3: fileSm3 }) };
  const checked = await client.value.download({ url: fileUrl, claim });
  if (!checked.ok) return checked;
  const surface = info.ok ? Object.entries(info.value.value.surface).map(([label, value]) => ({ label, value })) : [];
  return ok({ ...checked.value, surface });
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
