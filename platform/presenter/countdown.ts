import { useEffect, useState } from 'react';
import type { ShownCode } from './presenter-api.ts';

/** Seconds that a code still has, never negative, and the part of its life that is left (1 to 0). */
export interface Remaining {
  readonly seconds: number;
  readonly part: number;
}

/** When an answer arrived, on both clocks of the page. */
export interface Arrival {
  readonly wall: number;
  readonly monotonic: number;
}

/** Reads both clocks. */
export function markArrival(): Arrival {
  return { wall: Date.now(), monotonic: performance.now() };
}

/**
 * What is left of a code by the platform's clock. The monotonic clock stands still while a phone sleeps and the wall clock
 * may be set: of the two the one that has run further counts, so that a dead code is never shown as living.
 */
export function remainingOf(code: ShownCode, arrival: Arrival, now: Arrival): Remaining {
  const elapsed = Math.max(now.wall - arrival.wall, now.monotonic - arrival.monotonic);
  const left = Date.parse(code.expiresAt) - Date.parse(code.now) - elapsed;
  const life = Date.parse(code.expiresAt) - Date.parse(code.mintedAt);
  return { seconds: Math.max(0, Math.ceil(left / 1000)), part: Math.min(1, Math.max(0, left / life)) };
}

/** Follows `remainingOf` four times a second, until it is over. */
export function useRemaining(code: ShownCode, arrival: Arrival): Remaining {
  const [now, setNow] = useState(markArrival);
  const remaining = remainingOf(code, arrival, now);
  const isOver = remaining.seconds === 0;
  useEffect(() => {
    if (isOver) return undefined;
    const timer = setInterval(() => setNow(markArrival()), 250);
    return () => clearInterval(timer);
  }, [isOver]);
  return remaining;
}

/** mm:ss with tabular digits. */
export function printClock(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}
