import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf } from '../../domain/key-slot.ts';
import { masterKeyLength } from '../../domain/key-tree.ts';
import { checkPassphrase } from '../../domain/passphrase-policy.ts';
import { administratorRoles, holdsTwoOffices, type Role } from '../../domain/roles.ts';
import { type AccessCore, changeRecord, devicePlace, forgetMasterKey, holdMasterKey, keepKit, openStoreKeys } from './access-core.ts';
import type { AccessRecord, Person } from './access-record.ts';
import type { LoggedIn } from './access-state.ts';
import { createEscrowKit } from './escrow.ts';
import { crossBridge, sealBridge } from './key-rotation.ts';
import { enterSigning, unlessThrown } from './person-signer.ts';
import { drawRecoveryCode, isReserved } from './recovery-code.ts';

/** A person as they are taken on. */
export interface NewPerson extends LoggedIn {
  readonly passphrase: string;
}

/**
 * The first set-up of a counter: its three administrators, or, on trial, one 值班长. Makes the master key and, of three, the
 * escrow; a counter that opened itself until now keeps its records, and opens itself no more. Gives who is logged in by it:
 * nobody after three. One alone who cannot sign is set up, but not logged in: a failure.
 */
export async function setUpAccess(core: AccessCore, people: readonly NewPerson[]): Promise<Result<LoggedIn | null>> {
  const { deps, memory } = core;
  const before = memory.record;
  if (memory.state.state !== 'set-up') return fail('access/people-unfit', 'done');
  const unfit = findUnfit(core, people);
  if (unfit !== null) return unfit;
  const opened = before === null ? ok(null) : openByMachine(core, before);
  if (!opened.ok) return opened;
  const oldKey = opened.value;
  // Never the one that the machine opened: neither an old copy of the database nor the machine alone opens what is here.
  const masterKey = deps.random(masterKeyLength);
  const kept: Person[] = [];
  for (const person of people) kept.push(await enrolPerson(core, person, { masterKey, mustChange: false }));
  const administrators = people.filter(({ role }) => role !== 'supervisor').map(({ id, passphrase }) => ({ operatorId: id, passphrase }));
  const content = { masterKey, deviceSecret: deps.device.secret };
  if (administrators.length > 0) keepKit(core, await createEscrowKit({ ...deps, administrators: [...administrators, drawRecoveryCode(core)], content }));
  const [first] = people;
  const isAlone = people.length === 1 && first !== undefined;
  const record: AccessRecord = { format: 1, people: kept, device: null };
  const held = people.map(({ role }) => role).join(' ');
  const done = oldKey === null ? await takeIntoUse(core, record, masterKey, held) : await handOver(core, record, { oldKey, masterKey, held });
  if (done.ok && isAlone) holdMasterKey(memory, masterKey);
  masterKey.fill(0);
  oldKey?.fill(0);
  const shut = async (): Promise<void> => {
    forgetMasterKey(memory);
    await deps.store.lock(null);
  };
  const [alone] = kept;
  const isIn = done.ok && isAlone && alone !== undefined;
  const begun = isIn ? await unlessThrown(enterSigning(core, alone, { passphrase: first.passphrase, possessed: deps.device.factor }), shut) : done;
  if (!begun.ok || !isIn) await shut();
  if (!begun.ok) return begun;
  return ok(isIn ? { id: first.id, name: first.name, role: first.role } : null);
}

/** Opens a counter that nobody logs in to: by the machine's secret alone, made so when it was never set up. `access/locked` when people work here. */
export async function openUnattended(core: AccessCore): Promise<Result<null>> {
  const { deps, memory } = core;
  if (memory.record === null) {
    const key = deps.device.factor.subarray(0, 16);
    const masterKey = deps.random(masterKeyLength);
    const sealed = sealRecord({ key, keyId: 0, nonce: deps.random(12), plaintext: masterKey, aad: devicePlace });
    const done = await takeIntoUse(core, { format: 1, people: [], device: encodeBase64(sealed) }, masterKey, 'unattended');
    if (done.ok) holdMasterKey(memory, masterKey);
    return done;
  }
  const masterKey = openByMachine(core, memory.record);
  if (!masterKey.ok) return masterKey;
  const opened = await openStoreKeys(deps, masterKey.value, false);
  if (!opened.ok) return opened;
  if (!opened.value) return fail('store/key-missing', 'data keys');
  holdMasterKey(memory, masterKey.value);
  return ok(null);
}

/** The master key of a counter that opens itself; `access/locked` where people log in. */
function openByMachine({ deps }: AccessCore, record: AccessRecord): Result<Uint8Array> {
  const sealed = record.device === null ? null : decodeBase64(record.device);
  if (sealed === null) return fail('access/locked', 'people log in here');
  const masterKey = openRecord({ key: deps.device.factor.subarray(0, 16), sealed, aad: devicePlace });
  return masterKey === null ? fail('store/key-missing', 'device slot') : ok(masterKey);
}

interface HandOver {
  readonly oldKey: Uint8Array;
  readonly masterKey: Uint8Array;
  readonly held: string;
}

/**
 * From the machine to people: their slots hold a new master key from the first record on, with a bridge from the old one. What
 * is cut off after it, or fails, the next log-in ends; the people are there, so that it is no failure of the set-up.
 */
async function handOver(core: AccessCore, record: AccessRecord, { oldKey, masterKey, held }: HandOver): Promise<Result<null>> {
  const { deps } = core;
  const opened = await openStoreKeys(deps, oldKey, false);
  if (!opened.ok) return opened;
  if (!opened.value) return fail('store/key-missing', 'data keys');
  const bridged = { ...record, bridge: sealBridge(core, masterKey, oldKey) };
  const kept = await changeRecord(core, bridged, { type: 'access.set-up', result: `${held} records kept`, ref: deps.device.backend });
  if (kept.ok) await crossBridge(core, masterKey, bridged);
  return kept;
}

/** Makes a person's slot around the master key. */
export async function enrolPerson({ deps }: AccessCore, person: NewPerson, parts: { readonly masterKey: Uint8Array; readonly mustChange: boolean }): Promise<Person> {
  const { id, name, role, passphrase } = person;
  const factors = { passphrase, possessed: deps.device.factor };
  const slot = await deps.slots.do({ type: 'create', id, kdf: createKdf(deps.cost, deps.random), factors, content: parts.masterKey });
  return { id, name, role, isActive: true, mustChange: parts.mustChange, passphraseAt: deps.now(), slot };
}

/** Why a passphrase is not good enough for this person, with their number; or null. */
export function findWeakness({ deps }: AccessCore, person: NewPerson): ReturnType<typeof fail> | null {
  const fault = checkPassphrase(person.passphrase, { profile: deps.profile(), person: [person.id, person.name] });
  return fault === null ? null : fail('access/passphrase-weak', `${fault} ${person.id}`);
}

async function takeIntoUse(core: AccessCore, record: AccessRecord, masterKey: Uint8Array, result: string): Promise<Result<null>> {
  const { deps } = core;
  const opened = await openStoreKeys(deps, masterKey, true);
  if (!opened.ok) return opened;
  const adopted = deps.device.legacyKey === null ? ok(null) : await deps.store.adoptLegacy(null);
  if (!adopted.ok) return adopted;
  const kept = await changeRecord(core, record, { type: 'access.set-up', result, ref: deps.device.backend });
  // Only now does a slot open what the old key file opened before.
  if (kept.ok) deps.device.dropLegacy();
  return kept;
}

function findUnfit(core: AccessCore, people: readonly NewPerson[]): ReturnType<typeof fail> | null {
  const held = people.map(({ role }) => role).toSorted();
  const isThree = held.join() === ([...administratorRoles] as Role[]).toSorted().join();
  const isTrial = core.deps.isTrial && held.join() === 'supervisor';
  if (!isThree && !isTrial) return fail('access/people-unfit', 'roles');
  if (people.some(isReserved)) return fail('access/people-unfit', 'id-taken');
  if (new Set(people.map(({ id }) => id)).size < people.length || holdsTwoOffices(people)) return fail('access/people-unfit', 'same-person');
  const same = people.find((one, at) => people.some((other, place) => place < at && other.passphrase === one.passphrase));
  if (same !== undefined) return fail('access/passphrase-weak', `same ${same.id}`);
  for (const person of people) {
    const weakness = findWeakness(core, person);
    if (weakness !== null) return weakness;
  }
  return null;
}
