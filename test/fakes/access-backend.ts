import { EventPublisher, implement } from '@orpc/server';
import type { Access, PersonView } from '../../domain/contracts/access.ts';
import { counterContract } from '../../domain/contracts/counter.ts';
import { isShorter, retainedClasses, retentionDays, type RetentionProfile } from '../../domain/retention.ts';
import type { FailureCode } from '../../domain/failure.ts';

/** The passphrase that the fake takes for everybody's. */
export const rightPassphrase = 'Correct-horse-7';

const unattended: Access = {
  state: 'unattended',
  profile: 'mlps3',
  isTrial: true,
  hasRecords: false,
  hasUsbKeys: true,
  operator: null,
  lockedBy: null,
  lastOperatorId: null,
  refusedScanAt: null,
  wedge: { prefix: '', suffix: '\r', gapMs: 30 },
  idleLockAt: null,
  sessionEndsAt: null,
  keyFileDueAt: null,
};

const sampleCode = 'J2QH-7M0X-4RVT-9KCE-W1AB-56NP-GZ3S';

const clerk = { id: '10387', name: '周敏', role: 'operator' } as const;

/** Log-in and people in memory; unattended unless told. */
export function createAccessBackend({ now, access = {}, record }: { readonly now: () => number; readonly access?: Partial<Access> | undefined; readonly record: (call: string) => void }) {
  const contract = implement(counterContract);
  const publisher = new EventPublisher<{ access: Access }>();
  let current: Access = { ...unattended, ...access };
  let tries = 0;
  let recoveryCode: string | null = null;
  let deviceKey = 'file';
  let retention: RetentionProfile = 'hall';
  let people: PersonView[] = [
    { id: '10001', name: '韩立', role: 'administrator', isActive: true, isLockedOut: false, mustChange: false, passphraseAt: now() - 40 * 86_400_000 },
    { id: '10002', name: '陆瑶', role: 'security', isActive: true, isLockedOut: false, mustChange: false, passphraseAt: now() - 12 * 86_400_000 },
    { id: '10003', name: '丁一鸣', role: 'auditor', isActive: true, isLockedOut: false, mustChange: false, passphraseAt: now() - 12 * 86_400_000 },
    { id: '10387', name: '周敏', role: 'operator', isActive: true, isLockedOut: false, mustChange: false, passphraseAt: now() - 81 * 86_400_000 },
    { id: '10412', name: '吴晓芸', role: 'operator', isActive: true, isLockedOut: true, mustChange: false, passphraseAt: now() - 20 * 86_400_000 },
    { id: '10290', name: '赵建平', role: 'supervisor', isActive: true, isLockedOut: false, mustChange: true, passphraseAt: now() - 3_600_000 },
    { id: '10118', name: '孙国庆', role: 'operator', isActive: false, isLockedOut: false, mustChange: false, passphraseAt: now() - 200 * 86_400_000 },
  ];
  const change = (part: Partial<Access>): null => {
    current = { ...current, ...part };
    publisher.publish('access', current);
    return null;
  };
  const open = (operator: NonNullable<Access['operator']>): null =>
    change({ state: 'open', operator, lockedBy: null, lastOperatorId: null, refusedScanAt: null, idleLockAt: now() + 300_000, sessionEndsAt: now() + 43_200_000 });
  const lock = (lockedBy: NonNullable<Access['lockedBy']>): null =>
    change({ state: 'locked', lastOperatorId: lockedBy === 'change' ? null : (current.operator?.id ?? null), operator: null, lockedBy, idleLockAt: null, sessionEndsAt: null });
  const refusal = (passphrase: string): { code: FailureCode; detail?: string } | null => {
    if (passphrase === rightPassphrase) return null;
    tries += 1;
    return tries < 5 ? { code: 'access/wrong' } : { code: 'access/locked-out', detail: new Date(now() + 600_000).toISOString() };
  };
  const refusalOfTwo = (two: readonly { readonly operatorId: string; readonly passphrase: string }[]): { code: FailureCode; detail: string } | null => {
    if (two[0]?.operatorId === two[1]?.operatorId) return { code: 'access/two-needed', detail: 'same-person' };
    const wrong = two.findIndex(({ passphrase }) => passphrase !== rightPassphrase);
    return wrong < 0 ? null : { code: 'access/wrong', detail: String(wrong + 1) };
  };
  const edit = (id: string, part: Partial<PersonView>): null => {
    people = people.map((person) => (person.id === id ? { ...person, ...part } : person));
    return null;
  };
  return {
    change,
    operator: () => current.operator,
    calls: {
      watch: contract.access.watch.handler(async function* ({ signal }) {
        yield current;
        for await (const next of publisher.subscribe('access', signal === undefined ? {} : { signal })) yield next;
      }),
      setUp: contract.access.setUp.handler(({ input }) => {
        record(`access.setUp ${input.people.map(({ role }) => role).join(' ')}`);
        const [first] = input.people;
        if (input.people.length === 3) recoveryCode = sampleCode;
        return input.people.length === 1 && first !== undefined ? open({ id: first.id, name: first.name, role: first.role }) : change({ state: 'locked', lockedBy: 'start' });
      }),
      recoveryCode: contract.access.recoveryCode.handler(() => {
        const code = recoveryCode;
        recoveryCode = null;
        return code;
      }),
      logIn: contract.access.logIn.handler(({ input, errors }) => {
        const refused = refusal(input.passphrase);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        const person = people.find(({ id }) => id === input.operatorId) ?? clerk;
        return open({ id: person.id, name: person.name, role: person.role });
      }),
      lock: contract.access.lock.handler(({ input }) => lock(input.reason)),
      keepKeyFile: contract.access.keepKeyFile.handler(async function* () {
        change({ keyFileDueAt: null });
        yield null;
      }),
      touch: contract.access.touch.handler(() => change({ idleLockAt: now() + 300_000 })),
      bindKey: contract.access.bindKey.handler(({ input, errors }) => {
        const refused = refusal(input.passphrase);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        return null;
      }),
      changePassphrase: contract.access.changePassphrase.handler(({ input, errors }) => {
        const refused = refusal(input.oldPassphrase);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        if (input.newPassphrase.length < 12) throw errors.FAILURE({ data: { code: 'access/passphrase-weak', detail: 'too-short' } });
        return current.operator === null ? null : open(current.operator);
      }),
    },
    clock: {
      override: contract.clock.override.handler(({ input, errors }) => {
        const refused = refusalOfTwo(input.two);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        return null;
      }),
    },
    machineKey: {
      show: contract.machineKey.show.handler(() => ({ deviceKey, available: 'secret-service', hasUsbKeys: true })),
      guard: contract.machineKey.guard.handler(({ input }) => {
        deviceKey = input.isGuarded ? 'secret-service' : 'file';
        return { deviceKey, available: 'secret-service', hasUsbKeys: true };
      }),
    },
    retention: {
      show: contract.retention.show.handler(({ input: { profile } }) => {
        const shown = profile ?? retention;
        const classes = retainedClasses.map((name) => ({ class: name, days: retentionDays[shown][name], keptDays: 12, oldestAt: now() - 12 * 86_400_000 }));
        return { profile: shown, isInUse: shown === retention, isTimeTrusted: true, classes, due: shown === 'kiosk' ? [{ class: 'content' as const, dayAt: now() - 12 * 86_400_000, records: 31 }] : [] };
      }),
      choose: contract.retention.choose.handler(({ input: { profile, two }, errors }) => {
        if (isShorter(profile, retention) && two === undefined) throw errors.FAILURE({ data: { code: 'access/two-needed' } });
        const refused = two === undefined ? null : refusalOfTwo(two);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        retention = profile;
        return null;
      }),
    },
    people: {
      list: contract.person.list.handler(() => people),
      add: contract.person.add.handler(({ input: { id, name, role } }) => {
        people = [...people, { id, name, role, isActive: true, isLockedOut: false, mustChange: true, passphraseAt: now() }];
        return null;
      }),
      setActive: contract.person.setActive.handler(({ input }) => edit(input.id, { isActive: input.isActive })),
      reset: contract.person.reset.handler(({ input }) => edit(input.id, { mustChange: true, isLockedOut: false, passphraseAt: now() })),
      resetAdministrator: contract.person.resetAdministrator.handler(({ input, errors }) => {
        const refused = refusalOfTwo(input.two);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        return edit(input.id, { mustChange: true, isLockedOut: false, passphraseAt: now() });
      }),
      renewRecoveryCode: contract.person.renewRecoveryCode.handler(({ input, errors }) => {
        const refused = refusalOfTwo(input.two);
        if (refused !== null) throw errors.FAILURE({ data: refused });
        return sampleCode;
      }),
      rotateKeys: contract.person.rotateKeys.handler(() => null),
    },
  };
}
