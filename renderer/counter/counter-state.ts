import type { AuditEntryView } from '../../domain/contracts/audit.ts';
import type { Case, Matter, ScanEvent, ScanRecord, Session, Status, Verdict } from '../../domain/contracts/counter.ts';
import type { Access } from '../../domain/contracts/access.ts';
import { isWorking } from './session-gate.ts';
import type { FailureCode } from '../../domain/failure.ts';

export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused' | 'not-accepted';

/** The counts of today as the host gives them. */
export interface Today {
  readonly sinceAt: number | null;
  readonly total: number;
  readonly verified: number;
  readonly medianMs: number | null;
  readonly hours: readonly { readonly hour: number; readonly total: number; readonly refused: number }[];
}

/** What the verify screen shows: exactly one of these at any time. */
export type ScanView =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'reading'; readonly scanId: string; readonly device: string; readonly sinceAt: number }
  | { readonly phase: 'verdict'; readonly verdict: Verdict; readonly repeats: number }
  | { readonly phase: 'unreadable'; readonly code: FailureCode; readonly device: string; readonly count: number };

/** Everything the window knows, all of it told by the host. */
export interface CounterState {
  /** Who may work here; null until the host has said. */
  readonly access: Access | null;
  readonly connection: ConnectionState;
  readonly session: Session | null;
  readonly status: Status | null;
  readonly matters: readonly Matter[];
  readonly openCase: Case | null;
  readonly scan: ScanView;
  /** What stood on the screen when a new code began to be read; it stays until the new one has a verdict or is slow. */
  readonly before: ScanView;
  readonly notified: { readonly scanId: string; readonly how: 'screen' | 'print'; readonly auditSeq: number } | null;
  readonly today: Today | null;
  readonly recent: readonly ScanRecord[];
  /** The newest audit entry, for the footer. */
  readonly lastEntry: AuditEntryView | null;
  /** The failure of the last call that no screen shows by itself. */
  readonly problem: FailureCode | null;
  /** An input method swallowed the keys of a scanner. */
  readonly ime: boolean;
}

export const initialCounterState: CounterState = {
  access: null,
  connection: 'connecting',
  session: null,
  status: null,
  matters: [],
  openCase: null,
  scan: { phase: 'waiting' },
  before: { phase: 'waiting' },
  notified: null,
  today: null,
  recent: [],
  lastEntry: null,
  problem: null,
  ime: false,
};

export type CounterEvent =
  | { readonly type: 'access'; readonly access: Access }
  | { readonly type: 'connection'; readonly state: ConnectionState }
  | { readonly type: 'loaded'; readonly session: Session; readonly matters: readonly Matter[]; readonly openCase: Case | null }
  | { readonly type: 'status'; readonly status: Status }
  | { readonly type: 'offer'; readonly matters: readonly Matter[]; readonly openCase: Case | null }
  | { readonly type: 'case-opened'; readonly openCase: Case }
  | { readonly type: 'scan'; readonly event: ScanEvent; readonly now: number }
  | { readonly type: 'verdict-replaced'; readonly verdict: Verdict }
  | { readonly type: 'dismissed' }
  | { readonly type: 'ime' }
  | { readonly type: 'problem'; readonly code: FailureCode | null }
  | { readonly type: 'notified'; readonly scanId: string; readonly how: 'screen' | 'print'; readonly auditSeq: number }
  | { readonly type: 'site-changed'; readonly session: Session }
  | { readonly type: 'history'; readonly today: Today; readonly recent: readonly ScanRecord[]; readonly lastEntry: AuditEntryView | null };

/** The next state: pure, so that every path of a case is tested without a window. */
export function reduceCounter(state: CounterState, event: CounterEvent): CounterState {
  switch (event.type) {
    case 'access':
      return reduceAccess(state, event.access);
    case 'connection':
      // A window that its host takes no more shows nothing of what it showed before.
      return event.state === 'not-accepted' ? { ...initialCounterState, connection: event.state } : { ...state, connection: event.state };
    case 'loaded':
      return { ...state, connection: 'open', session: event.session, matters: event.matters, openCase: event.openCase };
    case 'status':
      return { ...state, status: event.status };
    case 'offer':
      // The case at hand may be newer than the one that was read.
      return { ...state, matters: event.matters, openCase: state.openCase ?? event.openCase };
    case 'case-opened':
      return { ...state, openCase: event.openCase, scan: { phase: 'waiting' }, before: { phase: 'waiting' }, notified: null, problem: null };
    case 'scan':
      return reduceScan(state, event.event, event.now);
    case 'verdict-replaced':
      if (state.scan.phase !== 'verdict' || state.scan.verdict.scanId !== event.verdict.scanId) return state;
      return { ...state, problem: null, scan: { ...state.scan, verdict: event.verdict } };
    case 'dismissed':
      return { ...state, scan: { phase: 'waiting' }, before: { phase: 'waiting' }, notified: null };
    case 'problem':
      return { ...state, problem: event.code, ime: false };
    case 'ime':
      return state.ime ? state : { ...state, ime: true };
    case 'notified':
      return { ...state, notified: { scanId: event.scanId, how: event.how, auditSeq: event.auditSeq } };
    case 'site-changed':
      return { ...state, session: event.session };
    case 'history':
      return { ...state, today: event.today, recent: event.recent, lastEntry: event.lastEntry };
  }
}

// What one person saw is not the next one's, nor anybody's while the counter is locked.
function reduceAccess(state: CounterState, access: Access): CounterState {
  return isWorking(access.state) ? { ...state, access } : { ...initialCounterState, connection: 'open', access };
}

function reduceScan(state: CounterState, event: ScanEvent, now: number): CounterState {
  switch (event.type) {
    case 'reading': {
      const before = state.scan.phase === 'reading' ? state.before : state.scan;
      return { ...state, before, scan: { phase: 'reading', scanId: event.scanId, device: event.device, sinceAt: now } };
    }
    case 'verdict': {
      const openCase = state.openCase === null ? null : { ...state.openCase, scans: state.openCase.scans + 1 };
      return { ...state, openCase, notified: null, problem: null, scan: { phase: 'verdict', verdict: event.verdict, repeats: 0 } };
    }
    case 'repeat':
      return reduceRepeat(state, event.scanId);
    case 'refused':
      return { ...state, scan: { phase: 'unreadable', code: event.code, device: event.device, count: state.scan.phase === 'unreadable' ? state.scan.count + 1 : 1 } };
  }
}

function reduceRepeat(state: CounterState, scanId: string): CounterState {
  const shown = state.scan.phase === 'reading' ? state.before : state.scan;
  if (shown.phase !== 'verdict' || shown.verdict.scanId !== scanId) return { ...state, scan: shown };
  return { ...state, scan: { ...shown, repeats: shown.repeats + 1 } };
}

/** The verdict on the screen, or null: also null while another code is being read. */
export function shownVerdict(state: CounterState): Verdict | null {
  return state.scan.phase === 'verdict' ? state.scan.verdict : null;
}

/** Whether going to the next person would throw away something that cannot be had again: granted data nobody was told about. */
export function wouldLoseWork(state: CounterState): boolean {
  const verdict = shownVerdict(state);
  if (verdict === null || (verdict.state !== 'verified' && verdict.state !== 'data-missing')) return false;
  return state.notified?.scanId !== verdict.scanId;
}
