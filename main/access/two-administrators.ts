import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf } from '../../domain/key-slot.ts';
import { isAdministratorRole } from '../../domain/roles.ts';
import { recoveryCodeId } from '../../domain/recovery-code.ts';
import type { SecretShare } from '../../domain/secret-sharing.ts';
import { type AccessCore, changeRecord, findActive, keepKit } from './access-core.ts';
import type { EscrowKit } from './access-record.ts';
import { noteSuccess, trySlot } from './attempts.ts';
import { type Credentials, type EscrowContent, openEscrow, openShare, refillEscrowKit, shareFactors, shareLength } from './escrow.ts';
import { enrolPerson, findWeakness } from './set-up.ts';

/**
 * Two different administrators prove themselves together: each with both factors, then each opens their share, and only both
 * shares open the escrow. What one alone must not do (restore, clock override, recovery) asks for this. `access/two-needed` for
 * anything but two people. The recovery code stands for one of them where `forRecovery` says so.
 */
export async function openByTwo(core: AccessCore, credentials: readonly Credentials[], purpose: string, { forRecovery = false } = {}): Promise<Result<EscrowContent>> {
  const { kit } = core.memory;
  const ids = credentials.map(({ operatorId }) => operatorId);
  if (!forRecovery && ids.includes(recoveryCodeId)) return fail('access/two-needed', 'code');
  if (kit === null || ids.length !== 2) return fail('access/two-needed');
  if (ids[0] === ids[1]) return fail('access/two-needed', 'same-person');
  const shares: SecretShare[] = [];
  for (const [at, one] of credentials.entries()) {
    const share = await proveShare(core, kit, one);
    // Which of the two mistyped, so that the other need not wonder.
    if (!share.ok) return share.failure.code === 'access/wrong' ? fail('access/wrong', String(at + 1)) : share;
    shares.push(share.value);
  }
  const content = openEscrow(kit, shares);
  for (const { y } of shares) y.fill(0);
  if (content === null) return fail('access/two-needed');
  for (const id of ids) {
    const noted = await noteSuccess(core, id, { type: 'access.escrow-opened', result: purpose, ref: id });
    if (!noted.ok) return noted;
  }
  return ok(content);
}

/** Whether two stand behind a purpose; what they opened is overwritten at once. */
export async function confirmByTwo(core: AccessCore, credentials: readonly Credentials[], purpose: string): Promise<Result<null>> {
  const opened = await openByTwo(core, credentials, purpose);
  if (!opened.ok) return opened;
  for (const key of Object.values(opened.value)) key.fill(0);
  return ok(null);
}

/** What it takes to give an administrator a new first passphrase. */
export interface AdministratorReset {
  readonly id: string;
  readonly passphrase: string;
  /** The two others. */
  readonly two: readonly Credentials[];
}

/** Gives an administrator who lost their passphrase a first one again, by the two others: their slot and their share are made anew. */
export async function resetAdministrator(core: AccessCore, { id, passphrase, two }: AdministratorReset): Promise<Result<null>> {
  const { deps, memory } = core;
  const person = memory.record?.people.find((one) => one.id === id);
  if (person === undefined || !isAdministratorRole(person.role)) return fail('access/unknown-person');
  if (two.some(({ operatorId }) => operatorId === id)) return fail('access/people-unfit', 'themselves');
  const renewed = { ...person, passphrase };
  const weakness = findWeakness(core, renewed);
  if (weakness !== null) return weakness;
  const opened = await openByTwo(core, two, `passphrase of ${id}`, { forRecovery: true });
  if (!opened.ok) return opened;
  const { record, kit } = memory;
  if (record === null || kit === null) return fail('access/set-up-needed');
  const { masterKey, deviceSecret } = opened.value;
  const changed = await enrolPerson(core, renewed, { masterKey, mustChange: true });
  const share = await deps.slots.do({ type: 'create', id, kdf: createKdf(deps.cost, deps.random), factors: { passphrase, possessed: new Uint8Array() }, content: new Uint8Array(shareLength) });
  // Both shares until the record is written, so that a crash parts no slot from its share.
  const both = await refillEscrowKit(deps, [...kit.shares, share], opened.value);
  keepKit(core, both);
  masterKey.fill(0);
  deviceSecret.fill(0);
  const people = record.people.map((one) => (one.id === id ? changed : one));
  const kept = await changeRecord(core, { ...record, people }, { type: 'access.person', result: 'reset by two', ref: id });
  keepKit(core, kept.ok ? { ...both, shares: both.shares.filter((one, at) => one.id !== id || at === both.shares.length - 1) } : kit);
  return kept.ok ? noteSuccess(core, id, { type: 'access.person', result: 'attempts cleared', ref: id }) : kept;
}

/**
 * Both factors first, counted like a log-in; the share itself asks for the passphrase alone, for the machine may be gone. Where
 * nothing can be read of the database, or a key of the person's own would be needed too, the share decides alone: escrow is for lost keys. A recovery
 * code has nothing but its share.
 */
async function proveShare(core: AccessCore, kit: EscrowKit, one: Credentials): Promise<Result<SecretShare>> {
  const { deps, memory } = core;
  const { operatorId, passphrase } = one;
  const factors = shareFactors(one);
  // Check characters that do not fit are a slip of the pen, no guess.
  if (factors === null) return fail('access/wrong');
  const [share = null] = kit.shares.filter(({ id }) => id === operatorId);
  if (memory.record === null || operatorId === recoveryCodeId || findActive(core, operatorId)?.key !== undefined) {
    const opened = await trySlot(core, { who: operatorId, slot: share, factors });
    return opened.ok ? ok({ x: opened.value[0] ?? 0, y: opened.value.subarray(1) }) : opened;
  }
  const slot = share === null ? null : (findActive(core, operatorId)?.slot ?? null);
  const proven = await trySlot(core, { who: operatorId, slot, factors: { passphrase, possessed: deps.device.factor } });
  if (!proven.ok) return proven;
  proven.value.fill(0);
  const opened = await openShare(deps, kit, { operatorId, passphrase });
  return opened === null ? fail('access/two-needed') : ok(opened);
}
