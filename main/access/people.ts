import { fail, ok, type Result } from '../../domain/failure.ts';
import { noAttempts } from '../../domain/lock-out.ts';
import { isAdministratorRole, type Role } from '../../domain/roles.ts';
import { type AccessCore, changeRecord, requireOpen } from './access-core.ts';
import type { Person } from './access-record.ts';
import { isWaiting, noteSuccess } from './attempts.ts';
import { isReserved } from './recovery-code.ts';
import { enrolPerson, findWeakness, type NewPerson } from './set-up.ts';

/** A person as the security administrator sees them. */
export interface ListedPerson {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly isActive: boolean;
  readonly isLockedOut: boolean;
  readonly mustChange: boolean;
  readonly passphraseAt: number;
}

/** Everybody who is or was taken on. */
export function listPeople(core: AccessCore): readonly ListedPerson[] {
  return (core.memory.record?.people ?? []).map(({ id, name, role, isActive, mustChange, passphraseAt }) => ({
    ...{ id, name, role, isActive, mustChange, passphraseAt },
    isLockedOut: isWaiting(core, id),
  }));
}

/** Takes on an operator or a 值班长 with a first passphrase that they must replace; the three administrators are made by the set-up alone. */
export async function addPerson(core: AccessCore, person: NewPerson): Promise<Result<null>> {
  const open = requireOpen(core);
  if (!open.ok) return open;
  const { record, masterKey } = open.value;
  if (isAdministratorRole(person.role)) return fail('access/people-unfit', 'roles');
  if (isReserved(person) || record.people.some(({ id }) => id === person.id)) return fail('access/people-unfit', 'id-taken');
  const weakness = findWeakness(core, person);
  if (weakness !== null) return weakness;
  const added = await enrolPerson(core, person, { masterKey, mustChange: true });
  return changeRecord(core, { ...record, people: [...record.people, added] }, { type: 'access.person', result: `added ${person.role}`, ref: person.id });
}

/** Lets somebody log in no more, or again. Their slot stays: what they recorded stays theirs. */
export async function setPersonActive(core: AccessCore, input: { readonly id: string; readonly isActive: boolean }): Promise<Result<null>> {
  return changePerson(core, input.id, input.isActive ? 'enabled' : 'disabled', async (person) => ok({ ...person, isActive: input.isActive }));
}

/** Gives somebody a new first passphrase and lifts their lock-out; the old one is of no use any more. */
export async function resetPerson(core: AccessCore, input: { readonly id: string; readonly passphrase: string }): Promise<Result<null>> {
  const changed = await changePerson(core, input.id, 'reset', async (person, masterKey) => {
    const renewed = { ...person, passphrase: input.passphrase };
    return findWeakness(core, renewed) ?? ok(await enrolPerson(core, renewed, { masterKey, mustChange: true }));
  });
  if (!changed.ok || core.memory.attempts.of(input.id) === noAttempts) return changed;
  return noteSuccess(core, input.id, { type: 'access.person', result: 'attempts cleared', ref: input.id });
}

type Change = (person: Person, masterKey: Uint8Array) => Promise<Result<Person>>;

async function changePerson(core: AccessCore, id: string, result: string, change: Change): Promise<Result<null>> {
  const open = requireOpen(core);
  if (!open.ok) return open;
  const { record, masterKey } = open.value;
  const person = record.people.find((one) => one.id === id);
  if (person === undefined) return fail('access/unknown-person');
  // One administrator has no power over another: that would make one of three enough.
  if (isAdministratorRole(person.role)) return fail('access/two-needed');
  const changed = await change(person, masterKey);
  if (!changed.ok) return changed;
  const people = record.people.map((one) => (one.id === id ? changed.value : one));
  return changeRecord(core, { ...record, people }, { type: 'access.person', result, ref: id });
}
