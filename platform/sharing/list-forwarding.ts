import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { pinSm2PublicKey, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { askPlatform, servePlatforms, type ServingDeps } from '../routing/platform-channel.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { PublishedLists } from './published-lists.ts';
import { isAhead, readSignedLists, type SignedLists, SignedListsSchema, signLists } from './signed-lists.ts';

/** Where a registered platform fetches the lists that this one publishes or passes on (delta specification 6.1 a, b). */
export const listsPath = '/route/lists';

const AskedSchema = v.object({ originId: v.pipe(v.string(), v.regex(/^[0-9]{6}$/)) });
const AnsweredSchema = v.object({ signed: v.nullable(SignedListsSchema) });

/** Whose lists are passed on, and at which platform they are fetched: their own, or one that passes them on itself. */
export interface ListSource {
  readonly originId: string;
  readonly fromId: string;
}

/**
 * How fetching went. `taken`: a newer version is in force. `same`: no newer one. Refused, with what is held still in force: `older`;
 * `ahead`, a number or a date that cannot be yet; `changed`, another text under the same number; `forged`, not signed by the registered key; `malformed`. `nothing`: it has published none.
 */
export type Fetched = 'taken' | 'same' | 'older' | 'ahead' | 'changed' | 'forged' | 'malformed' | 'nothing' | 'silent' | 'unregistered';

/** The lists of another platform, passed on as it signed them (6.1 b, 9). */
export interface ListForwarding {
  /** Fetches, and from then on passes on; false where there is nothing to be put in force, and all stays as it was. */
  follow(source: ListSource): Promise<boolean>;
  /** Its own lists are in force again. */
  unfollow(): Promise<void>;
  /** Fetches anew where another platform's lists are passed on. */
  refresh(): Promise<void>;
  /** Null: it publishes its own. */
  state(): Promise<(ListSource & { readonly askedAt: number; readonly outcome: Fetched }) | null>;
  /** The newest version of the platform `originId`: signed now where it is ours, else as it came; null where it is neither. */
  signed(originId: string): Promise<SignedLists | null>;
}

interface ForwardingDeps extends ServingDeps {
  readonly storage: Storage;
  readonly lists: Pick<PublishedLists, 'read'>;
}

/** Forwarding between platforms that are registered with one another. */
export function createListForwarding(deps: ForwardingDeps): ListForwarding {
  const { storage } = deps;
  const readSource = () => storage.db.selectFrom('list_source').selectAll().executeTakeFirst();
  const follow = async (source: ListSource) => {
    const outcome = await fetchLists(deps, source);
    const isInForce = outcome === 'taken' || outcome === 'same';
    await storage.write(async (work) => {
      const before = await work.selectFrom('list_source').selectAll().executeTakeFirst();
      const isFollowed = before?.origin_id === source.originId && before.from_id === source.fromId;
      if (isInForce || isFollowed) await writeSource(work, { ...source, askedAt: deps.now(), outcome });
    });
    return isInForce;
  };
  return {
    follow,
    unfollow: async () => void (await storage.write((work) => work.deleteFrom('list_source').execute())),
    refresh: async () => {
      const row = await readSource();
      if (row !== undefined) await follow({ originId: row.origin_id, fromId: row.from_id });
    },
    state: async () => {
      const row = await readSource();
      return row === undefined ? null : { originId: row.origin_id, fromId: row.from_id, askedAt: row.asked_at, outcome: row.outcome as Fetched };
    },
    signed: async (originId) => findSigned(deps, originId),
  };
}

/** Answers registered platforms that ask for lists. */
export function serveLists(http: FastifyInstance, deps: ServingDeps, forwarding: Pick<ListForwarding, 'signed'>): void {
  servePlatforms(http, deps, { path: listsPath, schema: AskedSchema, answer: async (_from, { originId }) => ({ signed: await forwarding.signed(originId) }) });
}

async function fetchLists(deps: ForwardingDeps, { fromId, originId }: ListSource): Promise<Fetched> {
  const [from, origin] = [await deps.find(fromId), await deps.find(originId)];
  const signer = origin === null ? null : pinSm2PublicKey(origin.envelopePublicKey);
  if (from === null || signer === null) return 'unregistered';
  const answered = await askPlatform(deps, from, { path: listsPath, asked: { originId }, schema: AnsweredSchema });
  if (answered === null) return 'silent';
  const { signed } = answered;
  if (signed === null) return 'nothing';
  const read = readSignedLists(signed, { platformId: originId, signer });
  if (!read.ok) return read.failure.code === 'remote/forged' ? 'forged' : 'malformed';
  if (isAhead(read.value, deps.now())) return 'ahead';
  const { version } = read.value;
  return deps.storage.write((work) => keep(work, { originId, version, receivedAt: deps.now(), ...signed }));
}

async function keep(work: Work, { list, originId, receivedAt, signature, version }: SignedLists & { readonly originId: string; readonly version: number; readonly receivedAt: number }): Promise<Fetched> {
  const held = await work.selectFrom('forwarded_lists').select(['version', 'list']).where('origin_id', '=', originId).orderBy('version', 'desc').limit(1).executeTakeFirst();
  if (held !== undefined && version < held.version) return 'older';
  if (held?.version === version) {
    if (held.list !== list) return 'changed';
    // Its publisher may sign with another key meanwhile, and those who fetch here check by that one.
    await work.updateTable('forwarded_lists').set({ signature }).where('origin_id', '=', originId).where('version', '=', version).execute();
    return 'same';
  }
  await work.insertInto('forwarded_lists').values({ origin_id: originId, version, list, signature, received_at: receivedAt }).execute();
  return 'taken';
}

const onlyPlace = 'lists';

async function writeSource(work: Work, { askedAt, fromId, originId, outcome }: ListSource & { readonly askedAt: number; readonly outcome: Fetched }): Promise<void> {
  const said = { origin_id: originId, from_id: fromId, asked_at: askedAt, outcome };
  await work
    .insertInto('list_source')
    .values({ place: onlyPlace, ...said })
    .onConflict((conflict) => conflict.column('place').doUpdateSet(said))
    .execute();
}

async function findSigned(deps: ForwardingDeps, originId: string): Promise<SignedLists | null> {
  const { envelope, ownId, random, storage } = deps;
  const inForce = await deps.lists.read();
  if ((inForce.originId ?? ownId) !== originId) return null;
  if (inForce.originId !== null) {
    const row = await storage.db.selectFrom('forwarded_lists').select(['list', 'signature']).where('origin_id', '=', originId).where('version', '=', inForce.version).executeTakeFirst();
    return row ?? null;
  }
  // What the program comes with is no publication: its text changes with the program, under the same number.
  const own = await storage.db.selectFrom('published_lists').select('published_at').where('version', '=', inForce.version).executeTakeFirst();
  if (own === undefined) return null;
  const { lists, version } = inForce;
  return signLists({ platformId: ownId, version, publishedAt: own.published_at, lists }, (message) => signSm2({ privateKey: envelope.privateKey, message, id: sm2DefaultId, random }));
}
