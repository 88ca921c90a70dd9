import type { AuditEntryView } from '../../../domain/contracts/audit.ts';
import type { EntryType } from '../../../domain/entry-type.ts';
import { stateOfResult } from '../../i18n/audit-words.ts';

// What an auditor should come upon at a glance.
const alarms: readonly string[] = ['access.attempts-differ', 'audit.anchor-missing', 'clock.rolled-back', 'store.backup-failed', 'store.mended', 'watermark.removed'] satisfies EntryType[];

/** Whether an entry records something that did not pass, or should not have come about: by its type, or by the verdict it names. */
export function isRefusal({ type, result }: Pick<AuditEntryView, 'type' | 'result'>): boolean {
  const state = stateOfResult(result);
  return type.endsWith('.refused') || alarms.includes(type) || (state !== null && state !== 'verified' && state !== 'provisional');
}
