import type { CounterStore } from './counter-store.ts';

/** Reads a verdict again whose grant the host has just refused as taken back, so that band and page say so, with when it was told. */
export async function learnWithdrawal(store: CounterStore, scanId: string): Promise<void> {
  const shown = await store.call((client) => client.verdict.show({ scanId }));
  if (shown.ok) store.dispatch({ type: 'verdict-replaced', verdict: shown.value });
}
