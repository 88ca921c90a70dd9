import type { CatalogueEntry, Purpose, Scenario } from '../../domain/contracts/sharing.ts';
import { type Refusal, refuse } from '../outcome.ts';
import type { CatalogueType } from './catalogue.table.ts';

/** What the platform publishes and holds callers to (delta specification 6, 7.3, 9). */
export interface ScenarioRules {
  catalogue(): CatalogueEntry[];
  /** The lists linked to the calling application and usable now, each with the types that are shared now. */
  scenarios(): Scenario[];
  /**
   * Whether the matter is linked to the caller and, when a type is named, may ask for it, and the type is shared now
   * (7.3 a, b; 9 c). Null when all is well.
   */
  check(purpose: Pick<Purpose, 'itemCode' | 'itemName'>, certificateType?: string): Refusal | null;
}

/** A scenario list (用证清单, 6.3): a matter, the types it may ask for, and the days on which it may be used; absent or empty is no limit. */
export interface ScenarioList {
  readonly itemName: string;
  readonly itemCode: string;
  readonly updatedAt: string;
  /** `all` stands for the whole catalogue. */
  readonly types: 'all' | readonly string[];
  /** Lists that are published but linked to no counter: clause 9 c is tested with them. */
  readonly isLinked: boolean;
  readonly usableFrom?: string | undefined;
  readonly usableUntil?: string | undefined;
}

/** Rules over the published tables; every counter has the lists that are linked. */
export function createScenarioRules(deps: {
  catalogue: readonly CatalogueType[];
  lists: readonly ScenarioList[];
  now: () => number;
}): ScenarioRules {
  const linked = deps.lists.filter((list) => list.isLinked);
  const byType = new Map<string, CatalogueType>(deps.catalogue.map((entry) => [entry.type, entry]));
  const typesOf = ({ types }: ScenarioList) => deps.catalogue.filter(({ type }) => types === 'all' || types.some((one) => one === type));
  const shared = (types: readonly CatalogueType[]) => types.filter((entry) => isWithin(deps.now(), entry.sharedFrom, entry.sharedUntil));
  const usable = () => linked.filter(({ usableFrom = '', usableUntil = '' }) => isWithin(deps.now(), usableFrom, usableUntil));
  return {
    catalogue: () => shared(deps.catalogue).map(printEntry),
    scenarios: () => usable().map((list) => printScenario(list, shared(typesOf(list)))),
    check: (purpose, certificateType) => {
      const list = usable().find(({ itemCode }) => itemCode === purpose.itemCode);
      if (list === undefined || list.itemName !== purpose.itemName) return refuse('20');
      if (certificateType === undefined) return null;
      if (!typesOf(list).some(({ type }) => type === certificateType)) return refuse('21');
      const entry = byType.get(certificateType);
      return entry !== undefined && shared([entry]).length > 0 ? null : refuse('22');
    },
  };
}

/** First and last day are included, in Asia/Shanghai; an empty one is no limit. */
function isWithin(now: number, from: string, until: string): boolean {
  return (from === '' || now >= Date.parse(`${from}T00:00:00+08:00`)) && (until === '' || now < Date.parse(`${until}T24:00:00+08:00`));
}

function printEntry(entry: CatalogueType): CatalogueEntry {
  return {
    certificateType: entry.type,
    certificateTypeCode: entry.typeCode,
    updateTime: entry.updatedAt,
    certificateDefineAuthorityName: entry.authorityName,
    certificateDefineAuthorityCode: entry.authorityCode,
    relatedItemName: entry.relatedItemName,
    relatedItemCode: entry.relatedItemCode,
  };
}

function printScenario(list: ScenarioList, types: readonly CatalogueType[]): Scenario {
  return {
    itemName: list.itemName,
    itemCode: list.itemCode,
    updateTime: list.updatedAt,
    dataList: types.map(({ type, typeCode }) => ({ certificateType: type, certificateTypeCode: typeCode })),
  };
}
