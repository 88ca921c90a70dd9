import type { AuditEntryView } from '../../../domain/contracts/audit.ts';
import { stateOfResult } from '../../i18n/audit-words.ts';

/** Whether an entry records something that did not pass: by its type, or by the verdict it names. */
export function isRefusal({ type, result }: Pick<AuditEntryView, 'type' | 'result'>): boolean {
  const state = stateOfResult(result);
  return type.endsWith('.refused') || (state !== null && state !== 'verified' && state !== 'provisional');
}
