import type { TFunction } from 'i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';
import { codeKindsZh, kindAsks } from './code-kinds.ts';

/** The name of what was scanned: the site's own words before the built-in ones; a kind this window does not know is unrecognised. */
export function printVerdictKind({ kind, siteKind }: Pick<Verdict, 'kind' | 'siteKind'>, t: TFunction): string {
  return siteKind?.name ?? t(`kind.${isKnown(kind) ? kind : 'unknown'}`);
}

/** What to ask the person for instead of what was scanned. */
export function printKindAsk({ kind, siteKind }: Pick<Verdict, 'kind' | 'siteKind'>, t: TFunction): string {
  if (siteKind !== undefined && siteKind.ask !== '') return siteKind.ask;
  return t(`kindAsk.${kindAsks[isKnown(kind) ? kind : 'unknown']}`);
}

function isKnown(kind: string): kind is keyof typeof codeKindsZh {
  return Object.hasOwn(codeKindsZh, kind);
}
