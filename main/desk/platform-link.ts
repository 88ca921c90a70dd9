import type { PlatformProfile, SigningKeyList } from '../../domain/contracts/enterprise.ts';
import type { CatalogueEntry, Scenario } from '../../domain/contracts/sharing.ts';
import type { Result } from '../../domain/failure.ts';
import type { KnownPlatform, PlatformKeys } from '../../domain/local-verification.ts';
import type { DeskClock } from './clock.ts';
import { createKeyRefresh } from './key-refresh.ts';
import type { Matters } from './matters.ts';
import { pinPlatformKeys, warmKeys } from './platform-account.ts';

/** The part of a platform's client that keeping in touch needs. */
export interface LinkClient {
  health(): Promise<Result<Heard>>;
  catalogue(): Promise<Result<{ readonly value: readonly CatalogueEntry[] }>>;
  scenarios(): Promise<Result<{ readonly value: readonly Scenario[] }>>;
  signingKeys(heldSequence: number): Promise<Result<SigningKeyList>>;
  close(): void;
}

/** An answer of the platform: its own clock (null: not said), ours when it came, and how long it took. */
export interface Heard {
  readonly serverAt: number | null;
  readonly receivedAt: number;
  readonly roundTripMs: number;
}

/** What the top bar says of the platform. */
export interface LinkState {
  readonly name: string;
  readonly state: 'online' | 'checking' | 'offline' | 'not-enrolled';
  readonly sinceAt: number;
  readonly roundTripMs: number | null;
}

/** The connection to the platform: whom to ask, with which keys, and whether it answers. */
export interface PlatformLink<Client extends LinkClient> {
  state(): LinkState;
  client(): Client | null;
  profile(): PlatformProfile | null;
  keys(): PlatformKeys;
  keysValidUntil(): number | null;
  /** Takes a new enrolment (or the stored one at start). */
  use(profile: PlatformProfile, client: Client): void;
  /** Forgets the client, whose keys nobody is there to use; the platform's own keys stay. */
  rest(): void;
  /** What a query told: an answer, or that none came. */
  heard(answer: { readonly isAnswered: boolean; readonly roundTripMs: number | null; readonly offsetMs: number | null }): void;
  /** Fetches the platform's signing keys now; false when they could not be had, and the ones known so far stay. */
  refreshKeys(): Promise<boolean>;
  /** Asks now: health, and the lists when they are missing or old. */
  refresh(): Promise<void>;
  close(): void;
}

/** What the link needs; `every` starts a repeated task and gives its end. */
export interface PlatformLinkDeps {
  readonly now: () => number;
  readonly clock: DeskClock;
  readonly matters: Matters;
  /** Keeps the profile with the keys as they are now. */
  readonly keepKeys: (profile: PlatformProfile) => Promise<Result<null>>;
  readonly onChanged: () => void;
}

const listsAgeMs = 60 * 60 * 1000;
const notEnrolled = '未登记平台';

/** Creates the link, not enrolled until `use`. */
export function createPlatformLink<Client extends LinkClient>(deps: PlatformLinkDeps): PlatformLink<Client> {
  let profile: PlatformProfile | null = null;
  let client: Client | null = null;
  let keys: PlatformKeys = new Map();
  let state: LinkState = { name: notEnrolled, state: 'not-enrolled', sinceAt: deps.now(), roundTripMs: null };

  const move = (next: LinkState['state'], roundTripMs: number | null): void => {
    const sinceAt = next === state.state ? state.sinceAt : deps.now();
    state = { name: profile?.name ?? notEnrolled, state: next, sinceAt, roundTripMs };
    deps.onChanged();
  };
  const heard: PlatformLink<Client>['heard'] = ({ isAnswered, roundTripMs, offsetMs }) => {
    if (offsetMs !== null && roundTripMs !== null) deps.clock.observe(offsetMs, roundTripMs);
    move(isAnswered ? 'online' : 'offline', roundTripMs);
  };

  const know = (next: PlatformProfile): void => {
    profile = next;
    keys = pinPlatformKeys(next);
    warmKeys(keys);
  };
  const keyRefresh = createKeyRefresh({
    ...{ now: deps.now, profile: () => profile, client: () => client, keep: deps.keepKeys },
    onKept: (next) => {
      know(next);
      deps.onChanged();
    },
  });

  return {
    state: () => state,
    client: () => client,
    profile: () => profile,
    keys: () => keys,
    keysValidUntil: () => latestEnd(keys.get(profile?.platformId ?? '')),
    use: (nextProfile, nextClient) => {
      client?.close();
      client = nextClient;
      know(nextProfile);
      keyRefresh.restart();
      move('checking', null);
    },
    rest: () => {
      client?.close();
      client = null;
    },
    heard,
    refreshKeys: keyRefresh.fetch,
    refresh: async () => {
      if (client === null) return;
      const answer = await client.health();
      heard(answer.ok ? { isAnswered: true, roundTripMs: answer.value.roundTripMs, offsetMs: offsetOf(answer.value) } : silent);
      const { fetchedAt } = deps.matters.catalogue();
      if (answer.ok && keyRefresh.isDue()) await keyRefresh.fetch();
      if (answer.ok && client !== null && (fetchedAt === null || deps.now() - fetchedAt > listsAgeMs)) await refreshLists(deps, client);
    },
    close: () => client?.close(),
  };
}

const silent = { isAnswered: false, roundTripMs: null, offsetMs: null };

/** The platform's time minus ours half-way of the round trip, ms. */
function offsetOf(heard: Heard): number | null {
  return heard.serverAt === null ? null : heard.serverAt - (heard.receivedAt - heard.roundTripMs / 2);
}

async function refreshLists(deps: PlatformLinkDeps, client: LinkClient): Promise<void> {
  const [scenarios, catalogue] = [await client.scenarios(), await client.catalogue()];
  if (!scenarios.ok || !catalogue.ok) return;
  await deps.matters.update({ fetchedAt: deps.now(), entries: catalogue.value.value.length, scenarios: scenarios.value.value });
  deps.onChanged();
}

function latestEnd(own: KnownPlatform | undefined): number | null {
  const ends = (own?.keys ?? []).map((key) => key.notAfter);
  return ends.length === 0 ? null : Math.max(...ends);
}
