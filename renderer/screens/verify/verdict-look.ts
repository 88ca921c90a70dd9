import type { TFunction } from 'i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import type { VerdictState } from '../../../domain/verdict.ts';
import type { IconName } from '../../components/icon.table.ts';
import { printClock, printClockDifference, printDuration } from '../../i18n/durations.ts';
import { printVerdictKind } from '../../i18n/kind-name.ts';
import { findGrantEnd } from './grant-end.ts';

/** The colour family of a state: band, soft ground and text follow from it. */
export type Tone = 'verified' | 'refused' | 'caution' | 'unknown' | 'person' | 'ended';

interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
  /** Whether the granted data are shown below the band. */
  readonly showsData: boolean;
  /** Whether F5 can mend it. */
  readonly retries: boolean;
  /** Whether the window goes on by itself, so that nothing needs to be pressed. */
  readonly waits: boolean;
}

const look = (tone: Tone, icon: IconName, more: { showsData?: boolean; retries?: boolean; waits?: boolean } = {}): StateLook => ({
  tone,
  icon,
  showsData: more.showsData ?? false,
  retries: more.retries ?? false,
  waits: more.waits ?? false,
});

/** How each state looks: a state without a look does not compile. */
export const stateLooks = {
  verified: look('verified', 'check-circle', { showsData: true }),
  provisional: look('caution', 'clock', { retries: true }),
  expired: look('refused', 'hourglass'),
  'already-used': look('refused', 'again'),
  'signature-invalid': look('refused', 'cross-circle'),
  malformed: look('unknown', 'broken-code'),
  'not-a-service-code': look('unknown', 'question'),
  'platform-unknown': look('unknown', 'link'),
  'out-of-scope': look('caution', 'lock'),
  'second-authentication': look('person', 'person', { retries: true, waits: true }),
  'not-confirmed': look('refused', 'person'),
  withdrawn: look('refused', 'stop'),
  'key-ended': look('refused', 'cross-circle'),
  'key-unknown': look('caution', 'plug'),
  'data-missing': look('caution', 'document-clock', { retries: true }),
  'platform-down': look('caution', 'plug', { retries: true }),
  'refused-by-platform': look('refused', 'stop'),
  'clock-wrong': look('caution', 'clock'),
} as const satisfies Record<VerdictState, StateLook>;

/** How a verified result looks once nothing more may be had with it: over in time is no refusal and no pass; taken back must be obeyed at once. */
export const endLooks = {
  ended: look('ended', 'clock', { showsData: true }),
  withdrawn: look('refused', 'stop', { showsData: true }),
} as const;

/** The two lines of the band beside the word; the second may be empty. */
export function bandLines(verdict: Verdict, now: number, t: TFunction): readonly [string, string] {
  const state = t(`state.${verdict.state}.line`);
  const cause = verdict.supportCode === null ? '' : t(`support.${verdict.supportCode}`);
  switch (verdict.state) {
    case 'verified':
      return [verdict.subject?.name ?? state, endLine(verdict, now, t) ?? grantLine(verdict, t)];
    case 'provisional':
      return [state, t('state.provisional.action')];
    case 'expired':
      return [state, verdict.expiresAt === null ? cause : expiryLine(verdict.expiresAt, now, t)];
    case 'already-used':
      return [state, verdict.usedAt === null ? cause : t('verdict.usedAt', { time: printClock(verdict.usedAt) })];
    case 'not-a-service-code':
      return [t('verdict.isKind', { kind: printVerdictKind(verdict, t) }), state];
    case 'platform-unknown':
      return [platformLine(verdict, t), cause];
    case 'out-of-scope':
      return verdict.supportCode === 'E-SCOPE-02' && verdict.grantee !== null
        ? [cause, t('verdict.granteeIs', { grantee: verdict.grantee })]
        : [cause || state, verdict.subject?.name ?? ''];
    case 'data-missing':
      return [state, t('verdict.noData', { name: verdict.subject?.name ?? '' })];
    case 'not-confirmed':
      return [cause || state, state];
    case 'second-authentication':
      return [state, verdict.subject?.name ?? ''];
    case 'clock-wrong':
      return [clockLine(verdict, t), cause];
    default:
      return [state, cause === state ? '' : cause];
  }
}

/** How the grant of a verified result ended, when and by whose word; null while it lasts. */
function endLine(verdict: Verdict, now: number, t: TFunction): string | null {
  const end = findGrantEnd(verdict, now);
  if (end === null) return null;
  return t(`verdict.${end}.line`, { time: printClock((end === 'withdrawn' ? verdict.withdrawnAt : verdict.expiresAt) ?? now) });
}

function grantLine(verdict: Verdict, t: TFunction): string {
  const to = verdict.grantee === null ? t('verdict.grantedToAnyone') : t('verdict.grantedTo', { grantee: verdict.grantee });
  return `${to} · ${verdict.oneTime ? t('verdict.onceOnly') : t('verdict.repeatable')}`;
}

function expiryLine(expiresAt: number, now: number, t: TFunction): string {
  return t('verdict.expiredAt', { time: printClock(expiresAt), duration: printDuration(now - expiresAt, t) });
}

function platformLine(verdict: Verdict, t: TFunction): string {
  const id = verdict.platform?.id ?? '';
  return verdict.supportCode === 'E-SIG-02' ? t('verdict.platformNoKey', { id }) : t('verdict.platformId', { id });
}

function clockLine(verdict: Verdict, t: TFunction): string {
  if (verdict.clockOffsetMs === null) return t('state.clock-wrong.line');
  return t('verdict.clockOff', { difference: printClockDifference(verdict.clockOffsetMs, t) });
}
