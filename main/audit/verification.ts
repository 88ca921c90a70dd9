import { createChainVerifier } from '../../domain/audit-chain.ts';
import { isCheckpointSigned, parseCheckpoint, type SignedCheckpoint } from '../../domain/audit-checkpoint.ts';
import { isCountersigned, parseKeptCountersignature } from '../../domain/audit-countersignature.ts';
import { type AuditEntry, parseAuditLine } from '../../domain/audit-entry.ts';
import { createPersonSignatureCheck, type SignatureCount } from '../../domain/audit-signature.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { type PinnedSm2Key, pinSm2PublicKey } from '../../domain/crypto/sm2.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { createGrowingTree, type GrowingTree, leafHash } from '../../domain/merkle-tree.ts';
import { createMacCheck } from './mac-check.ts';

/** One stored entry with the digest of the body that lies there now and the outcome in its business row (null: none). */
export interface StoredEntry {
  readonly seq: number;
  readonly line: string;
  readonly prevHash: string;
  readonly hash: string;
  readonly bodyHash: string;
  readonly mac: Uint8Array | null;
  readonly outcome: string | null;
}

/** A checkpoint where it is stored. */
export interface PlacedCheckpoint extends SignedCheckpoint {
  readonly gen: number;
  readonly size: number;
  /** The audit centre's countersignature as kept, or null. */
  readonly countersigned: string | null;
}

/** What verification reads, page by page. */
export interface EntrySource {
  /** Where the log ends, and what its opening found wrong there by what is kept outside it. */
  head(input: null): Promise<Result<{ readonly seq: number; readonly hash: string; readonly firstBad: VerificationReport['firstBad'] }>>;
  chain(input: { readonly fromSeq: number; readonly limit: number }): Promise<Result<readonly StoredEntry[]>>;
  checkpoints(input: { readonly afterSize: number; readonly limit: number }): Promise<Result<readonly PlacedCheckpoint[]>>;
  /** The first of these entries that a search would not find. */
  unfound(input: { readonly fromSeq: number; readonly toSeq: number }): Promise<Result<number | null>>;
  auditIdentity(input: null): Promise<Result<{ readonly publicKey: Uint8Array; readonly gen: number; readonly seed: Uint8Array | null; readonly withoutMacUpTo?: number }>>;
}

/** The report of a full verification; `firstBad` is the first entry that does not hold, `signed` and `countersigned` how many a good checkpoint covers. */
export interface VerificationReport {
  readonly checked: number;
  readonly signed: number;
  readonly countersigned: number;
  /** Entries that people signed for, and of how many the signature was worked out. */
  readonly persons: SignatureCount;
  /** False: no MAC was worked out, because the first MAC key is elsewhere and was not given, or there is none. */
  readonly macsChecked: boolean;
  /** The first so many entries have no MAC: version 0.1.0 made none. */
  readonly withoutMac: number;
  readonly intact: boolean;
  readonly headHash: string;
  readonly firstBad: { readonly seq: number; readonly kind: string } | null;
  readonly ms: number;
}

/** What a verification needs; `onProgress` is told after every page. */
export interface VerificationDeps {
  readonly source: EntrySource;
  readonly monotonic: () => number;
  /** The keys that the audit centre is known to sign with at a time (epoch ms), in lower-case hex: no other countersignature counts. */
  readonly platformKeys: (at: number) => readonly string[];
  /** The first MAC key of the present generation, where those who check have it; the store's own while it still has it. */
  readonly seed?: Uint8Array;
  /** How many of the signatures that people made are worked out, and the numbers from 0 to 1 by which they are chosen; all unless told. */
  readonly sample?: { readonly signatures: number; readonly draw: () => number };
  readonly onProgress?: (progress: { readonly checked: number; readonly total: number }) => void;
  /** Ends it between two pages, as `audit/stopped`. */
  readonly signal?: AbortSignal;
}

const pageSize = 250;

/**
 * Signatures of people worked out in an everyday check, 0.6 ms each. Chain, MACs and checkpoints find every change without them; of a log in which
 * one signature in a thousand is not by whom it names, 10,000 drawn at random miss all with a chance of 0.00005.
 */
export const sampledSignatures = 10_000;

/**
 * Verifies the whole log from the first entry to the stated end in constant memory: every line, every hash, every body, the
 * state in every business row, that a search finds it, and at each checkpoint its signature, head and root; and what the start found against its end. What is written meanwhile is left to the next time.
 */
export async function verifyAudit(deps: VerificationDeps): Promise<Result<VerificationReport>> {
  const startedMono = deps.monotonic();
  const head = await deps.source.head(null);
  if (!head.ok) return head;
  const end = head.value;
  const opened = await openCheckpoints(deps);
  if (!opened.ok) return opened;
  const signatures = opened.value;
  const persons = createPersonSignatureCheck(sampleOf(deps, end.seq));
  const verifier = createChainVerifier({ anchors: end.seq === 0 ? [] : [end] });
  let checked = 0;
  const report = (firstBad: VerificationReport['firstBad']): Result<VerificationReport> => {
    const ms = deps.monotonic() - startedMono;
    return { ok: true, value: { checked, signed: signatures.signed(), countersigned: signatures.countersigned(), persons: persons.count(), macsChecked: signatures.macsChecked(), withoutMac: signatures.withoutMac(), intact: firstBad === null, headHash: end.hash, firstBad, ms } };
  };
  for await (const page of readPages(deps.source, end.seq)) {
    if (!page.ok) return page;
    if (deps.signal?.aborted === true) return fail('audit/stopped');
    const refilled = await signatures.refill();
    if (!refilled.ok) return refilled;
    const asked = deps.source.unfound({ fromSeq: page.value[0]?.seq ?? 0, toSeq: Math.min(page.value.at(-1)?.seq ?? 0, end.seq) });
    for (const entry of page.value) {
      if (entry.seq > end.seq && checked === end.seq) break;
      const said = parseAuditLine(entry.line);
      const finding = verifier.push({ line: entry.line, hash: entry.hash, saidSeq: said?.seq });
      if (!finding.ok) return report(refine(verifier, page.value.at(page.value.indexOf(entry) + 1), finding));
      const fault = bodyFault(entry, said) ?? signatures.fault(entry, said) ?? (said !== null && persons.holds(said) ? null : 'signature');
      if (fault !== null) return report({ seq: entry.seq, kind: fault });
      checked += 1;
    }
    const unfound = await asked;
    if (!unfound.ok) return unfound;
    if (unfound.value !== null) return report({ seq: unfound.value, kind: 'search' });
    deps.onProgress?.({ checked, total: end.seq });
  }
  const finding = verifier.finish();
  if (!finding.ok) return report({ seq: finding.badSeq, kind: finding.kind });
  // Asked again: a checkpoint that goes further may be of what was written meanwhile.
  const now = await deps.source.head(null);
  if (!now.ok) return now;
  const left = signatures.rest(now.value.seq);
  if (left !== null) return report({ seq: left, kind: 'truncated' });
  // A key that no MAC was held against proves nothing.
  if (deps.seed !== undefined && end.seq > 0 && !signatures.macsChecked()) return report({ seq: 1, kind: 'mac' });
  // A log that was cut back to where it once stood is good in itself: what is kept outside it knew better at the start.
  return report(end.firstBad);
}

/** The next page is asked for while the one before is checked: reading and checking are different threads. */
async function* readPages(source: EntrySource, lastSeq: number): AsyncGenerator<Result<readonly StoredEntry[]>> {
  let asked = source.chain({ fromSeq: 1, limit: pageSize });
  for (;;) {
    const page = await asked;
    const last = page.ok ? page.value.at(-1) : undefined;
    const isLast = last === undefined || last.seq >= lastSeq;
    if (!isLast) asked = source.chain({ fromSeq: last.seq + 1, limit: pageSize });
    yield page;
    if (isLast) return;
  }
}

/** Numbers from 0 to 1 of a random source. */
export function createDraw(random: RandomBytes): () => number {
  return () => new DataView(random(4).buffer).getUint32(0) / 2 ** 32;
}

// By the number of entries, as nobody knows before how many of them are signed.
function sampleOf({ sample }: VerificationDeps, entries: number): () => boolean {
  return () => sample === undefined || sample.signatures >= entries || sample.draw() < sample.signatures / entries;
}

type Bad = { readonly badSeq: number; readonly kind: string };

// A gap may turn out to be a swap once the entry after it is seen.
function refine(verifier: ReturnType<typeof createChainVerifier>, next: StoredEntry | undefined, bad: Bad): { seq: number; kind: string } {
  const finding = next === undefined ? verifier.finish() : verifier.push(next);
  const { badSeq, kind } = finding.ok ? bad : finding;
  return { seq: badSeq, kind };
}

// Whether the body and the business row are still those that the line speaks of.
function bodyFault(stored: StoredEntry, entry: AuditEntry | null): 'body' | 'row' | null {
  if (entry?.bodyHash !== stored.bodyHash) return 'body';
  return stored.outcome === null || stored.outcome === entry.result ? null : 'row';
}

interface SignatureCheck {
  /** Takes the next good entry into the tree; whether its MAC and a checkpoint that ends there hold. */
  fault(stored: StoredEntry, entry: AuditEntry | null): 'mac' | 'checkpoint' | 'countersignature' | null;
  /** Has the checkpoints at hand that end within the next page. */
  refill(): Promise<Result<null>>;
  macsChecked(): boolean;
  withoutMac(): number;
  signed(): number;
  countersigned(): number;
  /** The first missing entry when a checkpoint covers more entries than there are now. */
  rest(lastSeq: number): number | null;
}

async function openCheckpoints({ platformKeys, seed, source }: VerificationDeps): Promise<Result<SignatureCheck>> {
  const identity = await source.auditIdentity(null);
  if (!identity.ok) return identity;
  const key = pinSm2PublicKey(identity.value.publicKey);
  const tree = createGrowingTree();
  if (key === null || tree === null) throw new Error('the audit key is no point of the curve');
  const macs = createMacCheck({ withoutMacUpTo: 0, ...identity.value, seed: seed ?? identity.value.seed });
  let waiting: readonly PlacedCheckpoint[] = [];
  let signed = 0;
  let countersigned = 0;
  const centre = createCentreCheck();
  const refill = async (): Promise<Result<null>> => {
    if (waiting.length > pageSize) return ok(null);
    const afterSize = waiting.at(-1)?.size ?? signed;
    const page = await source.checkpoints({ afterSize, limit: pageSize });
    if (!page.ok) return page;
    waiting = [...waiting, ...page.value];
    return ok(null);
  };
  return ok({
    refill,
    macsChecked: () => macs.checked() > 0,
    withoutMac: macs.without,
    signed: () => signed,
    countersigned: () => countersigned,
    fault: (stored, entry) => {
      if (!macs.holds({ seq: stored.seq, gen: entry?.gen, hash: stored.hash }, stored.mac)) return 'mac';
      tree.append(leafHash(decodeHex(stored.hash) ?? new Uint8Array()));
      const [next] = waiting;
      if (next === undefined || next.size > stored.seq) return null;
      if (next.size < stored.seq || !isGood(key, next, stored, tree)) return 'checkpoint';
      if (!centre(next)) return 'countersignature';
      signed = next.size;
      if (isKnown(platformKeys, next)) countersigned = next.size;
      macs.endEpoch(next.gen);
      waiting = waiting.slice(1);
      return null;
    },
    rest: (lastSeq) => (waiting.every(({ size }) => size <= lastSeq) ? null : tree.size() + 1),
  });
}

/** Whose key a countersignature names is known from elsewhere, not from what lies beside it. */
function isKnown(platformKeys: VerificationDeps['platformKeys'], { countersigned }: PlacedCheckpoint): boolean {
  const kept = parseKeptCountersignature(countersigned ?? '');
  return kept !== null && platformKeys(Date.parse(kept.t)).includes(kept.publicKey);
}

/** Whether the countersignature of a checkpoint, where it has one, was made with the key it names. */
function createCentreCheck(): (checkpoint: PlacedCheckpoint) => boolean {
  const pinned = new Map<string, PinnedSm2Key | null>();
  return ({ text, countersigned }) => {
    if (countersigned === null) return true;
    const kept = parseKeptCountersignature(countersigned);
    if (kept === null) return false;
    const key = pinned.get(kept.publicKey) ?? pinSm2PublicKey(decodeHex(kept.publicKey) ?? new Uint8Array());
    pinned.set(kept.publicKey, key);
    return key !== null && isCountersigned({ ...kept, text }, key);
  };
}

function isGood(key: PinnedSm2Key, checkpoint: PlacedCheckpoint, entry: StoredEntry, tree: GrowingTree): boolean {
  const said = parseCheckpoint(checkpoint.text);
  return (
    said !== null && said.size === checkpoint.size && said.gen === checkpoint.gen && said.head === entry.hash && equalBytes(said.root, tree.root()) && isCheckpointSigned(key, checkpoint)
  );
}
