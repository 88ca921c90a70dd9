import type { Matter } from '../../domain/contracts/counter.ts';
import type { Scenario } from '../../domain/contracts/sharing.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { Result } from '../../domain/failure.ts';

/** What the store must be able to do for the matters: keep one list, and say which were used last. */
export interface MatterStore {
  setting(input: { readonly name: string }): Promise<Result<Uint8Array | null>>;
  cache(input: { readonly name: string; readonly value: Uint8Array }): Promise<Result<null>>;
  recentMatters(input: { readonly limit: number }): Promise<Result<readonly string[]>>;
}

/** The catalogue as last fetched: scenario lists (YD 6.3) and how many certificate types there are. */
export interface Catalogue {
  readonly fetchedAt: number | null;
  readonly entries: number;
  readonly scenarios: readonly Scenario[];
}

/** The matters that may be done at this counter, newest first among those used; works from the cache without a network. */
export interface Matters {
  catalogue(): Catalogue;
  list(): Promise<Result<readonly Matter[]>>;
  find(itemCode: string): Matter | null;
  /** Takes what was fetched and keeps it. */
  update(catalogue: Catalogue): Promise<Result<null>>;
}

const settingName = 'catalogue';
const recentCount = 5;

/** Opens the matters from the store's cache. */
export async function openMatters(deps: { readonly store: MatterStore }): Promise<Result<Matters>> {
  const cached = await deps.store.setting({ name: settingName });
  if (!cached.ok) return cached;
  let catalogue = readCatalogue(cached.value);
  const value: Matters = {
    catalogue: () => catalogue,
    list: async () => {
      const recent = await deps.store.recentMatters({ limit: recentCount });
      if (!recent.ok) return recent;
      const rank = (itemCode: string): number => (recent.value.indexOf(itemCode) + recentCount + 1) % (recentCount + 1);
      const matters = catalogue.scenarios.map((scenario) => describeMatter(scenario, recent.value.includes(scenario.itemCode)));
      return { ok: true, value: matters.toSorted((a, b) => rank(a.itemCode) - rank(b.itemCode)) };
    },
    find: (itemCode) => {
      const scenario = catalogue.scenarios.find((one) => one.itemCode === itemCode);
      return scenario === undefined ? null : describeMatter(scenario, false);
    },
    update: async (fetched) => {
      const kept = await deps.store.cache({ name: settingName, value: encodeUtf8(JSON.stringify(fetched)) });
      if (kept.ok) catalogue = fetched;
      return kept;
    },
  };
  return { ok: true, value };
}

function describeMatter(scenario: Scenario, recent: boolean): Matter {
  const { itemCode, itemName } = scenario;
  return {
    itemCode,
    itemName,
    // The lists name no purposes (YD 12.1.4): the usual ones of any matter, to be chosen or overwritten.
    purposes: [`办理${itemName}`, `核验${itemName}申请人主体资格`, `复核${itemName}申请材料`],
    certificateTypes: scenario.dataList.map((entry) => entry.certificateType),
    recent,
  };
}

// Written by `update` and sealed by the store: what opens is what was written.
function readCatalogue(bytes: Uint8Array | null): Catalogue {
  const text = bytes === null ? null : decodeUtf8(bytes);
  return text === null ? { fetchedAt: null, entries: 0, scenarios: [] } : (JSON.parse(text) as Catalogue);
}
