import type { AuditEntryView } from '../../domain/contracts/counter.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';

/** A stored line as the window lists it; a line that cannot be read is listed as such, never left out. */
export function describeLine(stored: { readonly seq: number; readonly line: string; readonly prevHash: string; readonly hash: string }): AuditEntryView {
  const { seq, hash, prevHash } = stored;
  const entry = parseAuditLine(stored.line);
  if (entry === null) return { seq, entryAt: 0, type: 'unreadable', result: '', actor: '', ref: '', hash, prevHash };
  const { t, type, result, actor, ref } = entry;
  return { seq, entryAt: Date.parse(t), type, result, actor, ref, hash, prevHash };
}
