import type { TFunction } from 'i18next';
import type { Verdict } from '../../domain/contracts/counter.ts';
import { codeKindsZh, kindAsks } from './code-kinds.ts';

/** The name of a kind as it stands in a verdict; a kind this window does not know is called unrecognised. */
export function printKind(kind: string, t: TFunction): string {
  return t(`kind.${isKnown(kind) ? kind : 'unknown'}`);
}

/** The name of what was scanned: the site's own words before the built-in ones. */
export function printVerdictKind({ kind, siteKind }: Pick<Verdict, 'kind' | 'siteKind'>, t: TFunction): string {
  return siteKind?.name ?? printKind(kind, t);
}

/** What to ask the person for instead of what was scanned. */
export function printKindAsk({ kind, siteKind }: Pick<Verdict, 'kind' | 'siteKind'>, t: TFunction): string {
  if (siteKind !== undefined && siteKind.ask !== '') return siteKind.ask;
  return t(`kindAsk.${kindAsks[isKnown(kind) ? kind : 'unknown']}`);
}

function isKnown(kind: string): kind is keyof typeof codeKindsZh {
  return Object.hasOwn(codeKindsZh, kind);
}
