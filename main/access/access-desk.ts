import { fail, ok, type Result } from '../../domain/failure.ts';
import type { Role } from '../../domain/roles.ts';
import { type AccessCore, type AccessDeps, findActive, loadAccess, requireOpen } from './access-core.ts';
import type { AccessState, LockReason, LoggedIn } from './access-state.ts';
import type { Credentials } from './escrow.ts';
import type { KeyFileGuard } from './key-file-guard.ts';
import type { PresentedKey } from './key-provider.ts';
import { type PersonSigner, unlessThrown } from './person-signer.ts';
import { rotateMasterKey } from './key-rotation.ts';
import { changePassphrase, lockKeys, logIn } from './log-in.ts';
import { addPerson, type ListedPerson, listPeople, resetPerson, setPersonActive } from './people.ts';
import { bindKey } from './person-key.ts';
import { takeRecoveryCode } from './recovery-code.ts';
import { renewRecoveryCode } from './recovery-code-renewal.ts';
import { createSessionClock, type SessionClock, type SessionClockDeps, type SessionLimits } from './session-clock.ts';
import { type NewPerson, openUnattended, setUpAccess } from './set-up.ts';
import { type AdministratorReset, confirmByTwo, resetAdministrator } from './two-administrators.ts';

/** Who is at the counter, and the keys that come and go with them. Every call is served in turn. */
export interface AccessDesk {
  state(): AccessState;
  /** Whether there are records that a set-up would take over. */
  hasRecords(): boolean;
  /** Whether USB keys can be used at this machine. */
  hasUsbKeys(): boolean;
  /** Who acts: for audit entries. `-` while nobody is logged in. */
  identity(): { readonly actor: string; readonly role: string } | null;
  /** The role that calls are judged by; null while nobody may act. */
  role(): Role | null;
  /** Signs as whoever is logged in; null while nobody is, and where nobody logs in. */
  signer(): PersonSigner | null;
  left: SessionClock['left'];
  setUp(people: readonly NewPerson[]): Promise<Result<null>>;
  openUnattended(): Promise<Result<null>>;
  logIn(credentials: Credentials): Promise<Result<null>>;
  lock(reason: LockReason): Promise<Result<null>>;
  touch(): void;
  /** Who looks after the key file of whoever is logged in. */
  readonly keyFile: Pick<KeyFileGuard, 'hold' | 'left'>;
  /** A scan came while nobody may act: it does nothing, and the window says so. */
  scanRefused(): void;
  changePassphrase(change: { readonly oldPassphrase: string; readonly newPassphrase: string }): Promise<Result<null>>;
  /** A key of one's own, needed at every log-in from now on; null for none any more. */
  bindKey(input: { readonly passphrase: string; readonly key: PresentedKey | null }): Promise<Result<null>>;
  people(): readonly ListedPerson[];
  add(person: NewPerson): Promise<Result<null>>;
  setActive(input: { readonly id: string; readonly isActive: boolean }): Promise<Result<null>>;
  reset(input: { readonly id: string; readonly passphrase: string }): Promise<Result<null>>;
  /** An administrator's passphrase anew, by the two others. */
  resetAdministrator(input: AdministratorReset): Promise<Result<null>>;
  rotateKeys(): Promise<Result<null>>;
  /** The recovery code of the set-up just made, given once; null from then on. */
  takeRecoveryCode(): string | null;
  /** Another recovery code, by two administrators; the one before opens nothing any more. */
  renewRecoveryCode(two: readonly Credentials[]): Promise<Result<string>>;
  /** Whether two different administrators stand behind this; what one alone must not do asks here. */
  confirmTwo(credentials: readonly Credentials[], purpose: string): Promise<Result<null>>;
  close(): Promise<void>;
}

/** What the desk needs beside the core's; `onOpened` and `onLocked` bring the rest of the counter along. */
export interface AccessDeskDeps extends AccessDeps, Pick<SessionClockDeps, 'setTimer' | 'sinceBoot'> {
  readonly limits: () => SessionLimits;
  readonly keyFileGuard: KeyFileGuard;
  readonly onChanged: () => void;
  readonly onOpened: (operator: LoggedIn | null, before: string | null) => Promise<void>;
  readonly onLocked: () => void;
}

/** Opens the desk, locked. */
export async function openAccessDesk(deps: AccessDeskDeps): Promise<Result<AccessDesk>> {
  const memory = await loadAccess(deps);
  if (!memory.ok) return memory;
  const core: AccessCore = { deps, memory: memory.value, changed: deps.onChanged };
  if (core.memory.attempts.disagreed) await deps.journal.record({ type: 'access.attempts-differ', result: 'stricter taken', ref: 'attempts' });
  return ok(createDesk(deps, core));
}

function createDesk(deps: AccessDeskDeps, core: AccessCore): AccessDesk {
  const { memory } = core;
  const inTurn = createTurn();
  const seat = createSeat(deps, core, inTurn);
  return {
    state: () => memory.state,
    hasRecords: () => memory.record !== null,
    hasUsbKeys: () => deps.keys.usb.isSetUp(),
    identity: () => (memory.state.state === 'unattended' ? null : identityOf(memory.state)),
    role: () => (memory.state.state === 'open' ? memory.state.operator.role : null),
    signer: () => memory.signer,
    left: seat.clock.left,
    touch: seat.clock.touch,
    keyFile: deps.keyFileGuard,
    lock: (reason) => inTurn(() => seat.lock(reason)),
    scanRefused: () => {
      if (memory.state.state === 'locked') seat.show({ ...memory.state, refusedScanAt: deps.now() });
    },
    ...createEntrance(deps, core, { seat, inTurn }),
    ...createOffice(core, inTurn),
    close: async () => {
      await inTurn(async () => ok(null));
      seat.clock.stop();
      seat.stopWatch();
      await lockKeys(core);
    },
  };
}

/** Where whoever is logged in sits: taken, shown, and left with every key forgotten. */
interface Seat {
  readonly clock: SessionClock;
  /** Looks from now on whether the key of whoever is logged in stays where it is. */
  watchKey(): void;
  stopWatch(): void;
  show(state: AccessState): void;
  take(operator: LoggedIn, isDue: boolean): Promise<void>;
  lock(reason: LockReason): Promise<Result<null>>;
}

function createSeat(deps: AccessDeskDeps, core: AccessCore, inTurn: Turn): Seat {
  const { memory } = core;
  const show = (state: AccessState): void => {
    memory.state = state;
    deps.onChanged();
  };
  const lock: Seat['lock'] = async (reason) => {
    const operator = operatorOf(memory.state);
    if (operator === null) return fail('access/locked');
    // Locked first: a full disk must not keep a session open.
    clock.stop();
    stopWatch();
    show({ state: 'locked', reason, lastOperatorId: reason === 'change' ? null : operator.id, refusedScanAt: null });
    deps.onLocked();
    await lockKeys(core);
    const noted = await deps.journal.record({ type: 'access.locked', result: reason, ref: operator.id, as: { actor: operator.id, role: operator.role } });
    return noted.ok ? ok(null) : noted;
  };
  const clock = createSessionClock({ ...deps, onEnd: (why) => void inTurn(() => lock(why)) });
  let watch: { readonly stop: () => void } | null = null;
  const stopWatch = (): void => {
    watch?.stop();
    watch = null;
  };
  const watchKey = (): void => {
    stopWatch();
    const held = findActive(core, operatorOf(memory.state)?.id ?? '')?.key;
    if (held === undefined) return;
    // Whoever has logged in meanwhile stays.
    const stop = deps.keys[held.kind].watch(held, (why) => void inTurn(async () => (watch === mine ? lock(why) : ok(null))));
    const mine = { stop };
    watch = mine;
  };
  return {
    clock,
    watchKey,
    stopWatch,
    show,
    lock,
    take: async (operator, isDue) => {
      const before = memory.lastOperatorId;
      memory.lastOperatorId = operator.id;
      clock.start();
      show(isDue ? { state: 'passphrase-due', operator } : { state: 'open', operator });
      watchKey();
      if (!isDue) await deps.onOpened(operator, before);
    },
  };
}

type Entrance = Pick<AccessDesk, 'setUp' | 'openUnattended' | 'logIn' | 'changePassphrase' | 'bindKey'>;

/** The ways in. */
function createEntrance(deps: AccessDeskDeps, core: AccessCore, { seat, inTurn }: { readonly seat: Seat; readonly inTurn: Turn }): Entrance {
  const { memory } = core;
  return {
    setUp: (people) =>
      inTurn(async () => {
        // Set up is set up, also where whoever did it could not be logged in: the door asks them to.
        const shutDoor = async (): Promise<void> => {
          if (memory.state.state === 'set-up' && (memory.record?.people.length ?? 0) > 0) seat.show({ state: 'locked', reason: 'start', lastOperatorId: null, refusedScanAt: null });
        };
        const done = await unlessThrown(setUpAccess(core, people), shutDoor);
        if (done.ok && done.value !== null) await seat.take(done.value, false);
        else await shutDoor();
        return done.ok ? ok(null) : done;
      }),
    openUnattended: () =>
      inTurn(async () => {
        const opened = await openUnattended(core);
        if (!opened.ok) return opened;
        seat.show({ state: 'unattended' });
        await deps.onOpened(null, null);
        return opened;
      }),
    logIn: (credentials) =>
      inTurn(async () => {
        if (operatorOf(memory.state) !== null) await seat.lock('change');
        const done = await logIn(core, credentials);
        if (done.ok) await seat.take(done.value.operator, done.value.isDue);
        else deps.onChanged();
        return done.ok ? ok(null) : done;
      }),
    bindKey: (input) =>
      inTurn(async () => {
        const open = requireOpen(core);
        const bound = open.ok ? await bindKey(core, open.value.operator, input) : open;
        if (bound.ok) seat.watchKey();
        return bound;
      }),
    changePassphrase: (change) =>
      inTurn(async () => {
        const operator = operatorOf(memory.state);
        if (operator === null) return fail('access/locked');
        const done = await changePassphrase(core, operator, change);
        if (done.ok && memory.state.state === 'passphrase-due') {
          seat.show({ state: 'open', operator });
          await deps.onOpened(operator, null);
        }
        return done;
      }),
  };
}

type Office = Pick<AccessDesk, 'people' | 'add' | 'setActive' | 'reset' | 'resetAdministrator' | 'takeRecoveryCode' | 'renewRecoveryCode' | 'rotateKeys' | 'confirmTwo'>;

/** What administrators do. */
function createOffice(core: AccessCore, inTurn: Turn): Office {
  return {
    people: () => listPeople(core),
    add: (person) => inTurn(() => addPerson(core, person)),
    setActive: (input) => inTurn(() => setPersonActive(core, input)),
    reset: (input) => inTurn(() => resetPerson(core, input)),
    rotateKeys: () =>
      inTurn(async () => {
        const held = requireOpen(core);
        return held.ok ? rotateMasterKey(core, held.value.record, held.value.masterKey) : held;
      }),
    resetAdministrator: (input) => inTurn(() => resetAdministrator(core, input)),
    takeRecoveryCode: () => takeRecoveryCode(core.memory),
    renewRecoveryCode: (two) => inTurn(() => renewRecoveryCode(core, two)),
    confirmTwo: (credentials, purpose) => inTurn(() => confirmByTwo(core, credentials, purpose)),
  };
}

function operatorOf(state: AccessState): LoggedIn | null {
  return 'operator' in state ? state.operator : null;
}

function identityOf(state: AccessState): { readonly actor: string; readonly role: string } {
  const operator = operatorOf(state);
  return operator === null ? { actor: '-', role: '-' } : { actor: operator.id, role: operator.role };
}

type Turn = <T>(work: () => Promise<Result<T>>) => Promise<Result<T>>;

/** One after the other: two changes at once would each begin from the same record. */
function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}
