import type { DeviceList, SelfTestEvent } from '../../domain/contracts/devices.ts';
import { judgeScannerTest, type ScannerTestId } from '../../domain/scanner-test.ts';
import type { App } from '../app.ts';
import { createBroadcast } from '../desk/broadcast.ts';
import type { Site } from '../desk/site.ts';
import { printDeviceSettings, readDeviceSettings } from '../devices/device-settings.ts';
import { describeScan } from '../devices/scan-tally.ts';
import { procedure, take, whileLoggedIn } from './procedure.ts';

/** The calls about devices: `deviceContract`, implemented. */
export const deviceCalls = {
  list: procedure.device.list.handler(({ context }) => context.app.scanners.list()),
  watch: procedure.device.watch.handler(({ context, signal }) => context.app.scanners.watch(whileLoggedIn(context.app, signal))),
  setSerial: procedure.device.setSerial.handler(({ context, input }) => {
    const { serial } = context.app.site.current();
    return change(context.app, { serial: put(serial, input, ({ path }) => path === input.path) });
  }),
  setHid: procedure.device.setHid.handler(({ context, input }) => {
    const { hid } = context.app.site.current();
    return change(context.app, { hid: put(hid, input, ({ id }) => id === input.id) });
  }),
  remove: procedure.device.remove.handler(({ context, input }) => {
    const { serial, hid } = context.app.site.current();
    return change(context.app, {
      serial: serial.filter(({ path }) => `serial:${path}` !== input.id),
      hid: hid.filter(({ id }) => id !== input.id),
    });
  }),
  signal: procedure.device.signal.handler(async ({ context, input }) => {
    take(await context.app.scanners.signal(input.id, input.signal));
    return { sent: true as const };
  }),
  selfTest: procedure.device.selfTest.handler(({ context, input, signal }) => runSelfTest(context.app, input, signal)),
  machine: procedure.device.machine.handler(async ({ context }) => ({ diskFreeBytes: await context.app.diskFreeBytes() })),
  exportSettings: procedure.device.exportSettings.handler(({ context }) => {
    const { serial, hid, wedge, codeKinds, site } = context.app.site.current();
    return { fileName: `counter-devices-${site.orgCode}.json`, json: printDeviceSettings({ serial, hid, wedge, codeKinds }) };
  }),
  importSettings: procedure.device.importSettings.handler(({ context, input }) => {
    const { serial, hid, wedge, codeKinds } = take(readDeviceSettings(input.json));
    return change(context.app, { serial, hid, wedge, codeKinds });
  }),
};

/** The calls about the kinds of codes that the site names. */
export const codeKindCalls = {
  list: procedure.codeKind.list.handler(({ context }) => context.app.site.current().codeKinds),
  save: procedure.codeKind.save.handler(async ({ context, input }) => {
    take(await context.app.saveSettings({ codeKinds: input }));
    return context.app.site.current().codeKinds;
  }),
};

async function change(app: App, changes: Partial<Site>): Promise<DeviceList> {
  take(await app.saveSettings(changes));
  return app.scanners.list();
}

/** The list with the entry in the place of the one it replaces, or at the end. */
function put<T>(list: readonly T[], entry: T, isReplaced: (entry: T) => boolean): T[] {
  return list.some(isReplaced) ? list.map((old) => (isReplaced(old) ? entry : old)) : [...list, entry];
}

const longestTestMs = 180_000;

/** While the stream is read nothing scanned is verified: the hub's tap takes it, and the test's end gives it back. */
async function* runSelfTest(
  app: App,
  { symbol, device }: { readonly symbol: ScannerTestId; readonly device?: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<SelfTestEvent, void, void> {
  const events = createBroadcast<SelfTestEvent>({ limit: 32 });
  const news = events.subscribe(signal);
  const untap = app.hub.tap((scan) => {
    if (device !== undefined && scan.deviceId !== device) return false;
    const { source, device: name, text } = scan;
    events.publish({ type: 'scan', source, device: name, scan: describeScan(scan, false), result: judgeScannerTest(symbol, text) });
    return true;
  });
  const unhear = app.hub.onRefused(({ code, device: name }) => events.publish({ type: 'refused', code, device: name }));
  const timer = setTimeout(events.close, longestTestMs);
  try {
    yield { type: 'started', symbol, endsAt: app.now() + longestTestMs };
    yield* news;
    yield { type: 'ended' };
  } finally {
    clearTimeout(timer);
    untap();
    unhear();
    events.close();
  }
}
