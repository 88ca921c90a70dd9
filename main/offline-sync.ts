import type { OperatorCredential } from '../domain/contracts/enterprise.ts';
import { decodeHex, encodeHexUpper } from '../domain/crypto/hex.ts';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { encryptSm2 } from '../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../domain/crypto/utf8.ts';
import { type Failure, fail, isSilence, ok, type Result } from '../domain/failure.ts';
import { goodOfflineAnswers, type OfflineAnswer } from '../domain/offline-answer.ts';
import type { Journal, OutboxNote } from './desk/journal.ts';
import type { PlatformLink } from './desk/platform-link.ts';
import { handInAll, type KeptOffline } from './offline-round.ts';
import type { PlatformClient } from './remote/platform-client.ts';
import type { Store } from './store/store.ts';
import type { VerifyOutcome } from './verify/verify-outcome.ts';

/** Keeps what was judged without the platform and hands it in, in order, as soon as the platform answers again. */
export interface OfflineSync {
  /** What a verdict means for what is handed in later: a provisional one waits, an answered one settles what waited. */
  note(outcome: VerifyOutcome, operator: OperatorCredential): OutboxNote | null;
  /** Hands in what waits, unless it failed a moment ago; `isForced` waits for no moment. How many were answered. */
  sync(isForced?: boolean): Promise<Result<number>>;
  state(): OfflineState;
  /** Lets everything that was set apart wait again, once what kept it is mended, and hands it in. */
  again(): Promise<Result<number>>;
  /** Counts again what waits: at the start and after a scan. */
  recount(): Promise<void>;
}

/**
 * What is still to be heard of; `refused` are those of the last seven days that the platform would not have let pass, `setApart` those that
 * cannot be handed in until somebody acts; `failure` is why the last try came to nothing, though the platform was there.
 */
export interface OfflineState {
  readonly waiting: number;
  readonly setApart: number;
  readonly failure: Failure['code'] | null;
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

const refusedCountedMs = 7 * 86_400_000;
const [firstPauseMs, longestPauseMs] = [15_000, 15 * 60_000];
/** So many refused calls a failing round asks for, doubled with each that failed before it: a few bad records may stand first in the log. */
const [fewestRefusals, mostRefusals] = [12, 200];

/** Creates the outbox; what is in it is in the store, so nothing is lost with the process. */
export function createOfflineSync(deps: OfflineSyncDeps): OfflineSync {
  let state: OfflineState = { waiting: 0, setApart: 0, refused: 0, failure: null, lastSyncAt: null };
  let pause = { failures: 0, until: Number.NEGATIVE_INFINITY };
  let running: Promise<Result<number>> | null = null;
  const recount = async (): Promise<void> => {
    const counted = await deps.store.outboxState({ good: goodOfflineAnswers, sinceAt: deps.now() - refusedCountedMs });
    if (!counted.ok) return;
    const { lastAnsweredAt, ...counts } = counted.value;
    state = { ...counts, failure: counts.waiting === 0 ? null : state.failure, lastSyncAt: lastAnsweredAt };
    deps.onChanged();
  };
  const run = async (client: PlatformClient): Promise<Result<number>> => {
    const done = await handInAll({ ...deps, client, mostRefusals: Math.min(fewestRefusals * 2 ** pause.failures, mostRefusals) });
    const failures = done.ok ? 0 : pause.failures + 1;
    pause = { failures, until: done.ok ? Number.NEGATIVE_INFINITY : deps.monotonic() + Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs) };
    // That nobody answered is no news: the top bar says so already.
    state = { ...state, failure: done.ok || isSilence(done.failure) ? null : done.failure.code };
    if (!done.ok) deps.log.warn({ failure: done.failure.code, failures }, 'what was judged offline could not be handed in');
    await recount();
    return done;
  };
  const sync: OfflineSync['sync'] = async (isForced = false) => {
    await recount();
    const client = deps.link.client();
    if (state.waiting === 0 || (!isForced && deps.monotonic() < pause.until)) return ok(0);
    if (client === null) return fail('remote/not-enrolled');
    if (!isForced && deps.link.state().state !== 'online') return ok(0);
    running ??= run(client).finally(() => (running = null));
    return running;
  };
  return {
    sync,
    note: (outcome, operator) => printNote(deps, outcome, operator),
    state: () => state,
    recount,
    again: async () => {
      await recount();
      const noted = state.setApart === 0 ? ok(null) : await deps.journal.record({ type: 'offline.again', result: String(state.setApart), ref: 'outbox', row: { table: 'outbox-again' } });
      return noted.ok ? sync(true) : noted;
    },
  };
}

function printNote(deps: OfflineSyncDeps, outcome: VerifyOutcome, { operatorId }: OperatorCredential): OutboxNote | null {
  const { requestId: recordId, roundTripMs, state } = outcome;
  if (state !== 'provisional') return roundTripMs === null ? null : { recordId, settledAs: 'online' satisfies OfflineAnswer };
  const [attempt, publicKey] = [outcome.attempt?.reveal(), decodeHex(deps.link.profile()?.envelopePublicKey ?? '')];
  if (attempt === undefined || publicKey === null) throw new Error('a provisional verdict without a code or a platform');
  const sealed = encryptSm2({ publicKey, plaintext: encodeUtf8(attempt.code.canonicalText), layout: 'C1C3C2', random: deps.random });
  const kept: KeptOffline = { codeSealed: encodeHexUpper(sealed), clockOffset: Math.round(deps.clockOffsetMs()), deviceId: deps.deviceId, operatorId };
  return { recordId, body: encodeUtf8(JSON.stringify(kept)) };
}
