import { offlineVerdicts } from './contracts/enterprise.ts';

/**
 * What keeps one record from being handed in while the rest go on: `refused`, the platform takes others but not this one (its status is the
 * cause); `unreadable`, what was kept does not open any more (`damaged`, or `erased` with its key). It stays where it is until somebody acts.
 */
export const setApartAnswers = ['refused', 'unreadable'] as const;

/**
 * What became of a verdict that was reached without the platform: its word when the record was handed in; `online` when the same code in the same
 * case was asked online first; `conflict` when it has another record under that number, so that nothing was judged; or why it is set apart.
 */
export const offlineAnswers = [...offlineVerdicts, 'online', 'conflict', ...setApartAnswers] as const;
export type OfflineAnswer = (typeof offlineAnswers)[number];

/** The answers that need nobody's attention. */
export const goodOfflineAnswers: readonly OfflineAnswer[] = ['confirmed', 'online'];

/** Whether a record is set apart: not handed in, and not forgotten. */
export function isSetApart(answer: string | null): boolean {
  return (setApartAnswers as readonly (string | null)[]).includes(answer);
}
