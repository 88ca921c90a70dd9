import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf, isCostly, type KeySlot } from '../../domain/key-slot.ts';
import { type Attempts, countFailure, isLockedOut, needsAdministrator, noAttempts } from '../../domain/lock-out.ts';
import type { AccessCore, AccessNote } from './access-core.ts';
import { encodeAccess } from './access-record.ts';
import type { Factors } from './slot-work.ts';

const hourMs = 3_600_000;

/**
 * One try at a slot. The failure is counted, and on the disk, before the try, so that ending the program in the middle gains
 * nothing. An unknown number costs the same time, is counted too and gets the same answer. `access/wrong`, `access/locked-out`.
 */
export async function trySlot(core: AccessCore, input: { readonly who: string; readonly slot: KeySlot | null; readonly factors: Factors }): Promise<Result<Uint8Array>> {
  const { deps, memory } = core;
  const { attempts } = memory;
  const account = accountOf(input.who);
  const before = attempts.of(account);
  if (isLockedOut(before, deps.now())) return refuseLockedOut(before);
  const counted = soften(core, account, countFailure(before, deps.now()));
  const table = attempts.with(account, counted, isPersonOf(core));
  attempts.keep(table);
  const slot = input.slot !== null && isCostly(input.slot.kdf, deps.cost) ? input.slot : decoyOf(core);
  const opened = await deps.slots.do({ type: 'open', slot, factors: input.factors });
  if (opened !== null) return ok(opened);
  const isOut = isLockedOut(counted, deps.now());
  const noted = await deps.journal.record({
    type: 'access.refused',
    result: isOut ? `${counted.failed} locked-out` : String(counted.failed),
    // What was typed may have been a passphrase in the wrong field.
    ref: input.slot === null ? 'unknown' : account,
    row: { table: 'setting', name: 'attempts', value: encodeAccess(table) },
  });
  if (!noted.ok) return noted;
  return isOut ? refuseLockedOut(counted) : fail('access/wrong');
}

/** Writes down a success that ends the account's failures. */
export async function noteSuccess(core: AccessCore, who: string, note: Omit<AccessNote, 'row'>): Promise<Result<null>> {
  const { deps, memory } = core;
  const table = memory.attempts.with(accountOf(who), noAttempts, isPersonOf(core));
  const noted = await deps.journal.record({ ...note, row: { table: 'setting', name: 'attempts', value: encodeAccess(table) } });
  if (!noted.ok) return noted;
  memory.attempts.keep(table);
  return ok(null);
}

function refuseLockedOut({ lockedUntilAt }: Attempts): ReturnType<typeof fail> {
  const isForGood = lockedUntilAt === Number.MAX_SAFE_INTEGER;
  return fail('access/locked-out', isForGood ? 'administrator' : new Date(lockedUntilAt).toISOString());
}

// Waiting for an administrator where there is none, or only oneself, would be for ever.
function soften({ deps, memory }: AccessCore, account: string, attempts: Attempts): Attempts {
  const isHelped = memory.record?.people.some(({ id, role, isActive }) => role === 'security' && isActive && id !== account) === true;
  return needsAdministrator(attempts) && !isHelped ? { ...attempts, lockedUntilAt: deps.now() + hourMs } : attempts;
}

function isPersonOf({ memory }: AccessCore): (id: string) => boolean {
  return (id) => memory.record?.people.some((person) => person.id === id) === true;
}

function accountOf(who: string): string {
  return /^[0-9A-Za-z-]{1,20}$/.test(who) ? who : 'other';
}

function decoyOf({ deps }: AccessCore): KeySlot {
  return { id: 'decoy', kdf: createKdf(deps.cost, deps.random), publicKey: '', sealedPrivateKey: '', content: '' };
}
