import { eventIterator } from '@orpc/contract';
import * as v from 'valibot';
import { policyProfiles } from '../passphrase-policy.ts';
import { retainedClasses, retentionProfiles } from '../retention.ts';
import { roles } from '../roles.ts';
import { base } from './base.ts';

const at = v.number();
const operatorId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z-]{1,20}$/));
const passphrase = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40));

const OperatorSchema = v.object({ id: v.string(), name: v.string(), role: v.picklist(roles) });

/** Whether somebody is logged in, and how long for. */
export const AccessSchema = v.object({
  state: v.picklist(['set-up', 'locked', 'passphrase-due', 'open', 'unattended']),
  profile: v.picklist(policyProfiles),
  /** On trial one person may set the counter up alone. */
  isTrial: v.boolean(),
  /** Whether USB keys can be used here. */
  hasUsbKeys: v.boolean(),
  /** There are records already; a set-up keeps them. */
  hasRecords: v.boolean(),
  operator: v.nullable(OperatorSchema),
  lockedBy: v.nullable(v.picklist(['start', 'asked', 'change', 'idle', 'session-end', 'key-removed', 'key-unseen'])),
  /** Who was logged in before the lock, so that they need type only their passphrase. */
  lastOperatorId: v.nullable(v.string()),
  /** A code was scanned while locked, and nothing was done with it. */
  refusedScanAt: v.nullable(at),
  /** How keyboard scanners type here: the door keeps them out of its fields. */
  wedge: v.object({ prefix: v.string(), suffix: v.string(), gapMs: v.number() }),
  /** When idleness and the longest session lock the counter, by this machine's wall clock. */
  idleLockAt: v.nullable(at),
  sessionEndsAt: v.nullable(at),
  /** When the counter locks unless a window is shown the key file of whoever is logged in again; null while one has it in view, and without one. */
  keyFileDueAt: v.nullable(at),
});
export type Access = v.InferOutput<typeof AccessSchema>;

const NewPersonSchema = v.object({ id: operatorId, name, role: v.picklist(roles), passphrase });
export type NewPersonInput = v.InferOutput<typeof NewPersonSchema>;

export const PersonSchema = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  isActive: v.boolean(),
  isLockedOut: v.boolean(),
  mustChange: v.boolean(),
  passphraseAt: at,
});
export type PersonView = v.InferOutput<typeof PersonSchema>;

/** Two administrators, each with both factors: what one alone must not do. A wrong passphrase has `1` or `2` as detail. */
const TwoSchema = v.pipe(v.array(v.object({ operatorId: v.pipe(v.string(), v.minLength(1), v.maxLength(40)), passphrase })), v.length(2));

/** A key of one's own: the text of a key file and its passphrase, or the PIN of the USB key that is plugged in. */
const PresentedKeySchema = v.variant('kind', [
  v.object({ kind: v.literal('file'), pin: passphrase, file: v.pipe(v.string(), v.maxLength(8192)) }),
  v.object({ kind: v.literal('usb'), pin: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
]);
export type PresentedKeyInput = v.InferOutput<typeof PresentedKeySchema>;

/** Logging in and out. A passphrase goes one way only: nothing that comes back holds a secret. */
export const accessContract = {
  watch: base.output(eventIterator(AccessSchema)),
  /** Three administrators, or on trial one 值班长. */
  setUp: base.input(v.object({ people: v.pipe(v.array(NewPersonSchema), v.minLength(1), v.maxLength(3)) })).output(v.null()),
  /** The recovery code of the set-up just made, to be printed: given once, null from then on. */
  recoveryCode: base.output(v.nullable(v.string())),
  /** `access/wrong`, what a USB key answers (`key/…`, a wrong PIN with the tries left), `access/locked-out` with the time (ISO 8601) or `administrator` as detail. */
  logIn: base.input(v.object({ operatorId: v.pipe(v.string(), v.minLength(1), v.maxLength(40)), passphrase, key: v.optional(v.nullable(PresentedKeySchema)) })).output(v.null()),
  /** `key-removed`: the file that somebody logged in with is not there any more. */
  lock: base.input(v.object({ reason: v.picklist(['asked', 'change', 'key-removed']) })).output(v.null()),
  /** This window has the key file of whoever is logged in in view for as long as the stream lives. `access/key-refused` with `another-key`. */
  keepKeyFile: base.input(v.object({ file: v.pipe(v.string(), v.maxLength(8192)) })).output(eventIterator(v.null())),
  /** Somebody is there: the idle time begins again. */
  touch: base.output(v.null()),
  changePassphrase: base.input(v.object({ oldPassphrase: passphrase, newPassphrase: passphrase })).output(v.null()),
  /** Binds a key of one's own, or lets go of it; `access/key-refused` with why. */
  bindKey: base.input(v.object({ passphrase, key: v.nullable(PresentedKeySchema) })).output(v.null()),
};

/** Who may work here; for the security administrator. */
export const personContract = {
  list: base.output(v.array(PersonSchema)),
  add: base.input(NewPersonSchema).output(v.null()),
  setActive: base.input(v.object({ id: v.string(), isActive: v.boolean() })).output(v.null()),
  reset: base.input(v.object({ id: v.string(), passphrase })).output(v.null()),
  /** An administrator's first passphrase anew, by the two others. */
  resetAdministrator: base.input(v.object({ id: v.string(), passphrase, two: TwoSchema })).output(v.null()),
  /** Another recovery code, by two administrators; told once. */
  renewRecoveryCode: base.input(v.object({ two: TwoSchema })).output(v.string()),
  /** A new master key for all slots; records are not sealed again. */
  rotateKeys: base.output(v.null()),
};

/** The clock, where it went back: two administrators say that it is right now. */
export const clockContract = {
  override: base.input(v.object({ two: TwoSchema, reason: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)) })).output(v.null()),
};

/** What stays readable how long, and what goes at the next purge: under the profile in use, or under another before it is chosen. */
export const RetentionSchema = v.object({
  profile: v.picklist(retentionProfiles),
  isInUse: v.boolean(),
  /** Nothing is purged by a clock that no platform has confirmed. */
  isTimeTrusted: v.boolean(),
  /** `days` after the day of recording; of how many days there are keys, and since when. */
  classes: v.array(v.object({ class: v.picklist(retainedClasses), days: v.number(), keptDays: v.number(), oldestAt: v.nullable(at) })),
  due: v.array(v.object({ class: v.picklist(retainedClasses), dayAt: at, records: v.number() })),
});
export type RetentionView = v.InferOutput<typeof RetentionSchema>;

/** How long records stay readable: the three administrators see it, the security administrator chooses; what is kept shorter takes `two`, or is `access/two-needed`. */
export const retentionContract = {
  show: base.input(v.object({ profile: v.nullable(v.picklist(retentionProfiles)) })).output(RetentionSchema),
  choose: base.input(v.object({ profile: v.picklist(retentionProfiles), two: v.optional(TwoSchema) })).output(v.null()),
};

/** Where this machine's device key lies: `file`, or the operating system's store that guards it; the store that could, or null. */
export const KeyKeepingSchema = v.object({ deviceKey: v.string(), available: v.nullable(v.string()), hasUsbKeys: v.boolean() });
export type KeyKeepingView = v.InferOutput<typeof KeyKeepingSchema>;

/** The keys of this machine: the three administrators see where they are, the system administrator moves the device key. */
export const machineKeyContract = {
  show: base.output(KeyKeepingSchema),
  /** `access/people-unfit` before three administrators were set up; `key/store-failed`. */
  guard: base.input(v.object({ isGuarded: v.boolean() })).output(KeyKeepingSchema),
};
