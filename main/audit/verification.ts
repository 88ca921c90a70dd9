import { createChainVerifier } from '../../domain/audit-chain.ts';
import { parseAuditLine } from '../../domain/audit-entry.ts';
import type { Result } from '../../domain/failure.ts';

/** One stored entry with the digest of the body that lies there now and the outcome in its business row (null: none). */
export interface StoredEntry {
  readonly seq: number;
  readonly line: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly bodyHash: string;
  readonly outcome: string | null;
}

/** What verification reads, page by page. */
export interface EntrySource {
  head(input: null): Promise<Result<{ readonly seq: number; readonly hash: string }>>;
  chain(input: { readonly fromSeq: number; readonly limit: number }): Promise<Result<readonly StoredEntry[]>>;
}

/** The report of a full verification; `firstBad` is the first entry that does not hold. */
export interface VerificationReport {
  readonly checked: number;
  readonly intact: boolean;
  readonly headHash: string;
  readonly firstBad: { readonly seq: number; readonly kind: string } | null;
  readonly ms: number;
}

/** What a verification needs; `onProgress` is told after every page. */
export interface VerificationDeps {
  readonly source: EntrySource;
  readonly monotonic: () => number;
  readonly onProgress?: (progress: { readonly checked: number; readonly total: number }) => void;
}

const pageSize = 500;

/**
 * Verifies the whole chain from the first entry to the sealed head in constant memory: every line, every hash, every body
 * and the state in every business row. Entries written meanwhile are left to the next time.
 */
export async function verifyAudit(deps: VerificationDeps): Promise<Result<VerificationReport>> {
  const startedMono = deps.monotonic();
  const head = await deps.source.head(null);
  if (!head.ok) return head;
  const end = head.value;
  const verifier = createChainVerifier({ anchors: end.seq === 0 ? [] : [end] });
  const report = (checked: number, firstBad: VerificationReport['firstBad']): Result<VerificationReport> => {
    const ms = deps.monotonic() - startedMono;
    return { ok: true, value: { checked, intact: firstBad === null, headHash: end.hash, firstBad, ms } };
  };
  let checked = 0;
  for (let fromSeq = 1; ; ) {
    const page = await deps.source.chain({ fromSeq, limit: pageSize });
    if (!page.ok) return page;
    for (const entry of page.value) {
      if (entry.seq > end.seq && checked === end.seq) break;
      const finding = verifier.push(entry);
      if (!finding.ok) return report(checked, refine(verifier, page.value.at(page.value.indexOf(entry) + 1), finding));
      const fault = bodyFault(entry);
      if (fault !== null) return report(checked, { seq: entry.seq, kind: fault });
      checked += 1;
    }
    deps.onProgress?.({ checked, total: end.seq });
    const last = page.value.at(-1);
    if (last === undefined || last.seq >= end.seq) break;
    fromSeq = last.seq + 1;
  }
  const finding = verifier.finish();
  return report(checked, finding.ok ? null : { seq: finding.badSeq, kind: finding.kind });
}

type Bad = { readonly badSeq: number; readonly kind: string };

// A gap may turn out to be a swap once the entry after it is seen.
function refine(verifier: ReturnType<typeof createChainVerifier>, next: StoredEntry | undefined, bad: Bad): { seq: number; kind: string } {
  const finding = next === undefined ? verifier.finish() : verifier.push(next);
  const { badSeq, kind } = finding.ok ? bad : finding;
  return { seq: badSeq, kind };
}

/** Whether the body and the business row are still those that the line speaks of: `body`, `row`, or null. */
export function bodyFault(stored: StoredEntry): 'body' | 'row' | null {
  const entry = parseAuditLine(stored.line);
  if (entry?.bodyHash !== stored.bodyHash) return 'body';
  return stored.outcome === null || stored.outcome === entry.result ? null : 'row';
}
