import type { Access, KeyKeepingView } from '../../domain/contracts/access.ts';
import { chooseRetention } from '../administrator-acts.ts';
import type { App } from '../app.ts';
import { procedure, take } from './procedure.ts';

/** The calls about logging in: `accessContract`, implemented. */
export const accessCalls = {
  watch: procedure.access.watch.handler(({ context, signal }) => watchAccess(context.app, signal)),
  setUp: procedure.access.setUp.handler(async ({ context, input }) => take(await context.app.access.setUp(input.people))),
  recoveryCode: procedure.access.recoveryCode.handler(({ context }) => context.app.access.takeRecoveryCode()),
  logIn: procedure.access.logIn.handler(async ({ context, input }) => take(await context.app.access.logIn(input))),
  lock: procedure.access.lock.handler(async ({ context, input }) => take(await context.app.access.lock(input.reason))),
  keepKeyFile: procedure.access.keepKeyFile.handler(async ({ context, input, signal }) => keepKeyFile(take(context.app.access.keyFile.hold(input.file, signal)))),
  touch: procedure.access.touch.handler(({ context }) => {
    context.app.access.touch();
    context.app.accessChanges.publish(null);
    return null;
  }),
  changePassphrase: procedure.access.changePassphrase.handler(async ({ context, input }) => take(await context.app.access.changePassphrase(input))),
  bindKey: procedure.access.bindKey.handler(async ({ context, input }) => take(await context.app.access.bindKey(input))),
};

/** The calls about people: `personContract`, implemented. */
export const personCalls = {
  list: procedure.person.list.handler(({ context }) => [...context.app.access.people()]),
  add: procedure.person.add.handler(async ({ context, input }) => take(await context.app.access.add(input))),
  setActive: procedure.person.setActive.handler(async ({ context, input }) => take(await context.app.access.setActive(input))),
  reset: procedure.person.reset.handler(async ({ context, input }) => take(await context.app.access.reset(input))),
  resetAdministrator: procedure.person.resetAdministrator.handler(async ({ context, input }) => take(await context.app.access.resetAdministrator(input))),
  renewRecoveryCode: procedure.person.renewRecoveryCode.handler(async ({ context, input }) => take(await context.app.access.renewRecoveryCode(input.two))),
  rotateKeys: procedure.person.rotateKeys.handler(async ({ context }) => take(await context.app.access.rotateKeys())),
};

/** The call about the clock: `clockContract`, implemented. */
export const clockCalls = {
  override: procedure.clock.override.handler(async ({ context, input }) => take(await context.app.overrideClock(input))),
};

/** The calls about retention: `retentionContract`, implemented. */
export const retentionCalls = {
  show: procedure.retention.show.handler(async ({ context, input }) => take(await context.app.retention.show(input.profile))),
  choose: procedure.retention.choose.handler(async ({ context, input }) => take(await chooseRetention(context.app, input))),
};

/** The calls about this machine's keys: `machineKeyContract`, implemented. */
export const machineKeyCalls = {
  show: procedure.machineKey.show.handler(({ context }) => describeKeys(context.app)),
  guard: procedure.machineKey.guard.handler(async ({ context, input }) => {
    take(await context.app.deviceKey.move(input.isGuarded));
    return describeKeys(context.app);
  }),
};

async function describeKeys({ deviceKey, access }: App): Promise<KeyKeepingView> {
  return { deviceKey: deviceKey.backend(), available: await deviceKey.available(), hasUsbKeys: access.hasUsbKeys() };
}

async function* watchAccess(app: App, signal: AbortSignal | undefined): AsyncGenerator<Access, void, void> {
  const news = app.accessChanges.subscribe(signal);
  yield describeAccess(app);
  for await (const _ of news) yield describeAccess(app);
}

// The stream says nothing: that it lives is what it is for.
async function* keepKeyFile(end: AbortSignal): AsyncGenerator<null, void, void> {
  yield null;
  await new Promise<void>((resolve) => (end.aborted ? resolve() : end.addEventListener('abort', () => resolve(), { once: true })));
}

function describeAccess(app: App): Access {
  const state = app.access.state();
  const left = app.access.left();
  const keyFileLeft = app.access.keyFile.left();
  const isLocked = state.state === 'locked';
  return {
    state: state.state,
    profile: app.site.current().policy,
    wedge: app.site.current().wedge,
    isTrial: app.isTrial,
    hasUsbKeys: app.access.hasUsbKeys(),
    hasRecords: app.access.hasRecords(),
    operator: 'operator' in state ? state.operator : null,
    lockedBy: isLocked ? state.reason : null,
    lastOperatorId: isLocked ? state.lastOperatorId : null,
    refusedScanAt: isLocked ? state.refusedScanAt : null,
    idleLockAt: left === null ? null : app.now() + left.idleMs,
    sessionEndsAt: left === null ? null : app.now() + left.absoluteMs,
    keyFileDueAt: keyFileLeft === null ? null : app.now() + keyFileLeft,
  };
}
