import type { CertificateDocument, Verdict } from '../../domain/contracts/counter.ts';
import type { GrantEnd } from '../screens/verify/grant-end.ts';

/** What a copy is made for; to forward it (转储, C 0300 6.1.2) is to hand it to somebody who is named. */
export type CopyPurpose = 'print' | 'save' | 'forward';

interface CopyFacts {
  readonly permissions: Pick<Verdict['permissions'], 'download' | 'transfer'>;
  readonly restrictions: CertificateDocument['restrictions'];
  readonly end: GrantEnd;
}

/** What stands in the way of a copy, null where nothing does: the consent first, then its end, then the file. */
export function findCopyLock(purpose: CopyPurpose, { permissions, restrictions, end }: CopyFacts): GrantEnd | 'not-granted' | 'by-file' {
  const isGranted = purpose === 'forward' ? permissions.transfer : permissions.download;
  if (!isGranted) return 'not-granted';
  if (end !== null) return end;
  return restrictions.includes(purpose === 'print' ? 'print' : 'save') ? 'by-file' : null;
}
