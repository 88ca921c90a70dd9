import { fail, ok, type Result } from '../../domain/failure.ts';
import { createKdf, isCostly, type KeySlot } from '../../domain/key-slot.ts';
import { type Attempts, countFailure, needsAdministrator, noAttempts, waitOf } from '../../domain/lock-out.ts';
import type { AccessCore, AccessNote } from './access-core.ts';
import { encodeAccess } from './access-record.ts';
import type { Factors } from './slot-work.ts';

const hourMs = 3_600_000;

/**
 * One try at a slot. The failure is counted, and on the disk, before the try, so that ending the program in the middle gains
 * nothing. An unknown number costs the same time, is counted too and gets the same answer. Gives what lies in the slot, to `enter`
 * with the signing key behind it. `access/wrong`, `access/locked-out`.
 */
export async function trySlot(core: AccessCore, input: { readonly who: string; readonly slot: KeySlot | null; readonly factors: Factors; readonly job?: 'enter' }): Promise<Result<Uint8Array>> {
  const { deps, memory } = core;
  const { attempts } = memory;
  const account = accountOf(input.who);
  const before = attempts.of(account);
  if (isWaiting(core, account)) return refuseWaiting(core, account);
  const counted = soften(core, account, countFailure(before, deps.now()));
  const table = attempts.with(account, counted, isPersonOf(core));
  attempts.keep(table);
  const waitMs = waitOf(counted);
  if (waitMs !== null) memory.waits.set(account, deps.monotonic() + waitMs);
  const slot = input.slot !== null && isCostly(input.slot.kdf, deps.cost) ? input.slot : decoyOf(core);
  const opened = await deps.slots.do({ type: input.job ?? 'open', slot, factors: input.factors });
  if (opened !== null) return ok(opened);
  const isOut = isWaiting(core, account);
  const noted = await deps.journal.record({
    type: 'access.refused',
    result: isOut ? `${counted.failed} locked-out` : String(counted.failed),
    // What was typed may have been a passphrase in the wrong field.
    ref: input.slot === null ? 'unknown' : account,
    row: { table: 'setting', name: 'attempts', value: encodeAccess(table) },
  });
  if (!noted.ok) return noted;
  return isOut ? refuseWaiting(core, account) : fail('access/wrong');
}

/** Writes down a success that ends the account's failures. */
export async function noteSuccess(core: AccessCore, who: string, note: Omit<AccessNote, 'row'>): Promise<Result<null>> {
  const { deps, memory } = core;
  const table = memory.attempts.with(accountOf(who), noAttempts, isPersonOf(core));
  const noted = await deps.journal.record({ ...note, row: { table: 'setting', name: 'attempts', value: encodeAccess(table) } });
  if (!noted.ok) return noted;
  memory.attempts.keep(table);
  memory.waits.delete(accountOf(who));
  return ok(null);
}

/** Whether an account is refused without looking at what was typed. */
export function isWaiting({ deps, memory }: AccessCore, account: string): boolean {
  return needsAdministrator(memory.attempts.of(account)) || deps.monotonic() < (memory.waits.get(account) ?? 0);
}

function refuseWaiting({ deps, memory }: AccessCore, account: string): ReturnType<typeof fail> {
  if (needsAdministrator(memory.attempts.of(account))) return fail('access/locked-out', 'administrator');
  const leftMs = (memory.waits.get(account) ?? 0) - deps.monotonic();
  return fail('access/locked-out', new Date(deps.now() + leftMs).toISOString());
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
