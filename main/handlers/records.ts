import * as v from 'valibot';
import { RecordSchema, type ScanRecord } from '../../domain/contracts/counter.ts';
import { decodeUtf8 } from '../../domain/crypto/utf8.ts';
import { ok, type Result } from '../../domain/failure.ts';
import type { SiteKindRow } from '../../domain/site-kind.ts';
import { makeTextsVisible } from '../../domain/text-safety.ts';
import { isUndecided, type SupportCode } from '../../domain/verdict.ts';
import type { OutboxState } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { describeSiteKind } from './site-kind-words.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
const chinaOffsetMs = 8 * hourMs;
const BodySchema = v.object({ subjectName: v.nullable(v.string()) });

/** The newest scans, newest first. */
export async function listRecords(store: Store, limit: number, siteKinds: readonly SiteKindRow[]): Promise<Result<ScanRecord[]>> {
  const scans = await store.scans({ limit });
  if (!scans.ok) return scans;
  const outbox = await store.outbox({ limit });
  if (!outbox.ok) return outbox;
  const offline = new Map(outbox.value.map((row) => [row.auditSeq, row]));
  return ok(
    scans.value.map((scan) => {
      const { scanId, scannedAt, state, kind, bizNum, itemName, elapsedMs, auditSeq } = scan;
      // What was erased after its time has no name any more.
      const body = v.safeParse(BodySchema, scan.body === null ? null : JSON.parse(decodeUtf8(scan.body) ?? 'null'));
      const subjectName = body.success ? body.output.subjectName : null;
      const supportCode = scan.supportCode as SupportCode | null;
      return makeTextsVisible({ scanId, scannedAt, state, supportCode, kind, ...describeSiteKind(kind, siteKinds), subjectName, bizNum, itemName, elapsedMs, auditSeq, offline: describeOffline(offline.get(auditSeq)) });
    }),
  );
}

function describeOffline(row: OutboxState | undefined): ScanRecord['offline'] {
  if (row === undefined) return null;
  const read = v.safeParse(RecordSchema.entries.offline, { answer: row.answer ?? 'waiting', cause: row.cause });
  return read.success ? read.output : null;
}

/** What was done today (Asia/Shanghai), by the hour. */
export async function summariseToday(store: Store, now: number) {
  const startAt = Math.floor((now + chinaOffsetMs) / dayMs) * dayMs - chinaOffsetMs;
  const outcomes = await store.outcomes({ sinceAt: startAt });
  if (!outcomes.ok) return outcomes;
  const scans = outcomes.value;
  const hours = new Map<number, { hour: number; total: number; refused: number }>();
  for (const { scannedAt, state } of scans) {
    const hour = Math.floor((scannedAt - startAt) / hourMs);
    const counted = hours.get(hour) ?? { hour, total: 0, refused: 0 };
    hours.set(hour, { hour, total: counted.total + 1, refused: counted.refused + (state === 'verified' || isUndecided(state) ? 0 : 1) });
  }
  return ok({
    sinceAt: scans[0]?.scannedAt ?? null,
    total: scans.length,
    verified: scans.filter(({ state }) => state === 'verified').length,
    // A refusal that needed no platform says nothing about how long a person waits.
    medianMs: median(scans.filter(({ state }) => state === 'verified').map(({ elapsedMs }) => elapsedMs)),
    hours: [...hours.values()].toSorted((a, b) => a.hour - b.hour),
  });
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
