import { concatUnmoved } from '../../domain/crypto/bytes.ts';
import { type Failure, fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf, ownBytes } from '../../domain/key-slot.ts';
import { type AccessCore, changeRecord, findActive } from './access-core.ts';
import type { HeldKey, Person } from './access-record.ts';
import type { LoggedIn } from './access-state.ts';
import { isWaiting, noteSuccess, trySlot } from './attempts.ts';
import type { PresentedKey } from './key-provider.ts';

/** What somebody holds out, and why their USB key did not open where it is that. */
export interface Possession {
  readonly possessed: Uint8Array;
  readonly refusal: Failure | null;
}

/**
 * What somebody has: the machine's factor, and behind it the secret of their own key where one is bound to them. A key that is
 * missing or not theirs gives bytes that open nothing, so that it is counted and answered like a wrong passphrase; so does a
 * wrong PIN, of which the key itself says more. A key that could not be asked at all is no try, and fails here.
 */
export async function openPossession(core: AccessCore, person: Person | null, presented: PresentedKey | null): Promise<Result<Possession>> {
  const { deps } = core;
  const held = person?.key;
  // Whoever holds out a USB key hears the same of it whether or not one is bound to this number.
  const absence = presented?.kind === 'usb' && held?.kind !== 'usb' ? await deps.keys.usb.open(nobodys, presented) : null;
  if (absence?.ok === false && !isGuess(absence.failure)) return absence;
  const notTheirs = absence?.ok === false ? absence.failure : null;
  if (person === null || held === undefined) return ok({ possessed: ownBytes(deps.device.factor), refusal: notTheirs });
  const isTried = presented !== null && presented.kind === held.kind && !isWaiting(core, person.id);
  const opened = isTried ? await openHeld(core, held, presented) : ok(null);
  if (!opened.ok && !isGuess(opened.failure)) return opened;
  const secret = opened.ok ? opened.value : null;
  return ok({ possessed: joinPossession(core, secret ?? deps.random(deps.device.factor.length)), refusal: opened.ok ? notTheirs : opened.failure });
}

function openHeld({ deps }: AccessCore, held: HeldKey, presented: PresentedKey): Promise<Result<Uint8Array | null>> {
  return presented.kind === 'usb' ? deps.keys.usb.open(held, presented) : deps.keys.file.open(held, presented);
}

const nobodys: HeldKey = { kind: 'usb', publicKey: '', content: '' };

/** What counts as a try at somebody's account; a key that is not there, or whose library fails, does not. */
function isGuess({ code }: Failure): boolean {
  return code === 'key/pin-wrong' || code === 'key/pin-locked' || code === 'key/not-yours';
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
  const bound = key === null ? ok(null) : await (key.kind === 'usb' ? deps.keys.usb.bind(key) : deps.keys.file.bind(key));
  if (!bound.ok) {
    // The passphrase was right: a key that is not taken is no failed try of the account.
    const noted = await noteSuccess(core, person.id, { type: 'access.key', result: `refused ${bound.failure.code} ${bound.failure.detail ?? ''}`.trim(), ref: person.id });
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
  const both = concatUnmoved(deps.device.factor, secret);
  secret.fill(0);
  return both;
}
