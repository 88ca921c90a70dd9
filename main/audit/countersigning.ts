import { isCountersigned, printKeptCountersignature } from '../../domain/audit-countersignature.ts';
import { parseCheckpoint, type SignedCheckpoint } from '../../domain/audit-checkpoint.ts';
import type { CheckpointReply, CheckpointSubmit, Countersigned } from '../../domain/contracts/evidence.ts';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { leafHash, proveConsistency } from '../../domain/merkle-tree.ts';

interface Checkpoint extends SignedCheckpoint {
  readonly gen: number;
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

/** What countersigning reads and writes of the log. */
export interface CountersigningStore {
  auditIdentity(input: null): Promise<Result<{ readonly publicKey: Uint8Array; readonly gen: number; readonly seed: Uint8Array | null }>>;
  /** The newest checkpoint, the newest that was countersigned, and how many entries wait since that. */
  countersigning(input: null): Promise<Result<{ readonly newest: Checkpoint | null; readonly last: Checkpoint | null; readonly waiting: number }>>;
  checkpoints(input: { readonly afterSize: number; readonly limit: number }): Promise<Result<readonly Checkpoint[]>>;
  chain(input: { readonly fromSeq: number; readonly limit: number }): Promise<Result<readonly { readonly seq: number; readonly hash: string }[]>>;
  countersigned(input: { readonly gen: number; readonly size: number; readonly countersigned: string }): Promise<Result<null>>;
  seedHandedOver(input: { readonly gen: number }): Promise<Result<null>>;
}

/** What countersigning needs; `platformKeys` are those that the platform is known to sign with at a time (epoch ms), 04 ‖ x ‖ y in lower-case hex. */
export interface CountersigningDeps {
  readonly store: CountersigningStore;
  readonly submit: (request: CheckpointSubmit) => Promise<Result<CheckpointReply>>;
  readonly platformKeys: (at: number) => readonly string[];
}

/** What came of it: what the centre has is this log's past (`good`), or not. */
export type CountersigningOutcome = 'good' | 'behind' | 'rewritten' | 'other-key';

/**
 * Hands the newest checkpoint to the audit centre, proves that it goes on from the last one there, and keeps the
 * countersignature; with the first of a generation goes its first MAC key, which is then forgotten here. Asked again with nothing new it
 * still asks: a copied-back log is found so at the first contact.
 */
export async function countersign(deps: CountersigningDeps): Promise<Result<CountersigningOutcome>> {
  const [state, identity] = [await deps.store.countersigning(null), await deps.store.auditIdentity(null)];
  if (!state.ok) return state;
  if (!identity.ok) return identity;
  const { newest } = state.value;
  if (newest === null) return ok('good');
  const { publicKey, gen, seed } = identity.value;
  const offered = { publicKey: encodeHex(publicKey), ...(seed === null || newest.gen !== gen ? {} : { seed: encodeHex(seed) }) };
  let from: Checkpoint | null = state.value.last;
  // Twice at most: the centre may have taken one whose answer was lost on the way.
  for (const isLast of [false, true]) {
    const request = await prepare(deps, { newest, from, offered });
    if (!request.ok) return request;
    const reply = await deps.submit(request.value);
    if (!reply.ok) return reply;
    const { answer, kept } = reply.value;
    if (!isTheirs(deps, kept)) return fail('remote/forged', 'countersignature');
    if (answer === 'countersigned') return keep(deps, { newest, kept, gen: offered.seed === undefined ? null : gen });
    if (answer !== 'other-start') return ok(answer);
    const theirs = await findOwn(deps, kept);
    if (!theirs.ok) return theirs;
    if (theirs.value === null || isLast) return ok('rewritten');
    from = theirs.value;
  }
  return ok('rewritten');
}

async function prepare(deps: CountersigningDeps, { newest, from, offered }: { readonly newest: Checkpoint; readonly from: Checkpoint | null; readonly offered: Pick<CheckpointSubmit, 'publicKey' | 'seed'> }): Promise<Result<CheckpointSubmit>> {
  const { text } = newest;
  const proof = from === null || from.size >= newest.size ? ok([]) : await prove(deps.store, from, newest.size);
  if (!proof.ok) return proof;
  return ok({ ...offered, text, signature: encodeBase64(newest.signature), from: from === null ? null : { gen: from.gen, size: from.size }, proof: proof.value.map(encodeBase64) });
}

const pageSize = 250;

async function prove(store: CountersigningStore, from: Checkpoint, size: number): Promise<Result<readonly Uint8Array[]>> {
  const leaves: Uint8Array[] = [];
  while (from.size + leaves.length < size) {
    const fromSeq = from.size + leaves.length + 1;
    const page = await store.chain({ fromSeq, limit: Math.min(pageSize, size - fromSeq + 1) });
    if (!page.ok) return page;
    if (page.value.length === 0) return fail('audit/chain-broken', String(fromSeq));
    for (const { hash } of page.value) leaves.push(leafHash(decodeHex(hash) ?? new Uint8Array()));
  }
  return ok(proveConsistency(from, leaves));
}

function isTheirs(deps: CountersigningDeps, kept: Countersigned): boolean {
  return deps.platformKeys(Date.parse(kept.t)).includes(kept.publicKey) && isCountersigned(kept);
}

/** Our own checkpoint that the centre has; null when we never signed it, or have lost it. */
async function findOwn({ store }: CountersigningDeps, kept: Countersigned): Promise<Result<Checkpoint | null>> {
  const said = parseCheckpoint(kept.text);
  if (said === null) return fail('remote/malformed', 'checkpoint');
  const page = await store.checkpoints({ afterSize: said.size - 1, limit: 2 });
  return page.ok ? ok(page.value.find(({ text }) => text === kept.text) ?? null) : page;
}

async function keep({ store }: CountersigningDeps, { newest, kept, gen }: { readonly newest: Checkpoint; readonly kept: Countersigned; readonly gen: number | null }): Promise<Result<CountersigningOutcome>> {
  if (kept.text !== newest.text) return fail('remote/forged', 'checkpoint');
  const written = await store.countersigned({ gen: newest.gen, size: newest.size, countersigned: printKeptCountersignature(kept) });
  if (!written.ok) return written;
  const dropped = gen === null ? ok(null) : await store.seedHandedOver({ gen });
  return dropped.ok ? ok('good') : dropped;
}
