import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf } from '../../domain/key-slot.ts';
import { masterKeyLength } from '../../domain/key-tree.ts';
import { passphraseLifeMs } from '../../domain/passphrase-policy.ts';
import type { SecretShare } from '../../domain/secret-sharing.ts';
import { type AccessCore, changeRecord, forgetMasterKey, holdMasterKey, keepKit, openStoreKeys } from './access-core.ts';
import type { Person } from './access-record.ts';
import type { LoggedIn } from './access-state.ts';
import { noteSuccess, trySlot } from './attempts.ts';
import { type Credentials, type EscrowContent, openEscrow } from './escrow.ts';
import { resumeRotation } from './key-rotation.ts';
import { findWeakness } from './set-up.ts';

/** Logs somebody in: both factors open their slot, the slot the data. `access/wrong` for a number or passphrase that is not right, whichever. */
export async function logIn(core: AccessCore, { operatorId, passphrase }: Credentials): Promise<Result<{ readonly operator: LoggedIn; readonly isDue: boolean }>> {
  const { deps, memory } = core;
  if (memory.record === null) return fail('access/set-up-needed');
  const person = findActive(core, operatorId);
  const opened = await trySlot(core, { who: operatorId, slot: person?.slot ?? null, factors: { passphrase, possessed: deps.device.factor } });
  if (!opened.ok) return opened;
  const masterKey = opened.value;
  if (person === null || masterKey.length !== masterKeyLength) return fail('access/wrong');
  const keys = await openStoreKeys(deps, masterKey, false);
  const isOpen = keys.ok && (keys.value || (await resumeRotation(core, masterKey)));
  if (!isOpen) {
    masterKey.fill(0);
    return keys.ok ? fail('store/damaged', 'data keys') : keys;
  }
  const { id, name, role } = person;
  const noted = await noteSuccess(core, operatorId, { type: 'access.opened', result: role, ref: id, as: { actor: id, role } });
  // A broken chain takes no entry any more, but somebody has to look at it.
  if (!noted.ok && noted.failure.code !== 'audit/chain-broken') {
    masterKey.fill(0);
    await deps.store.lock(null);
    return noted;
  }
  holdMasterKey(memory, masterKey);
  return ok({ operator: { id, name, role }, isDue: isDue(core, person) });
}

/** Forgets every key; what needs one fails from now on. */
export async function lockKeys({ deps, memory }: AccessCore): Promise<void> {
  forgetMasterKey(memory);
  await deps.store.lock(null);
}

/** Changes one's own passphrase: 32 bytes are sealed again, no data. */
export async function changePassphrase(core: AccessCore, operator: LoggedIn, change: { readonly oldPassphrase: string; readonly newPassphrase: string }): Promise<Result<null>> {
  const { deps, memory } = core;
  const { record } = memory;
  const person = findActive(core, operator.id);
  if (record === null || person === null) return fail('access/locked');
  const possessed = deps.device.factor;
  const from = { passphrase: change.oldPassphrase, possessed };
  const proven = await trySlot(core, { who: person.id, slot: person.slot, factors: from });
  if (!proven.ok) return proven;
  proven.value.fill(0);
  if (change.newPassphrase === change.oldPassphrase) return fail('access/passphrase-weak', 'same');
  const weakness = findWeakness(core, { ...operator, passphrase: change.newPassphrase });
  if (weakness !== null) return weakness;
  const move = { from, to: { passphrase: change.newPassphrase, possessed } };
  const slot = await deps.slots.do({ type: 'move', slot: person.slot, kdf: createKdf(deps.cost, deps.random), ...move });
  if (slot === null) return fail('access/wrong');
  const changed: Person = { ...person, slot, mustChange: false, passphraseAt: deps.now() };
  const people = record.people.map((one) => (one.id === person.id ? changed : one));
  const kept = await changeRecord(core, { ...record, people }, { type: 'access.passphrase', result: 'own', ref: person.id });
  if (!kept.ok) return kept;
  await moveShare(core, person.id, change);
  return noteSuccess(core, person.id, { type: 'access.passphrase', result: 'attempts cleared', ref: person.id });
}

async function moveShare(core: AccessCore, id: string, change: { readonly oldPassphrase: string; readonly newPassphrase: string }): Promise<void> {
  const { deps, memory } = core;
  const share = memory.kit?.shares.find((one) => one.id === id);
  if (memory.kit === null || share === undefined) return;
  const possessed = new Uint8Array();
  const move = { from: { passphrase: change.oldPassphrase, possessed }, to: { passphrase: change.newPassphrase, possessed } };
  const slot = await deps.slots.do({ type: 'move', slot: share, kdf: createKdf(deps.cost, deps.random), ...move });
  // A share under another passphrase stays as it is: it is that passphrase which the escrow then asks for.
  if (slot !== null) keepKit(core, { ...memory.kit, shares: memory.kit.shares.map((one) => (one.id === id ? slot : one)) });
}

/**
 * Two different administrators prove themselves together: each opens their share, and only both shares open the escrow. What
 * one alone must not do (restore, clock override, recovery) asks for this. `access/two-needed` for fewer than two.
 */
export async function openByTwo(core: AccessCore, credentials: readonly Credentials[], purpose: string): Promise<Result<EscrowContent>> {
  const { memory } = core;
  const ids = credentials.map(({ operatorId }) => operatorId);
  if (memory.kit === null || new Set(ids).size < 2) return fail('access/two-needed');
  const shares: SecretShare[] = [];
  for (const { operatorId, passphrase } of credentials) {
    const slot = findActive(core, operatorId) === null ? null : (memory.kit.shares.find(({ id }) => id === operatorId) ?? null);
    const opened = await trySlot(core, { who: operatorId, slot, factors: { passphrase, possessed: new Uint8Array() } });
    if (!opened.ok) return opened;
    shares.push({ x: opened.value[0] ?? 0, y: opened.value.subarray(1) });
  }
  const content = openEscrow(memory.kit, shares);
  for (const { y } of shares) y.fill(0);
  if (content === null) return fail('access/two-needed');
  for (const id of ids) {
    const noted = await noteSuccess(core, id, { type: 'access.escrow-opened', result: purpose, ref: id });
    if (!noted.ok) return noted;
  }
  return ok(content);
}

function findActive({ memory }: AccessCore, id: string): Person | null {
  return memory.record?.people.find((person) => person.id === id && person.isActive) ?? null;
}

function isDue({ deps }: AccessCore, { mustChange, passphraseAt }: Person): boolean {
  const life = passphraseLifeMs[deps.profile()];
  return mustChange || (life !== null && deps.now() - passphraseAt >= life);
}
