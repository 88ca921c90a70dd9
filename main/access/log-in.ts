import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf, type KeySlot } from '../../domain/key-slot.ts';
import { passphraseLifeMs } from '../../domain/passphrase-policy.ts';
import { type AccessCore, changeRecord, findActive, forgetMasterKey, holdMasterKey, keepKit, openStoreKeys } from './access-core.ts';
import type { EscrowKit, Person } from './access-record.ts';
import type { LoggedIn } from './access-state.ts';
import { noteSuccess, trySlot } from './attempts.ts';
import type { Credentials } from './escrow.ts';
import { resumeRotation } from './key-rotation.ts';
import { openPossession } from './person-key.ts';
import { beginSigning, endSigning, enterSigning, splitEntered, unlessThrown } from './person-signer.ts';
import { forgetRecoveryCode } from './recovery-code.ts';
import { findWeakness } from './set-up.ts';
import type { Factors } from './slot-work.ts';

/** Logs somebody in: their factors open their slot, the slot the data. `access/wrong` for a number, passphrase or key that is not right, whichever. */
export async function logIn(core: AccessCore, { operatorId, passphrase, key = null }: Credentials): Promise<Result<{ readonly operator: LoggedIn; readonly isDue: boolean }>> {
  const { deps, memory } = core;
  if (memory.record === null) return fail('access/set-up-needed');
  const person = findActive(core, operatorId);
  const possession = await openPossession(core, person, key);
  if (!possession.ok) return possession;
  const { possessed, refusal } = possession.value;
  const opened = await trySlot(core, { who: operatorId, slot: person?.slot ?? null, factors: { passphrase, possessed }, job: 'enter' });
  if (!opened.ok) return refusal !== null && opened.failure.code === 'access/wrong' ? { ok: false, failure: refusal } : opened;
  const { masterKey, signingKey } = splitEntered(opened.value);
  if (person === null) return fail('access/wrong');
  const keys = await openStoreKeys(deps, masterKey, false);
  const isOpen = keys.ok && (keys.value || (await resumeRotation(core, masterKey)));
  if (!isOpen) {
    for (const key of [masterKey, signingKey]) key.fill(0);
    return keys.ok ? fail('store/damaged', 'data keys') : keys;
  }
  const { id, name, role } = person;
  const noted = await noteSuccess(core, operatorId, { type: 'access.opened', result: role, ref: id, as: { actor: id, role } });
  const giveUp = async (): Promise<void> => {
    for (const key of [masterKey, signingKey]) key.fill(0);
    await deps.store.lock(null);
  };
  const begun = noted.ok ? await unlessThrown(beginSigning(core, person, signingKey), giveUp) : noted;
  // A broken chain takes no entry any more, but somebody has to look at it.
  if (!begun.ok && begun.failure.code !== 'audit/chain-broken') {
    await giveUp();
    return begun;
  }
  signingKey.fill(0);
  forgetRecoveryCode(memory);
  holdMasterKey(memory, masterKey);
  memory.possessed = possessed;
  await tidyShares(core, { operatorId: id, passphrase });
  return ok({ operator: { id, name, role }, isDue: isDue(core, person) });
}

/** Forgets every key; what needs one fails from now on. */
export async function lockKeys({ deps, memory }: AccessCore): Promise<void> {
  forgetMasterKey(memory);
  await endSigning(memory);
  await deps.store.lock(null);
}

/** Changes one's own passphrase: 32 bytes are sealed again, no data. */
export async function changePassphrase(core: AccessCore, operator: LoggedIn, change: { readonly oldPassphrase: string; readonly newPassphrase: string }): Promise<Result<null>> {
  const { deps, memory } = core;
  const { record } = memory;
  const person = findActive(core, operator.id);
  if (record === null || person === null) return fail('access/locked');
  const possessed = memory.possessed ?? deps.device.factor;
  const from = { passphrase: change.oldPassphrase, possessed };
  const proven = await trySlot(core, { who: person.id, slot: person.slot, factors: from });
  if (!proven.ok) return proven;
  proven.value.fill(0);
  if (change.newPassphrase === change.oldPassphrase) return fail('access/passphrase-weak', 'same');
  const weakness = findWeakness(core, { ...operator, passphrase: change.newPassphrase });
  if (weakness !== null) return weakness;
  const to = { passphrase: change.newPassphrase, possessed };
  const slot = await renewSlot(core, person, { from, to });
  if (slot === null) return fail('access/wrong');
  const changed: Person = { ...person, slot, mustChange: false, passphraseAt: deps.now() };
  const people = record.people.map((one) => (one.id === person.id ? changed : one));
  const before = memory.kit;
  const moved = await moveShare(core, person.id, change);
  if (moved !== null) keepKit(core, moved.both);
  const kept = await changeRecord(core, { ...record, people }, { type: 'access.passphrase', result: 'own', ref: person.id });
  if (moved !== null && before !== null) keepKit(core, kept.ok ? moved.after : before);
  if (!kept.ok) return kept;
  const signing = person.mustChange ? await enterSigning(core, changed, to) : kept;
  return signing.ok ? noteSuccess(core, person.id, { type: 'access.passphrase', result: 'attempts cleared', ref: person.id }) : signing;
}

/** The slot under another passphrase; a new one where somebody else knew the first, and with it could have had the keys of the old. */
async function renewSlot({ deps, memory }: AccessCore, { id, mustChange, slot }: Person, { from, to }: { readonly from: Factors; readonly to: Factors }): Promise<KeySlot | null> {
  const kdf = createKdf(deps.cost, deps.random);
  if (mustChange && memory.masterKey !== null) return deps.slots.do({ type: 'create', id, kdf, factors: to, content: memory.masterKey });
  return deps.slots.do({ type: 'move', slot, kdf, from, to });
}

/** What the kit is while a passphrase changes: with both shares until the record is written, so that no crash parts the two. */
async function moveShare({ deps, memory }: AccessCore, id: string, change: { readonly oldPassphrase: string; readonly newPassphrase: string }): Promise<{ readonly both: EscrowKit; readonly after: EscrowKit } | null> {
  const { kit } = memory;
  const possessed = new Uint8Array();
  const move = { from: { passphrase: change.oldPassphrase, possessed }, to: { passphrase: change.newPassphrase, possessed } };
  for (const share of kit?.shares.filter((one) => one.id === id) ?? []) {
    const slot = await deps.slots.do({ type: 'move', slot: share, kdf: createKdf(deps.cost, deps.random), ...move });
    if (kit === null || slot === null) continue;
    return { both: { ...kit, shares: [...kit.shares, slot] }, after: { ...kit, shares: [...kit.shares.filter((one) => one.id !== id), slot] } };
  }
  return null;
}

/** After a passphrase change that was cut off two shares lie there; the one that this passphrase opens stays. */
async function tidyShares(core: AccessCore, { operatorId, passphrase }: Credentials): Promise<void> {
  const { deps, memory } = core;
  const shares = memory.kit?.shares.filter(({ id }) => id === operatorId) ?? [];
  if (memory.kit === null || shares.length < 2) return;
  for (const slot of shares) {
    const opened = await deps.slots.do({ type: 'open', slot, factors: { passphrase, possessed: new Uint8Array() } });
    if (opened === null) continue;
    opened.fill(0);
    keepKit(core, { ...memory.kit, shares: [...memory.kit.shares.filter(({ id }) => id !== operatorId), slot] });
    return;
  }
}

function isDue({ deps }: AccessCore, { mustChange, passphraseAt }: Person): boolean {
  const life = passphraseLifeMs[deps.profile()];
  return mustChange || (life !== null && deps.now() - passphraseAt >= life);
}
