import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { type KdfCost, ownBytes } from '../../domain/key-slot.ts';
import { deriveKey } from '../../domain/key-tree.ts';
import type { PolicyProfile } from '../../domain/passphrase-policy.ts';
import { type AccessRecord, decodeAccessRecord, decodeAttempts, decodeEscrowKit, encodeAccess, type EscrowKit, type Person } from './access-record.ts';
import type { AccessState, LoggedIn } from './access-state.ts';
import { type AttemptMemory, openAttemptMemory } from './attempt-memory.ts';
import type { DeviceSecret } from './device-secret.ts';
import type { KeyProviders } from './key-provider.ts';
import type { PersonSigner, StartSigner } from './person-signer.ts';
import type { SlotWork } from './slot-thread.ts';

/** What the store must be able to do for access: keep its settings, and hold or forget the data keys. */
export interface AccessStore {
  setting(input: { readonly name: string }): Promise<Result<Uint8Array | null>>;
  unlock(input: { readonly wrapKey: Uint8Array; readonly isFirst: boolean }): Promise<Result<boolean>>;
  lock(input: null): Promise<Result<null>>;
  adoptLegacy(input: null): Promise<Result<null>>;
  rewrap(input: { readonly wrapKey: Uint8Array }): Promise<Result<null>>;
}

/** One audit entry about access; `as` names who, where it is not who is logged in. */
export interface AccessNote {
  readonly type: 'access.set-up' | 'access.opened' | 'access.signs' | 'access.refused' | 'access.locked' | 'access.passphrase' | 'access.key' | 'access.person' | 'access.attempts-differ' | 'access.escrow-opened' | 'access.key-rotated';
  readonly result: string;
  readonly ref: string;
  readonly as?: { readonly actor: string; readonly role: string };
  readonly row?: { readonly table: 'setting'; readonly name: string; readonly value: Uint8Array };
}

/** What access is put together from. */
export interface AccessDeps {
  readonly store: AccessStore;
  readonly journal: { record(note: AccessNote): Promise<Result<unknown>> };
  readonly device: DeviceSecret;
  readonly slots: SlotWork;
  readonly startSigner: StartSigner;
  readonly keys: KeyProviders;
  readonly random: RandomBytes;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** The cost of new slots, and the floor below which none is opened. */
  readonly cost: KdfCost;
  readonly profile: () => PolicyProfile;
  /** A counter on trial may be set up by one person. */
  readonly isTrial: boolean;
  readonly files: { readonly attempts: string; readonly escrow: string };
  readonly readFile: (file: string) => Uint8Array | null;
  readonly writeFile: (file: string, bytes: Uint8Array) => void;
}

/** What access knows at this moment; the master key is here only while somebody is logged in. */
export interface AccessMemory {
  record: AccessRecord | null;
  kit: EscrowKit | null;
  readonly attempts: AttemptMemory;
  /** Until when an account waits after failures, by the monotonic clock. */
  readonly waits: Map<string, number>;
  state: AccessState;
  masterKey: Uint8Array | null;
  /** What whoever is logged in has, machine and own key; null where it is the machine's key alone. */
  possessed: Uint8Array | null;
  /** Signs as whoever is logged in. */
  signer: PersonSigner | null;
  lastOperatorId: string | null;
  /** Of the set-up just made, until it was shown or somebody logged in. */
  recoveryCode: Uint8Array | null;
}

/** The parts that every action of access works with. */
export interface AccessCore {
  readonly deps: AccessDeps;
  readonly memory: AccessMemory;
  readonly changed: () => void;
}

/** Reads what is kept of access; `store/damaged` when it is there and of another form. */
export async function loadAccess(deps: AccessDeps): Promise<Result<AccessMemory>> {
  const kept = await deps.store.setting({ name: 'access' });
  const counted = await deps.store.setting({ name: 'attempts' });
  if (!kept.ok) return kept;
  if (!counted.ok) return counted;
  const record = kept.value === null ? null : decodeAccessRecord(kept.value);
  const stored = counted.value === null ? {} : decodeAttempts(counted.value);
  const escrow = deps.readFile(deps.files.escrow);
  const kit = escrow === null ? null : decodeEscrowKit(escrow);
  if ((kept.value !== null && record === null) || stored === null || (escrow !== null && kit === null)) return fail('store/damaged', 'access');
  const { random, writeFile } = deps;
  const attempts = openAttemptMemory({ file: deps.files.attempts, key: deps.device.storeKey, random, stored, writeFile });
  // Where nobody works yet the machine may have opened itself so far; whoever wants to log in is asked who works here.
  const state: AccessState = record === null || record.people.length === 0 ? { state: 'set-up' } : { state: 'locked', reason: 'start', lastOperatorId: null, refusedScanAt: null };
  const waits = new Map(attempts.waiting().map(([id, waitMs]) => [id, deps.monotonic() + waitMs]));
  return ok({ record, kit, attempts, waits, state, masterKey: null, possessed: null, signer: null, lastOperatorId: null, recoveryCode: null });
}

/** The row that keeps a record, to be written with its audit entry. */
export function recordRow(record: AccessRecord): NonNullable<AccessNote['row']> {
  return { table: 'setting', name: 'access', value: encodeAccess(record) };
}

/** Writes a changed record down with its reason; nothing changes unless it is written. */
export async function changeRecord(core: AccessCore, record: AccessRecord, note: Omit<AccessNote, 'row'>): Promise<Result<null>> {
  const noted = await core.deps.journal.record({ ...note, row: recordRow(record) });
  if (!noted.ok) return noted;
  core.memory.record = record;
  return ok(null);
}

/** Writes the escrow kit down. */
export function keepKit({ deps, memory }: AccessCore, kit: EscrowKit): void {
  deps.writeFile(deps.files.escrow, encodeAccess(kit));
  memory.kit = kit;
}

/** Hands the wrapping key to the store in shared memory, so that no message carries a copy of it; false when it opens nothing. */
export async function openStoreKeys({ store }: Pick<AccessDeps, 'store'>, masterKey: Uint8Array, isFirst: boolean): Promise<Result<boolean>> {
  return store.unlock({ wrapKey: shareWrapKey(masterKey), isFirst });
}

/** The wrapping key below a master key, in memory that is shared with the store's thread and overwritten there. */
export function shareWrapKey(masterKey: Uint8Array): Uint8Array {
  const wrapKey = deriveKey(masterKey, 'wrap');
  const shared = new Uint8Array(new SharedArrayBuffer(wrapKey.length));
  shared.set(wrapKey);
  wrapKey.fill(0);
  return shared;
}

/** Takes a master key into memory as the one in use. */
export function holdMasterKey(memory: AccessMemory, masterKey: Uint8Array): void {
  forgetMasterKey(memory);
  memory.masterKey = ownBytes(masterKey);
  masterKey.fill(0);
}

/** Overwrites the master key and what opened it. */
export function forgetMasterKey(memory: AccessMemory): void {
  memory.masterKey?.fill(0);
  memory.masterKey = null;
  memory.possessed?.fill(0);
  memory.possessed = null;
}

/** Who is logged in and may act, or why nobody is. */
export function requireOpen({ memory }: AccessCore): Result<{ readonly operator: LoggedIn; readonly masterKey: Uint8Array; readonly record: AccessRecord }> {
  const { state, masterKey, record } = memory;
  if (record === null) return fail('access/set-up-needed');
  if (masterKey === null || state.state !== 'open') return fail(state.state === 'passphrase-due' ? 'access/passphrase-due' : 'access/locked');
  return ok({ operator: state.operator, masterKey, record });
}

/** Somebody who may log in, by their number; null for everybody else. */
export function findActive({ memory }: Pick<AccessCore, 'memory'>, id: string): Person | null {
  return memory.record?.people.find((person) => person.id === id && person.isActive) ?? null;
}

/** The associated data of the master key under the machine's secret alone. */
export const devicePlace = encodeUtf8('device-slot|1');
