import { concatBytes } from '../../domain/crypto/bytes.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf, ownBytes } from '../../domain/key-slot.ts';
import { type AccessCore, changeRecord, findActive } from './access-core.ts';
import type { Person } from './access-record.ts';
import type { LoggedIn } from './access-state.ts';
import { isWaiting, noteSuccess, trySlot } from './attempts.ts';
import type { PresentedKey } from './key-provider.ts';

/**
 * What somebody has: the machine's factor, and behind it the secret of their own key where one is bound to them. A key that is
 * missing or not theirs gives bytes that open nothing, so that it is counted and answered like a wrong passphrase.
 */
export async function openPossession(core: AccessCore, person: Person | null, presented: PresentedKey | null): Promise<Uint8Array> {
  const { deps } = core;
  const held = person?.key;
  if (person === null || held === undefined) return ownBytes(deps.device.factor);
  const opened = presented === null || isWaiting(core, person.id) ? null : await deps.keys[held.kind].open(held, presented);
  return joinPossession(core, opened ?? deps.random(deps.device.factor.length));
}

/** Binds a key of one's own to one's slot, or, with null, goes back to the machine's key alone. The data is not sealed again. */
export async function bindKey(core: AccessCore, operator: LoggedIn, { passphrase, key }: { readonly passphrase: string; readonly key: PresentedKey | null }): Promise<Result<null>> {
  const { deps, memory } = core;
  const { record } = memory;
  const person = findActive(core, operator.id);
  if (record === null || person === null) return fail('access/locked');
  const from = { passphrase, possessed: memory.possessed ?? deps.device.factor };
  const proven = await trySlot(core, { who: person.id, slot: person.slot, factors: from });
  if (!proven.ok) return proven;
  proven.value.fill(0);
  const bound = key === null ? ok(null) : await deps.keys[key.kind].bind(key);
  if (!bound.ok) {
    // The passphrase was right: a key that is not taken is no failed try of the account.
    const noted = await noteSuccess(core, person.id, { type: 'access.key', result: `refused ${bound.failure.detail ?? ''}`, ref: person.id });
    return noted.ok ? bound : noted;
  }
  const possessed = bound.value === null ? ownBytes(deps.device.factor) : joinPossession(core, bound.value.secret);
  const slot = await deps.slots.do({ type: 'move', slot: person.slot, kdf: createKdf(deps.cost, deps.random), from, to: { passphrase, possessed } });
  if (slot === null) return fail('access/wrong');
  const changed: Person = { ...person, slot, key: bound.value?.held };
  const people = record.people.map((one) => (one.id === person.id ? changed : one));
  const kept = await changeRecord(core, { ...record, people }, { type: 'access.key', result: key === null ? 'released' : `bound ${key.kind}`, ref: person.id });
  if (!kept.ok) return kept;
  memory.possessed?.fill(0);
  memory.possessed = possessed;
  return noteSuccess(core, person.id, { type: 'access.key', result: 'attempts cleared', ref: person.id });
}

function joinPossession({ deps }: AccessCore, secret: Uint8Array): Uint8Array {
  const both = ownBytes(concatBytes(deps.device.factor, secret));
  secret.fill(0);
  return both;
}
