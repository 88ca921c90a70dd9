import type { Case } from '../domain/contracts/counter.ts';
import { encodeHex } from '../domain/crypto/hex.ts';
import { sm3 } from '../domain/crypto/sm3.ts';
import { fail, isSilence, ok } from '../domain/failure.ts';
import type { CertificatesDeps, OpenCertificate } from './desk/certificates.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import { offlineRule, type SiteKeeper } from './desk/site.ts';
import { fetchCertificate } from './documents/certificate-file.ts';
import type { DocumentWork } from './documents/document-work.ts';
import { examineFile } from './documents/file-examination.ts';
import { listRestrictions } from './documents/file-restrictions.ts';
import { signPrepared } from './documents/pdf-signing.ts';
import type { OrganisationKey } from './organisation-key.ts';
import type { Trust } from './trust.ts';
import { requireClient } from './platform-connection.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** What fetching and copying needs. */
export interface CertificateSourceDeps {
  readonly link: PlatformLink<PlatformClient>;
  readonly site: SiteKeeper;
  readonly organisationKey: OrganisationKey;
  readonly trust: Trust;
  readonly now: () => number;
  /** Where files are read and copied. */
  readonly files: DocumentWork;
}

type Source = Pick<CertificatesDeps<VerifyOutcome>, 'fetch' | 'confirm' | 'copy' | 'watermark'>;

/** Where certificate files come from (12.1.6, 12.1.8), what is written over them, and how copies are made (YD 11.4). */
export function createCertificateSource(deps: CertificateSourceDeps): Source {
  const { files } = deps;
  return {
    fetch: async (input) => {
      const client = requireClient(deps.link);
      if (!client.ok) return client;
      files.prepare();
      const file = await fetchCertificate({ client: client.value, ...input });
      if (!file.ok) return file;
      const anchors = (await deps.trust.list()).map(({ anchor }) => anchor.certificate.der);
      const { bytes, format } = file.value;
      const examined = await examineFile(files, { bytes, format }, { anchors, revocationLists: deps.trust.revocationLists(), now: deps.now() });
      if (!examined.ok) return examined;
      const { signatures, contents } = examined.value;
      const restrictions = contents === null ? [] : listRestrictions(contents, deps.now());
      return ok({ ...file.value, restrictions, signatures });
    },
    // No clause has a call for whether a grant stands; the face of one certificate is the least that a withdrawn grant refuses (12.1.8).
    confirm: async (input) => {
      const client = requireClient(deps.link);
      if (!client.ok) return client;
      const answer = await client.value.infoById(input);
      if (answer.ok) return ok({ isConfirmed: true });
      if (!isSilence(answer.failure)) return answer;
      return offlineRule(deps.site.current()) === 'provisional' ? ok({ isConfirmed: false }) : fail('permission/unconfirmed', answer.failure.code);
    },
    watermark: (current) => describeWatermark(deps, current),
    copy: async ({ document, current, auditSeq, printing, recipient, isConfirmed }) => {
      const signer = await deps.organisationKey.signer();
      if (!signer.ok) return signer;
      const recordId = `${current.bizNum}-${auditSeq}`;
      const madeAt = deps.now();
      const expiry = chinaTime(madeAt + copyValidityMs);
      const made = await files.copy({
        original: document,
        lines: [...describeWatermark(deps, current), `有效期至 ${expiry.slice(0, 10)}`, ...(printing > 1 ? [`第 ${printing} 次打印`] : []), ...(recipient === null ? [] : [`转储至 ${recipient}`]), ...(isConfirmed ? [] : ['制作时平台无答复，未核对授权是否撤回'])],
        recordId,
        annotation: {
          maker: deps.site.current().site.organisation,
          reason: `${current.itemName} ${current.useFor}`,
          validUntil: expiry.replace(/[^0-9]/g, ''),
          time: chinaTime(madeAt).replace(/[^0-9]/g, ''),
        },
        metadata: { ...describeCopy(deps, document, current), ...(recipient === null ? {} : { ForwardedTo: recipient }) },
        madeAt,
      });
      if (!made.ok) return made;
      const bytes = signPrepared(made.value.prepared, signer.value, madeAt);
      const fileName = `${document.entry.certificateType}-加注件-${recordId}${recipient === null ? '' : '-转储'}.pdf`.replaceAll(/[\p{C}<>:"/\\|?*]/gu, '_');
      return ok({ bytes, fileName, sm3: encodeHex(sm3(bytes)) });
    },
  };
}

/** A copy is for the matter at hand; a new one is made for the next. */
const copyValidityMs = 30 * 24 * 3_600_000;

/** `2026-05-01 09:31:07` in Chinese time. */
function chinaTime(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Organisation and window, operator, time, case, purpose: who looked, when and why (YD 11.4). */
function describeWatermark({ site, now }: CertificateSourceDeps, current: Case): readonly string[] {
  const { site: place, operator } = site.current();
  const time = chinaTime(now());
  return [
    `${place.organisation} ${place.window}`,
    `${operator.name} ${operator.id} ${time.slice(0, 16)}`,
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
