import * as v from 'valibot';
import type { OfflineRecord, OfflineReply, OperatorCredential } from '../domain/contracts/enterprise.ts';
import { decodeHex, encodeHexUpper } from '../domain/crypto/hex.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { encryptSm2 } from '../domain/crypto/sm2.ts';
import { decodeUtf8, encodeUtf8 } from '../domain/crypto/utf8.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { goodOfflineAnswers, type OfflineAnswer } from '../domain/offline-answer.ts';
import { printIsoTime } from '../domain/time.ts';
import type { Journal, OutboxNote } from './desk/journal.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import { readStatus } from './remote/sealed-calls.ts';
import type { OutboxRecord } from './store/records.ts';
import type { Store } from './store/store.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** Keeps what was judged without the platform and hands it in, in order, as soon as the platform answers again. */
export interface OfflineSync {
  /** What a verdict means for what is handed in later: a provisional one waits, an answered one settles what waited. */
  note(outcome: VerifyOutcome, operator: OperatorCredential): OutboxNote | null;
  /** Hands in what waits, unless it failed a moment ago; `isForced` waits for no moment. How many were answered. */
  sync(isForced?: boolean): Promise<Result<number>>;
  state(): OfflineState;
  /** Counts again what waits: at the start and after a scan. */
  recount(): Promise<void>;
}

/** What is still to be heard of; `refused` are those of the last seven days that the platform would not have let pass. */
export interface OfflineState {
  readonly waiting: number;
  readonly refused: number;
  readonly lastSyncAt: number | null;
}

/** What it needs; `clockOffsetMs` is the platform's time minus ours, `deviceId` the name of this machine in its log. */
export interface OfflineSyncDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly link: PlatformLink<PlatformClient>;
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly random: RandomBytes;
  readonly clockOffsetMs: () => number;
  readonly deviceId: string;
  readonly log: { warn(facts: object, text: string): void };
  readonly onChanged: () => void;
}

/** What is kept for one record until it is handed in: the code only as the platform can open it. */
const KeptSchema = v.object({ codeSealed: v.string(), clockOffset: v.number(), deviceId: v.string(), operatorId: v.string() });
type Kept = v.InferOutput<typeof KeptSchema>;

const batchSize = 50;
const refusedCountedMs = 7 * 86_400_000;
const [firstPauseMs, longestPauseMs] = [15_000, 15 * 60_000];
/** The reference platform's `head.status` for a number that stands for another record. */
const otherRecord = '16';

/** Creates the outbox; what is in it is in the store, so nothing is lost with the process. */
export function createOfflineSync(deps: OfflineSyncDeps): OfflineSync {
  let state: OfflineState = { waiting: 0, refused: 0, lastSyncAt: null };
  let pause = { failures: 0, until: Number.NEGATIVE_INFINITY };
  let running: Promise<Result<number>> | null = null;
  const recount = async (): Promise<void> => {
    const counted = await deps.store.outboxState({ good: goodOfflineAnswers, sinceAt: deps.now() - refusedCountedMs });
    if (!counted.ok) return;
    const { lastAnsweredAt, refused, waiting } = counted.value;
    state = { waiting, refused, lastSyncAt: lastAnsweredAt };
    deps.onChanged();
  };
  const run = async (client: PlatformClient): Promise<Result<number>> => {
    const done = await handInAll(deps, client);
    const failures = done.ok ? 0 : pause.failures + 1;
    pause = { failures, until: done.ok ? Number.NEGATIVE_INFINITY : deps.monotonic() + Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) };
    if (!done.ok) deps.log.warn({ failure: done.failure.code, failures }, 'what was judged offline could not be handed in');
    await recount();
    return done;
  };
  return {
    note: (outcome, operator) => printNote(deps, outcome, operator),
    state: () => state,
    recount,
    sync: async (isForced = false) => {
      await recount();
      const client = deps.link.client();
      if (state.waiting === 0 || (!isForced && deps.monotonic() < pause.until)) return ok(0);
      if (client === null) return fail('remote/not-enrolled');
      if (!isForced && deps.link.state().state !== 'online') return ok(0);
      running ??= run(client).finally(() => (running = null));
      return running;
    },
  };
}

function printNote(deps: OfflineSyncDeps, outcome: VerifyOutcome, { operatorId }: OperatorCredential): OutboxNote | null {
  const { requestId: recordId, roundTripMs, state } = outcome;
  if (state !== 'provisional') return roundTripMs === null ? null : { recordId, settledAs: 'online' satisfies OfflineAnswer };
  const [attempt, publicKey] = [outcome.attempt?.reveal(), decodeHex(deps.link.profile()?.envelopePublicKey ?? '')];
  if (attempt === undefined || publicKey === null) throw new Error('a provisional verdict without a code or a platform');
  const sealed = encryptSm2({ publicKey, plaintext: encodeUtf8(attempt.code.canonicalText), layout: 'C1C3C2', random: deps.random });
  const kept: Kept = { codeSealed: encodeHexUpper(sealed), clockOffset: Math.round(deps.clockOffsetMs()), deviceId: deps.deviceId, operatorId };
  return { recordId, body: encodeUtf8(JSON.stringify(kept)) };
}

/** Batch after batch in the order of the log, until nothing waits or something fails. */
async function handInAll(deps: OfflineSyncDeps, client: PlatformClient): Promise<Result<number>> {
  let answered = 0;
  for (;;) {
    const waiting = await deps.store.outboxWaiting({ limit: batchSize });
    if (!waiting.ok) return waiting;
    if (waiting.value.length === 0) return ok(answered);
    const handedIn = await handIn(client, waiting.value);
    if (!handedIn.ok) return handedIn;
    for (const [record, answer] of handedIn.value) {
      const noted = await noteAnswer(deps, record, answer);
      if (!noted.ok) return noted;
      answered += 1;
    }
  }
}

type Answer = { readonly verdict: OfflineAnswer; readonly cause?: string | undefined };
type Answers = readonly (readonly [OutboxRecord, Answer])[];

/** One that stands for another record at the platform holds up none of the others. */
async function handIn(client: PlatformClient, records: readonly OutboxRecord[]): Promise<Result<Answers>> {
  const said = await client.submitOffline(records.map(printRecord));
  if (said.ok) return matchAnswers(records, said.value);
  const isClash = said.failure.code === 'remote/refused' && readStatus(said.failure.detail) === otherRecord;
  if (!isClash) return said;
  const [only] = records;
  if (only !== undefined && records.length === 1) return ok([[only, { verdict: 'conflict' }]]);
  const half = Math.ceil(records.length / 2);
  const first = await handIn(client, records.slice(0, half));
  if (!first.ok) return first;
  const second = await handIn(client, records.slice(half));
  return second.ok ? ok([...first.value, ...second.value]) : second;
}

function matchAnswers(records: readonly OutboxRecord[], { records: answers }: OfflineReply): Result<Answers> {
  const byId = new Map(answers.map((answer) => [answer.recordId, answer]));
  const matched = records.flatMap((record): [OutboxRecord, Answer][] => {
    const answer = byId.get(record.recordId);
    return answer === undefined ? [] : [[record, answer]];
  });
  return matched.length === records.length ? ok(matched) : fail('remote/malformed', 'records');
}

function printRecord({ body, hash, prevHash, recordId, scannedAt }: OutboxRecord): OfflineRecord {
  const kept = v.parse(KeptSchema, JSON.parse(decodeUtf8(body ?? new Uint8Array()) ?? 'null'));
  return { recordId, ...kept, scannedAt: printIsoTime(scannedAt), prevHash, hash, provisional: 'provisional' };
}

/** The entry and the answer in one transaction; it is the platform's word and no deed of who is logged in now. */
function noteAnswer({ journal, now }: OfflineSyncDeps, record: OutboxRecord, { cause, verdict }: Answer) {
  const { auditSeq, recordId, scanId } = record;
  return journal.record({
    type: 'offline.answered',
    result: cause === undefined ? verdict : `${verdict} ${cause}`,
    ref: scanId,
    detail: { recordId, entry: auditSeq, verdict, cause: cause ?? null },
    row: { table: 'outbox', recordId, answer: verdict, cause: cause ?? null, answeredAt: now() },
    as: { actor: 'platform', role: 'platform' },
  });
}
