import path from 'node:path';
import { systemRandom } from '../../domain/crypto/random.ts';
import type { Settings } from '../../domain/contracts/counter.ts';
import type { Platform } from '../../platform/app.ts';
import type { App } from '../app.ts';
import { openSite } from '../desk/site-file.ts';
import type { Site } from '../desk/site.ts';
import { createKioskHost, type KioskHost } from '../kiosk.ts';
import { type BrowserWindow, type Desktop, findBrowser, hasDisplay, openBrowserWindow } from './browser-window.ts';
import { allowCamera } from './camera-permission.ts';
import type { Call, Outcome } from './command.ts';
import { foldersIn, isPracticeFolder, prepareDataFolder } from './data-folder.ts';
import { printFailure } from './failure-words.ts';
import { findProgramFolder } from './program-files.ts';
import { startReferencePlatform } from './reference-platform.ts';
import { usualKioskPort, usualPlatformPort } from './usual-ports.ts';
import { writeWindowEntry } from './window-entry.ts';

/** What the command read beside its options. */
export interface KioskRunSettings {
  readonly dataFolder: string;
  readonly serial: Settings['serial'];
}

/** Runs platform (if embedded), counter, host and window until the window is closed or the program is stopped. */
export async function runKiosk(call: Call, settings: KioskRunSettings): Promise<Outcome> {
  const hindrance = prepareDataFolder(settings.dataFolder);
  if (hindrance !== null) {
    call.output.complain(hindrance);
    return 'failed';
  }
  const closing: (() => Promise<void> | void)[] = [];
  try {
    return await serve(call, settings, closing);
  } finally {
    for (const close of closing.toReversed()) await close();
    call.output.say('Stopped.');
  }
}

/** The host comes first and the browser at once after it: the browser's own start is the longest wait, and the services start beside it. */
async function serve(call: Call, settings: KioskRunSettings, closing: (() => Promise<void> | void)[]): Promise<Outcome> {
  const { output } = call;
  const folders = foldersIn(settings.dataFolder);
  const { isStoreHeld } = await import('../store/lock-probe.ts');
  if (await isStoreHeld(folders.counter)) {
    output.complain(printFailure({ code: 'store/locked' }));
    return 'failed';
  }
  // Before any window: what it would show is this complaint.
  const site = openSite({ dataDir: folders.counter, writeFile: () => {} });
  if (!site.ok) {
    output.complain(printFailure(site.failure));
    return 'failed';
  }
  const starting = Promise.withResolvers<App>();
  const host = await startHost(call, starting.promise);
  if (typeof host === 'string') {
    output.complain(host);
    return 'failed';
  }
  closing.push(host.close);
  output.say(`Counter              ${host.origin}   data in ${settings.dataFolder}`);
  const windows = openCounterWindow(call, { settings, host, closing });

  const isPractice = call.flag('embedded') && isPracticeFolder(settings.dataFolder);
  const platform = call.flag('embedded') ? await startEmbedded(folders.platform) : null;
  // The services end after host and windows: nobody is left to ask them.
  if (platform !== null) closing.unshift(platform.close);
  const { startCounter } = await import('./counter-app.ts');
  const app = await startCounter({
    ...{ dataDir: folders.counter, unattended: isPractice && !call.flag('log-in'), isTrial: isPractice },
    ...addressOf(call, platform),
    ...siteWith(site.value.current(), settings.serial),
  });
  if (!app.ok) {
    output.complain(printFailure(app.failure));
    return 'failed';
  }
  closing.splice(platform === null ? 0 : 1, 0, app.value.close);
  starting.resolve(app.value);

  const presenter = platform === null ? null : `${platform.url}/`;
  if (platform !== null) output.say(`Reference platform   ${platform.url}`);
  if (presenter !== null) output.say(`Presenter page       ${presenter}`);
  if (presenter !== null && call.flag('presenter')) windows.openPresenter(presenter);
  output.record({ address: host.address, origin: host.origin, platform: platform?.url ?? call.text('platform'), presenter, dataFolder: settings.dataFolder });
  void app.value.ready.then(() => reportConnection(call, app.value));
  output.say('Ctrl+C stops it.');
  await Promise.race([call.untilStopped(), windows.closed]);
  return 'done';
}

/** On its usual port, so that its address stays; another program on that port is no reason not to start. */
async function startEmbedded(dataDir: string): Promise<Platform> {
  const platform = (await startReferencePlatform({ dataDir, port: usualPlatformPort })) ?? (await startReferencePlatform({ dataDir, port: 0 }));
  if (platform === null) throw new Error('no free port for the platform');
  return platform;
}

function addressOf(call: Call, platform: Platform | null) {
  const url = platform?.url ?? call.text('platform');
  const enrolmentCode = platform?.enrolmentCode ?? call.text('enrol');
  if (url === null) return {};
  return { platform: enrolmentCode === null ? { url } : { url, enrolmentCode } };
}

/** The scanners of the settings and those of the command line, these for this start only. */
function siteWith({ serial: kept }: Pick<Site, 'serial'>, serial: Settings['serial']) {
  if (serial.length === 0) return {};
  return { site: { serial: [...kept.filter((scanner) => serial.every((added) => added.path !== scanner.path)), ...serial] } };
}

async function startHost(call: Call, app: Promise<App>): Promise<KioskHost | string> {
  const windowDir = path.join(findProgramFolder(), 'dist', 'window');
  const wanted = call.count('port');
  for (const port of wanted === null ? [usualKioskPort, 0] : [wanted]) {
    try {
      return (await createKioskHost({ app, random: systemRandom, windowDir, port })) ?? 'the window is not built yet: run `npm run build` first.';
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    }
  }
  return `port ${wanted ?? usualKioskPort} is taken; choose one with --port, or --port 0 for any.`;
}

interface WindowParts {
  readonly settings: KioskRunSettings;
  readonly host: KioskHost;
  readonly closing: (() => Promise<void> | void)[];
}

/** The counter's window; `closed` resolves when the person has closed it, never where none could be opened. */
interface Windows {
  readonly closed: Promise<void>;
  openPresenter(address: string): void;
}

/** The phone's window stands beside it where the screen is wide enough; else the window manager moves it in. */
const counterSize = { width: 1366, height: 768 };

function openCounterWindow(call: Call, { settings, host, closing }: WindowParts): Windows {
  const { output } = call;
  const desktop: Desktop = { platform: process.platform, env: process.env, isRoot: process.getuid?.() === 0 };
  const never = new Promise<void>(() => {});
  const browser = findBrowser(desktop);
  const reason = call.flag('no-window') ? 'No window was asked for.' : !hasDisplay(desktop) ? 'There is no display here.' : browser === null ? 'No Chromium, Chrome or Edge was found (COUNTER_BROWSER names one).' : null;
  if (reason !== null || browser === null) {
    output.say(`${reason ?? ''} Open this address in a browser on this machine:`);
    output.say(`  ${host.address}`);
    return { closed: never, openPresenter: () => {} };
  }
  const open = (name: string, address: string, size: { width: number; height: number }, position = { x: 0, y: 0 }): BrowserWindow => {
    const profile = path.join(settings.dataFolder, 'browser', name);
    const opened = openBrowserWindow({ browser, address, profile, size, position, isFullScreen: name === 'counter' && call.flag('full-screen') }, desktop);
    closing.push(opened.close);
    return opened;
  };
  const profile = path.join(settings.dataFolder, 'browser', 'counter');
  allowCamera({ profile, origin: host.origin });
  const counter = open('counter', writeWindowEntry({ profile, address: host.address }), counterSize);
  output.say(`Window               opened in ${browser}`);
  const closed = counter.closed.then((complaint) => {
    if (complaint === '') return;
    output.complain(`the browser ended: ${complaint.trim().split('\n').slice(-3).join(' | ')}`);
    output.say(`Open this address in a browser on this machine:\n  ${host.address}`);
    return never;
  });
  return { closed, openPresenter: (address) => void open('presenter', address, { width: 390, height: 844 }, { x: counterSize.width, y: 0 }) };
}

function reportConnection(call: Call, app: App): void {
  const { state, name } = app.link.state();
  const words = { online: `online: ${name}`, checking: 'checking', offline: 'not reachable now; the counter goes on trying', 'not-enrolled': 'not enrolled: start once with --platform URL --enrol CODE, or with --embedded' };
  call.output.say(`Platform             ${words[state]}`);
}
