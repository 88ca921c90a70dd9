import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { parseJson } from '../../domain/json.ts';
import { printChinaTime } from '../../domain/time.ts';
import type { Storage } from '../storage/database.ts';
import { catalogueTypes } from './catalogue.table.ts';
import { createScenarioRules, type ScenarioRules } from './scenario-rules.ts';
import { scenarioLists } from './scenarios.table.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const day = v.pipe(v.string(), v.regex(/^([0-9]{4}-[0-9]{2}-[0-9]{2})?$/));

/** Catalogue and scenario lists as they are published together (delta specification 6.2, 6.3); an empty last day is long-term. */
export const ListsSchema = v.object({
  catalogue: v.pipe(
    v.array(
      v.object({
        ...{ type: text, typeCode: text, authorityName: text, authorityCode: text, relatedItemName: text, relatedItemCode: text },
        ...{ sharedFrom: day, sharedUntil: day, updatedAt: v.optional(text, ''), firstPublishedAt: v.optional(text) },
      }),
    ),
    v.minLength(1),
  ),
  scenarios: v.array(
    v.object({
      ...{ itemName: text, itemCode: text, types: v.union([v.literal('all'), v.pipe(v.array(text), v.minLength(1))]), isLinked: v.boolean() },
      ...{ usableFrom: v.optional(day), usableUntil: v.optional(day), updatedAt: v.optional(text, ''), firstPublishedAt: v.optional(text) },
    }),
  ),
});
/** What is published. */
export type Lists = v.InferOutput<typeof ListsSchema>;

/** Reads lists from the text of a file; throws a sentence that names the place that is wrong. */
export function readLists(json: string): Lists {
  const read = v.safeParse(ListsSchema, parseJson(json, { maxLength: 4 * 1024 * 1024 }));
  if (!read.success) throw new Error(`no lists: ${v.getDotPath(read.issues[0]) ?? 'not JSON'}`);
  return read.output;
}

/** The lists in force: our own, or those of another platform that are passed on (6.1 b). */
export interface ListsInForce {
  readonly rules: ScenarioRules;
  readonly version: number;
  readonly lists: Lists;
  /** The six digits of the platform that publishes them; null for our own. */
  readonly originId: string | null;
}

/** The lists in force, the same for every process of the platform from the moment that a version is published (6.1, 9). */
export interface PublishedLists {
  /** The newest version. */
  read(): Promise<ListsInForce>;
  /**
   * Puts a new version in force; entries that changed get its time. Throws a sentence for lists that contradict themselves,
   * and where another platform's are passed on: all go by the one that publishes (9).
   */
  publish(lists: Lists): Promise<number>;
}

/** Version 0 is the one that the platform comes with. */
const firstLists: Lists = v.parse(ListsSchema, { catalogue: catalogueTypes, scenarios: scenarioLists });

/** Lists kept in the storage; what another process published counts from the next request on. */
export function createPublishedLists(deps: { readonly storage: Storage; readonly now: () => number }): PublishedLists {
  const { now, storage } = deps;
  const toForce = ({ lists, ...which }: Omit<ListsInForce, 'rules'>): ListsInForce => ({ ...which, lists, rules: createScenarioRules({ catalogue: lists.catalogue, lists: lists.scenarios, now }) });
  const kept = { inForce: toForce({ version: 0, originId: null, lists: firstLists }) };
  const read = async () => {
    const newest = await findNewest(storage);
    if (newest.version === kept.inForce.version && newest.originId === kept.inForce.originId) return kept.inForce;
    kept.inForce = toForce({ ...newest, lists: await readNewest(storage, newest) });
    return kept.inForce;
  };
  return {
    read,
    publish: async (lists) => {
      const wrong = findContradiction(lists);
      if (wrong !== null) throw new Error(wrong);
      const { lists: before, originId, version } = await read();
      if (originId !== null) throw new Error(`the lists are those of platform ${originId}: they are published there`);
      const at = printChinaTime(now()).replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3 $4:$5:$6');
      const dated = { catalogue: date(lists.catalogue, before.catalogue, at, 'typeCode'), scenarios: date(lists.scenarios, before.scenarios, at, 'itemCode') };
      // Two who publish at once: the version is the primary key, and the second is told.
      await storage.write((work) => work.insertInto('published_lists').values({ version: version + 1, lists: JSON.stringify(dated), published_at: now() }).execute());
      return version + 1;
    },
  };
}

type Newest = Pick<ListsInForce, 'version' | 'originId'>;

async function findNewest({ db }: Storage): Promise<Newest> {
  const source = await db.selectFrom('list_source').select('origin_id').executeTakeFirst();
  const originId = source?.origin_id ?? null;
  const newest =
    originId === null
      ? await db.selectFrom('published_lists').select('version').orderBy('version', 'desc').limit(1).executeTakeFirst()
      : await db.selectFrom('forwarded_lists').select('version').where('origin_id', '=', originId).orderBy('version', 'desc').limit(1).executeTakeFirst();
  return { originId, version: newest?.version ?? 0 };
}

async function readNewest({ db }: Storage, { originId, version }: Newest): Promise<Lists> {
  if (originId !== null) {
    const row = await db.selectFrom('forwarded_lists').select('list').where('origin_id', '=', originId).where('version', '=', version).executeTakeFirstOrThrow();
    return v.parse(v.object({ lists: ListsSchema }), JSON.parse(row.list)).lists;
  }
  if (version === 0) return firstLists;
  const row = await db.selectFrom('published_lists').select('lists').where('version', '=', version).executeTakeFirstOrThrow();
  return v.parse(ListsSchema, JSON.parse(row.lists));
}

/** What contradicts itself in the lists, as a sentence; null when nothing does. */
export function findContradiction({ catalogue, scenarios }: Lists): string | null {
  const types = new Set(catalogue.map(({ type }) => type));
  if (types.size !== catalogue.length || new Set(catalogue.map(({ typeCode }) => typeCode)).size !== catalogue.length) return 'a type is in the catalogue twice';
  if (new Set(scenarios.map(({ itemCode }) => itemCode)).size !== scenarios.length) return 'a scenario is there twice';
  const late = [...catalogue.map((entry) => [entry.sharedFrom, entry.sharedUntil, entry.type]), ...scenarios.map((list) => [list.usableFrom ?? '', list.usableUntil ?? '', list.itemName])];
  const wrong = late.find(([from = '', until = '']) => from !== '' && until !== '' && from > until);
  if (wrong !== undefined) return `${wrong[2] ?? ''} ends before it begins`;
  const strange = scenarios.flatMap((list) => (list.types === 'all' ? [] : list.types)).find((type) => !types.has(type));
  return strange === undefined ? null : `${strange} is not in the catalogue`;
}

interface Dated {
  readonly updatedAt: string;
  readonly firstPublishedAt?: string | undefined;
}

/** 6.2 b, 6.3 c: when an entry was published first, and when it changed last. */
function date<Entry extends Dated>(entries: readonly Entry[], before: readonly Entry[], at: string, key: keyof Entry): Entry[] {
  const plain = (entry: Entry) => ({ ...entry, updatedAt: '', firstPublishedAt: undefined });
  return entries.map((entry) => {
    const known = before.find((one) => one[key] === entry[key]);
    if (known === undefined) return { ...entry, updatedAt: at, firstPublishedAt: at };
    return { ...entry, firstPublishedAt: known.firstPublishedAt ?? known.updatedAt, updatedAt: isDeepStrictEqual(plain(known), plain(entry)) ? known.updatedAt : at };
  });
}
