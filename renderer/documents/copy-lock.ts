import type { CertificateDocument, Verdict } from '../../domain/contracts/counter.ts';

/** What a copy is made for; to forward it (转储, C 0300 6.1.2) is to hand it to somebody who is named. */
export type CopyPurpose = 'print' | 'save' | 'forward';

interface CopyFacts {
  readonly permissions: Pick<Verdict['permissions'], 'download' | 'transfer'>;
  readonly restrictions: CertificateDocument['restrictions'];
  /** The time granted is over, or the holder took the grant back. */
  readonly isOver: boolean;
}

/** What stands in the way of a copy, null where nothing does: the consent first, then its time, then the file. */
export function findCopyLock(purpose: CopyPurpose, { permissions, restrictions, isOver }: CopyFacts): 'over' | 'not-granted' | 'by-file' | null {
  const isGranted = purpose === 'forward' ? permissions.transfer : permissions.download;
  if (!isGranted) return 'not-granted';
  if (isOver) return 'over';
  return restrictions.includes(purpose === 'print' ? 'print' : 'save') ? 'by-file' : null;
}
