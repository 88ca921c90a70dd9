import type { CatalogueEntry, Purpose, Scenario } from '../../domain/contracts/sharing.ts';
import { type Refusal, refuse } from '../outcome.ts';
import type { CatalogueType } from './catalogue.table.ts';
import type { ScenarioList } from './scenarios.table.ts';

/** What the platform publishes and holds callers to (delta specification 6, 7.3, 9). */
export interface ScenarioRules {
  catalogue(): CatalogueEntry[];
  /** The lists linked to the calling application. */
  scenarios(): Scenario[];
  /**
   * Whether the matter is linked to the caller and, when a type is named, may ask for it, and the type is shared now
   * (7.3 a, b; 9 c). Null when all is well.
   */
  check(purpose: Pick<Purpose, 'itemCode' | 'itemName'>, certificateType?: string): Refusal | null;
}

/** Rules over the published tables; every counter has the lists that are linked. */
export function createScenarioRules(deps: {
  catalogue: readonly CatalogueType[];
  lists: readonly ScenarioList[];
  now: () => number;
}): ScenarioRules {
  const linked = deps.lists.filter((list) => list.isLinked);
  const byType = new Map<string, CatalogueType>(deps.catalogue.map((entry) => [entry.type, entry]));
  const typesOf = (list: ScenarioList) => (list.types === 'all' ? [...deps.catalogue] : deps.catalogue.filter(({ type }) => list.types.includes(type)));
  return {
    catalogue: () => deps.catalogue.map(printEntry),
    scenarios: () => linked.map((list) => printScenario(list, typesOf(list))),
    check: (purpose, certificateType) => {
      const list = linked.find(({ itemCode }) => itemCode === purpose.itemCode);
      if (list === undefined || list.itemName !== purpose.itemName) return refuse('20');
      if (certificateType === undefined) return null;
      if (!typesOf(list).some(({ type }) => type === certificateType)) return refuse('21');
      const entry = byType.get(certificateType);
      return entry !== undefined && isShared(entry, deps.now()) ? null : refuse('22');
    },
  };
}

function isShared(entry: CatalogueType, now: number): boolean {
  // The last day is included, in Asia/Shanghai.
  return entry.sharedUntil === '' || now < Date.parse(`${entry.sharedUntil}T24:00:00+08:00`);
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
