import type { AuditEntryView } from '../../../domain/contracts/counter.ts';
import type { HourCount } from '../../components/hour-bars.tsx';
import { stateOfResult } from '../../i18n/audit-words.ts';
import { printClock, printDay } from '../../i18n/durations.ts';

/** The entries of the newest day, counted by the hour; refusals counted apart as well. */
export function countHours(entries: readonly AuditEntryView[]): readonly HourCount[] {
  const newest = entries[0];
  if (newest === undefined) return [];
  const day = printDay(newest.entryAt);
  const counts = Array.from({ length: 24 }, (_, hour) => ({ hour, total: 0, refused: 0 }));
  for (const entry of entries) {
    const count = counts[Number(printClock(entry.entryAt).slice(0, 2))];
    if (printDay(entry.entryAt) !== day || count === undefined) continue;
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
