import type { TFunction } from 'i18next';
import { codeKindsZh } from './code-kinds.ts';

/** The name of a kind as it stands in a verdict; a kind this window does not know is called unrecognised. */
export function printKind(kind: string, t: TFunction): string {
  return t(`kind.${Object.hasOwn(codeKindsZh, kind) ? (kind as keyof typeof codeKindsZh) : 'unknown'}`);
}
