import type { AuditEntryView } from '../../../domain/contracts/counter.ts';
import type { HourCount } from '../../components/hour-bars.tsx';
import { stateOfResult } from '../../i18n/audit-words.ts';

/** The entries of the newest day, counted by the hour; refusals counted apart as well. */
export function countHours(entries: readonly AuditEntryView[]): readonly HourCount[] {
  const newest = entries[0];
  if (newest === undefined) return [];
  const day = new Date(newest.entryAt).toDateString();
  const counts = Array.from({ length: 24 }, (_, hour) => ({ hour, total: 0, refused: 0 }));
  for (const entry of entries) {
    const at = new Date(entry.entryAt);
    const count = counts[at.getHours()];
    if (at.toDateString() !== day || count === undefined) continue;
    count.total += 1;
    if (isRefusal(entry)) count.refused += 1;
  }
  return counts;
}

/** Whether an entry records something that did not pass: by its type, or by the verdict it names. */
export function isRefusal({ type, result }: Pick<AuditEntryView, 'type' | 'result'>): boolean {
  const state = stateOfResult(result);
  return type.endsWith('.refused') || (state !== null && state !== 'verified' && state !== 'provisional');
}
