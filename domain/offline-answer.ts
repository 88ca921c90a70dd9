import { offlineVerdicts } from './contracts/enterprise.ts';

/**
 * What became of a verdict that was reached without the platform: its word when the record was handed in; `online` when the same code in the same
 * case was asked online first; `conflict` when it has another record under that number, so that nothing was judged.
 */
export const offlineAnswers = [...offlineVerdicts, 'online', 'conflict'] as const;
export type OfflineAnswer = (typeof offlineAnswers)[number];

/** The answers that need nobody's attention. */
export const goodOfflineAnswers: readonly OfflineAnswer[] = ['confirmed', 'online'];
