import { decodeUtf8, encodeUtf8 } from '../domain/crypto/utf8.ts';
import { isJsonObject, parseJson } from '../domain/json.ts';
import type { Journal } from './desk/journal.ts';
import type { Store } from './store/store.ts';
import { createTrustedClock, type KeptTime, type TrustedClock } from './time/trusted-clock.ts';

const name = 'trusted-time';

/** Opens trusted time on what the run before kept; jumps of the wall clock become audit entries. */
export async function openTrustedClock(deps: { readonly now: () => number; readonly monotonic: () => number; readonly store: Store; readonly record: Journal['record'] }): Promise<TrustedClock> {
  const { now, monotonic, store, record } = deps;
  return createTrustedClock({
    ...{ now, monotonic },
    kept: await readKeptTime(store),
    keep: (time) => void keepTime(store, time),
    onEvent: ({ kind, byMs }) => void record({ type: `clock.${kind}`, result: `${Math.round(byMs / 1000)} s`, ref: 'wall' }),
  });
}

/** What our clock is off by the last comparison; a wrong one is not corrected but said to be uncertain. */
export function correctionOf(clock: Pick<TrustedClock, 'state' | 'forChecks'>): { readonly offsetMs: number; readonly uncertaintyMs: number } {
  const { state, offsetMs, uncertaintyMs } = clock.state();
  return state === 'synchronised' ? { offsetMs, uncertaintyMs } : clock.forChecks();
}

/** The last comparison of the clocks in the run before, sealed in the store; null when there is none. */
async function readKeptTime(store: Store): Promise<KeptTime | null> {
  const kept = await store.setting({ name });
  const value = kept.ok && kept.value !== null ? parseJson(decodeUtf8(kept.value) ?? '', { maxLength: 1000, maxDepth: 1 }) : null;
  if (!isJsonObject(value)) return null;
  // What was kept before there was a source was always a platform's.
  const { serverAt, wallAt, uncertaintyMs, highWaterAt, source = 'platform' } = value;
  const isWhole = [serverAt, wallAt, uncertaintyMs, highWaterAt].every((part) => typeof part === 'number' && Number.isFinite(part));
  return isWhole && (source === 'platform' || source === 'people') ? ({ serverAt, wallAt, uncertaintyMs, highWaterAt, source } as KeptTime) : null;
}

/** Keeps a comparison for the next run; one that cannot be written only makes that run less sure. */
async function keepTime(store: Store, time: KeptTime): Promise<void> {
  await store.cache({ name, value: encodeUtf8(JSON.stringify(time)) });
}
