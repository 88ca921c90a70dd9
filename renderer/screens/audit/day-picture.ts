import type { AuditPicture } from '../../../domain/contracts/audit.ts';
import { isUndecided } from '../../../domain/verdict.ts';
import { stateOfResult } from '../../i18n/audit-words.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const chinaOffsetMs = 8 * hourMs;

/** The day (Asia/Shanghai) that a moment lies in, from its beginning up to that of the next. */
export function dayAround(at: number): { readonly fromAt: number; readonly toAt: number } {
  const fromAt = Math.floor((at + chinaOffsetMs) / dayMs) * dayMs - chinaOffsetMs;
  return { fromAt, toAt: fromAt + dayMs };
}

/** One hour of a day: verdicts that passed, that refused, that decided nothing yet, and everything else that was recorded. */
export interface DayHour {
  readonly hour: number;
  readonly passed: number;
  readonly refused: number;
  readonly waiting: number;
  readonly other: number;
}

/** What is drawn of a day: its 24 hours, the hours without any entry between the first and the last, and its checkpoints as parts of the day. */
export interface DayPicture {
  readonly hours: readonly DayHour[];
  readonly gaps: readonly number[];
  readonly checkpoints: readonly { readonly part: number; readonly size: number; readonly isCountersigned: boolean }[];
}

/** Counts a day's picture. */
export function drawDay(picture: AuditPicture, fromAt: number): DayPicture {
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, passed: 0, refused: 0, waiting: 0, other: 0 }));
  for (const { hourAt, what, entries } of picture.hours) {
    const hour = hours[Math.floor((hourAt - fromAt) / hourMs)];
    if (hour !== undefined) hour[kindOf(what)] += entries;
  }
  const busy = hours.filter((hour) => hour.passed + hour.refused + hour.waiting + hour.other > 0).map(({ hour }) => hour);
  const [first = 24, last = 0] = [busy[0], busy.at(-1)];
  return {
    hours,
    gaps: hours.map(({ hour }) => hour).filter((hour) => hour > first && hour < last && !busy.includes(hour)),
    checkpoints: picture.checkpoints.map(({ signedAt, size, isCountersigned }) => ({ part: (signedAt - fromAt) / dayMs, size, isCountersigned })),
  };
}

function kindOf(what: string): Exclude<keyof DayHour, 'hour'> {
  const state = stateOfResult(what);
  if (state === null) return 'other';
  if (isUndecided(state)) return 'waiting';
  return state === 'verified' ? 'passed' : 'refused';
}
