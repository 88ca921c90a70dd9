import * as v from 'valibot';
import type { OfflineRecord, OfflineReply } from '../domain/contracts/enterprise.ts';
import { decodeUtf8 } from '../domain/crypto/utf8.ts';
import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import { isJsonObject, parseJson } from '../domain/json.ts';
import type { OfflineAnswer } from '../domain/offline-answer.ts';
import { printIsoTime } from '../domain/time.ts';
import type { Journal } from './desk/journal.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import { readStatus } from './remote/sealed-calls.ts';
import type { OutboxRecord } from './store/records.ts';
import type { Store } from './store/store.ts';

/** What is kept for one record until it is handed in: the code only as the platform can open it. */
const KeptSchema = v.object({ codeSealed: v.string(), clockOffset: v.number(), deviceId: v.string(), operatorId: v.string() });
export type KeptOffline = v.InferOutput<typeof KeptSchema>;

/** What a round of handing in works with. */
export interface OfflineRoundDeps {
  readonly store: Pick<Store, 'outboxWaiting'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly client: Pick<PlatformClient, 'submitOffline'>;
  readonly now: () => number;
  /** So many refusals without a single answer, and the round ends. */
  readonly mostRefusals: number;
}

/** How far a round came: answers, refused calls, and the records that were refused when they stood alone. */
interface Round {
  answered: number;
  refusals: number;
  refused: { readonly record: OutboxRecord; readonly failure: Failure }[];
}

const batchSize = 50;
/** The reference platform's `head.status` for a number that stands for another record. */
const otherRecord = '16';
/**
 * Its statuses that are about who calls or about the moment, never about a record: account, token, signature, clock, rights, rate, fault.
 * Asking record by record would only be more of the same.
 */
const aboutTheCaller: readonly string[] = ['11', '12', '14', '15', '17', '18', '19', '20', '22', '23', '24', '90', '91', '99', 'clock'];

/**
 * Hands in batch after batch in the order of the log, until nothing waits or something fails; how many were answered. A record that cannot
 * be read, or that is refused where others are answered, is set apart and the rest go on. Where none is answered, the refusal may be about
 * us: nothing is set apart for it, and it is the failure.
 */
export async function handInAll(deps: OfflineRoundDeps): Promise<Result<number>> {
  const round: Round = { answered: 0, refusals: 0, refused: [] };
  for (let afterSeq = 0; ; ) {
    const waiting = await deps.store.outboxWaiting({ afterSeq, limit: batchSize });
    if (!waiting.ok) return waiting;
    const last = waiting.value.at(-1);
    if (last === undefined) break;
    afterSeq = last.auditSeq;
    const readable = await setUnreadableApart(deps, waiting.value);
    const done = readable.ok ? await handIn(deps, readable.value, round) : readable;
    const settled = await setRefusedApart(deps, round);
    if (!done.ok) return done;
    if (!settled.ok) return settled;
  }
  const [inDoubt] = round.refused;
  return inDoubt === undefined ? ok(round.answered) : { ok: false, failure: inDoubt.failure };
}

/** A batch that is refused for one of its records is halved until that one stands alone. */
async function handIn(deps: OfflineRoundDeps, records: readonly ReadableRecord[], round: Round): Promise<Result<null>> {
  const [only] = records;
  if (only === undefined) return ok(null);
  const said = await deps.client.submitOffline(records.map(printRecord));
  const answers = said.ok ? matchAnswers(records, said.value) : said;
  if (answers.ok) return noteAnswers(deps, answers.value, round);
  const isClash = readStatus(answers.failure.detail) === otherRecord;
  if (!isAboutARecord(answers.failure)) return answers;
  if (records.length === 1 && isClash) return noteAnswers(deps, [[only, { verdict: 'conflict' }]], round);
  if (records.length === 1) round.refused.push({ record: only, failure: answers.failure });
  round.refusals += 1;
  if (round.answered === 0 && round.refusals >= deps.mostRefusals) return answers;
  if (records.length === 1) return ok(null);
  const half = Math.ceil(records.length / 2);
  const first = await handIn(deps, records.slice(0, half), round);
  return first.ok ? handIn(deps, records.slice(half), round) : first;
}

/** The content of a call may be what a platform, or a gateway before it, does not take; so may what it answers to one record. */
function isAboutARecord({ code, detail }: Failure): boolean {
  if (code === 'remote/refused') return !aboutTheCaller.includes(readStatus(detail));
  if (code === 'remote/http-status') return detail === '400' || detail === '413' || detail === '422';
  return code === 'remote/malformed' && detail === 'records';
}

type Answer = { readonly verdict: OfflineAnswer; readonly cause?: string | undefined };
type Answers = readonly (readonly [OutboxRecord, Answer])[];

function matchAnswers(records: readonly OutboxRecord[], { records: answers }: OfflineReply): Result<Answers> {
  const byId = new Map(answers.map((answer) => [answer.recordId, answer]));
  const matched = records.flatMap((record): [OutboxRecord, Answer][] => {
    const answer = byId.get(record.recordId);
    return answer === undefined ? [] : [[record, answer]];
  });
  return matched.length === records.length ? ok(matched) : fail('remote/malformed', 'records');
}

type ReadableRecord = OutboxRecord & { readonly kept: KeptOffline };

/** What can be handed in; the rest is set apart first. */
async function setUnreadableApart(deps: OfflineRoundDeps, records: readonly OutboxRecord[]): Promise<Result<ReadableRecord[]>> {
  const readable: ReadableRecord[] = [];
  for (const record of records) {
    const kept = readKept(record.body);
    if (kept !== null) {
      readable.push({ ...record, kept });
      continue;
    }
    const noted = await note(deps, record, { verdict: 'unreadable', cause: record.fault ?? 'damaged' });
    if (!noted.ok) return noted;
  }
  return ok(readable);
}

function readKept(body: Uint8Array | null): KeptOffline | null {
  const value = body === null ? null : parseJson(decodeUtf8(body) ?? '', { maxLength: 10_000 });
  const read = v.safeParse(KeptSchema, isJsonObject(value) ? value : null);
  return read.success ? read.output : null;
}

function printRecord({ hash, kept, prevHash, recordId, scannedAt }: ReadableRecord): OfflineRecord {
  return { recordId, ...kept, scannedAt: printIsoTime(scannedAt), prevHash, hash, provisional: 'provisional' };
}

async function noteAnswers(deps: OfflineRoundDeps, answers: Answers, round: Round): Promise<Result<null>> {
  for (const [record, answer] of answers) {
    const noted = await note(deps, record, answer);
    if (!noted.ok) return noted;
    round.answered += 1;
  }
  return ok(null);
}

/** Only once another record was answered: then it is the record that is refused, and not everything of ours. */
async function setRefusedApart(deps: OfflineRoundDeps, round: Round): Promise<Result<null>> {
  if (round.answered === 0) return ok(null);
  for (const { failure, record } of round.refused.splice(0)) {
    const noted = await note(deps, record, { verdict: 'refused', cause: printCause(failure) });
    if (!noted.ok) return noted;
  }
  return ok(null);
}

function printCause({ code, detail }: Failure): string {
  return code === 'remote/refused' ? readStatus(detail) : code === 'remote/http-status' ? `HTTP ${detail ?? ''}` : 'malformed';
}

/** The entry and the answer in one transaction; it is no deed of who is logged in now, but the platform's word, or what the machine found. */
async function note({ journal, now }: OfflineRoundDeps, record: OutboxRecord, { cause, verdict }: Answer): Promise<Result<null>> {
  const { auditSeq, recordId, scanId } = record;
  const who = verdict === 'unreadable' ? 'outbox' : 'platform';
  const noted = await journal.record({
    type: verdict === 'unreadable' || verdict === 'refused' ? 'offline.set-apart' : 'offline.answered',
    result: cause === undefined ? verdict : `${verdict} ${cause}`,
    ref: scanId,
    detail: { recordId, entry: auditSeq, verdict, cause: cause ?? null },
    row: { table: 'outbox', recordId, answer: verdict, cause: cause ?? null, answeredAt: now() },
    as: { actor: who, role: who },
  });
  return noted.ok ? ok(null) : noted;
}
