import { afterAll, beforeAll } from 'vitest';
import type { Platform } from '../../platform/app.ts';
import { enrolCounter, postJson, startPlatform, type TestCounter } from './test-counter.ts';

/** A started platform as the tests hold it. */
export type Running = Awaited<ReturnType<typeof startPlatform>>;

/** A platform of its own for the tests of one `describe`, and a counter enrolled at it; both are there when the first test begins. */
export function usePlatform(): { readonly running: Running; readonly counter: TestCounter } {
  const [running, counter] = [{} as Running, {} as TestCounter];
  beforeAll(async () => {
    Object.assign(running, await startPlatform());
    Object.assign(counter, await enrolCounter(running.platform));
  });
  afterAll(() => running.remove());
  return { running, counter };
}

/** Registers a platform at another, as whoever runs that one does it on its own machine: with what the platform publishes of itself. */
export async function register(at: Platform, other: Platform, changes: object = {}): Promise<number> {
  const { envelopePublicKey, name, platformId, signingKeys } = await other.profile();
  const registration = { platformId, name, signingKeys, route: { url: other.url, envelopePublicKey }, ...changes };
  return (await postJson(`${at.url}/ops/platforms`, registration, { origin: at.url })).status;
}
