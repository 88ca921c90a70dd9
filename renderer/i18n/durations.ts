import type { TFunction } from 'i18next';

const pad = (n: number): string => String(n).padStart(2, '0');

const chinaOffsetMs = 8 * 60 * 60 * 1000;

/** `YYYY-MM-DD HH:mm:ss` in Asia/Shanghai, the zone of consent records, case numbers and watermarks, whatever the machine is set to. */
export function printDayClock(at: number): string {
  return new Date(at + chinaOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** `YYYY-MM-DD` in Asia/Shanghai. */
export function printDay(at: number): string {
  return printDayClock(at).slice(0, 10);
}

/** `HH:mm:ss` in Asia/Shanghai. */
export function printClock(at: number): string {
  return printDayClock(at).slice(11);
}

/** `HH:mm` in Asia/Shanghai. */
export function printHourMinute(at: number): string {
  return printClock(at).slice(0, 5);
}

/** `mm:ss` of what remains, never negative; a begun second counts as whole. */
export function printCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

/** `m:ss` of what has passed, for a narrow column. */
export function printPassed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
}

/** A length of time in words: seconds below a minute, minutes and seconds below an hour, then hours, then days. */
export function printDuration(ms: number, t: TFunction): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t('duration.seconds', { s: seconds });
  if (seconds < 3600) return t('duration.minutes', { m: Math.floor(seconds / 60), s: seconds % 60 });
  if (seconds < 86_400) return t('duration.hours', { h: Math.floor(seconds / 3600), m: Math.floor(seconds / 60) % 60 });
  return t('duration.days', { d: Math.floor(seconds / 86_400) });
}

/** How far this machine's clock is off, as a person would say it: `offsetMs` is the platform's time minus ours, so that a positive one is a slow clock. */
export function printClockDifference(offsetMs: number, t: TFunction): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  const [d, h, m, s] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const length = d > 0 ? t('duration.daysHours', { d, h, m }) : h > 0 ? t('duration.hoursWhole', { h, m, s }) : m > 0 ? t('duration.minutes', { m, s }) : t('duration.seconds', { s });
  return t(offsetMs < 0 ? 'duration.fast' : 'duration.slow', { length });
}

/** An age in one unit: how old a catalogue is. */
export function printAge(ms: number, t: TFunction): string {
  const minutes = Math.floor(Math.max(0, ms) / 60_000);
  if (minutes < 1) return t('duration.just');
  if (minutes < 60) return t('duration.minutesOnly', { m: minutes });
  if (minutes < 48 * 60) return t('duration.hoursOnly', { h: Math.floor(minutes / 60) });
  return t('duration.days', { d: Math.floor(minutes / 1440) });
}

/** How long a verdict took: two digits that matter (`0.41 秒`), milliseconds below 10 ms. */
export function printElapsed(ms: number, t: TFunction): string {
  if (ms < 10) return t('duration.ms', { ms: Math.round(ms) });
  return t('duration.seconds', { s: ms < 10_000 ? (ms / 1000).toFixed(2) : String(Math.round(ms / 1000)) });
}
