import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { MessagePort as NodePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import type { App as ElectronApp, BrowserWindow, IpcMain, Session, WebContents } from 'electron';
import { afterAll, describe, expect, test } from 'vitest';
import type { counterContract } from '../../domain/contracts/counter.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { createApp } from '../../main/app.ts';
import { readShellOptions, type ShellOptions } from '../../main/electron-options.ts';
import { openServices, type EmbeddedPlatform, type ServicesDeps } from '../../main/electron-services.ts';
import { runElectronShell, type Services } from '../../main/electron-shell.ts';
import { counterRouter } from '../../main/handlers/router.ts';
import { createStandInChannel, preventable, standIn, valuesOf } from './electron-stand-in.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-shell-'));
const wedge = () => ({ prefix: '', suffix: '\r', gapMs: 30 });
afterAll(() => rmSync(scratch, { recursive: true }));

interface Start {
  readonly isLocked?: boolean;
  readonly services?: Result<Services>;
  readonly isBuilt?: boolean;
  readonly throws?: boolean;
}

/** Starts the shell on a stand-in for the electron module. */
async function startShell({ isLocked = true, services, isBuilt = true, throws = false }: Start = {}) {
  const steps: string[] = [];
  const errors: string[] = [];
  const bugs: unknown[] = [];
  const application = standIn<ElectronApp>({
    isPackaged: true,
    requestSingleInstanceLock: () => isLocked,
    enableSandbox: () => steps.push('sandbox'),
    whenReady: () => Promise.resolve(steps.push('ready')),
    exit: (code: number) => steps.push(`exit ${code}`),
    quit: () => steps.push('quit'),
  });
  const windows: { window: ReturnType<typeof standIn<BrowserWindow>>; contents: ReturnType<typeof standIn<WebContents>>; ipc: ReturnType<typeof standIn<IpcMain>>; options: object }[] = [];
  const createWindow = (options: object): BrowserWindow => {
    const ipc = standIn<IpcMain>();
    const contents = standIn<WebContents>({ ipc: ipc.part });
    const window = standIn<BrowserWindow>({
      webContents: contents.part,
      loadURL: (url: string) => Promise.resolve(steps.push(`load ${url}`)),
      isDestroyed: () => false,
      isMinimized: () => true,
    });
    application.events.emit('web-contents-created', {}, contents.part);
    windows.push({ window, contents, ipc, options });
    return window.part;
  };
  const sessions = [standIn<Session>({ webRequest: standIn().part }), standIn<Session>()] as const;
  const handled: unknown[][] = [];
  const usual: Services = { serve: () => {}, wedge, presenterAddress: null, close: () => Promise.resolve(void steps.push('closed')) };
  await runElectronShell({
    electron: {
      app: application.part,
      protocol: { handle: (...values: unknown[]) => void handled.push(values) },
      menu: { setApplicationMenu: (menu) => void steps.push(`menu ${String(menu)}`) },
      windowSession: () => sessions[0].part,
      presenterSession: () => sessions[1].part,
      createWindow,
      createChannel: createStandInChannel,
      showError: (_title, text) => void errors.push(text),
    },
    preload: '/preload.cjs',
    isFullScreen: false,
    files: isBuilt ? new Map() : null,
    createNonce: () => 'n',
    openServices: async () => {
      steps.push('services');
      if (throws) throw new Error('bug');
      return services ?? ok(usual);
    },
    monotonic: () => 0,
    reportBug: (error) => void bugs.push(error),
  });
  return { steps, errors, bugs, application, windows, sessions, handled };
}

describe('the start', () => {
  test('everything is closed off before the page is loaded', async () => {
    const { steps, windows, sessions, handled } = await startShell();
    expect(steps).toEqual(['sandbox', 'menu null', 'ready', 'services', 'load counter://app/']);
    expect(handled.map(([scheme]) => scheme)).toEqual(['counter']);
    for (const session of sessions) expect(session.calls.map(([name]) => name)).toContain('setPermissionRequestHandler');
    expect(sessions[0].events.listenerCount('will-download')).toBe(1);
    const { window, contents } = windows[0]!;
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) expect(contents.events.listenerCount(name), name).toBe(1);
    // The browser's chords, and a scanner's commands.
    expect(contents.events.listenerCount('before-input-event')).toBe(2);
    expect(contents.calls.map(([name]) => name)).toContain('setWindowOpenHandler');
    expect(window.calls).toContainEqual(['setContentProtection', true]);
    expect(windows).toHaveLength(1);
  });

  test('the window shows when it is ready, and loads again when its process dies', async () => {
    const { windows } = await startShell();
    const { window, contents } = windows[0]!;
    expect(window.calls).not.toContainEqual(['show']);
    window.events.emit('ready-to-show');
    expect(window.calls).toContainEqual(['show']);
    contents.events.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(contents.calls).not.toContainEqual(['reload']);
    contents.events.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(contents.calls).toContainEqual(['reload']);
  });

  test('a second start ends at once and brings the first window to the front', async () => {
    expect((await startShell({ isLocked: false })).steps).toEqual(['exit 0']);
    const { application, windows } = await startShell();
    application.events.emit('second-instance');
    expect(windows[0]!.window.calls.map(([name]) => name)).toEqual(expect.arrayContaining(['restore', 'show', 'focus']));
  });

  test('what cannot start says why and leaves no window', async () => {
    for (const [start, cause] of [
      [{ isBuilt: false }, 'dist/window'],
      [{ services: fail('store/locked') }, 'store/locked'],
      [{ throws: true }, 'internal/bug'],
    ] as const) {
      const { errors, windows, steps, bugs } = await startShell(start);
      expect(errors, cause).toEqual([`无法启动（${cause}）。请联系管理员。`]);
      expect([windows.length, steps.at(-1)]).toEqual([0, 'exit 1']);
      expect(bugs).toHaveLength('throws' in start ? 1 : 0);
    }
  });

  test('the presenter page has a window of its own that goes with the first', async () => {
    const services: Services = { serve: () => {}, wedge, presenterAddress: 'http://127.0.0.1:8710/', close: () => Promise.resolve() };
    const { windows, steps } = await startShell({ services: ok(services) });
    expect(steps).toContain('load http://127.0.0.1:8710/');
    expect(windows).toHaveLength(2);
    expect(windows[1]!.ipc.events.eventNames()).toEqual([]); // no line to main
    windows[0]!.window.events.emit('closed');
    expect(windows[1]!.window.calls).toContainEqual(['destroy']);
  });
});

describe('the end', () => {
  test('closing the window quits, and the program ends only after its services', async () => {
    const { application, steps } = await startShell();
    application.events.emit('window-all-closed');
    expect(steps.at(-1)).toBe('quit');
    const event = preventable();
    application.events.emit('will-quit', event);
    application.events.emit('will-quit', preventable());
    expect(event.prevented).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(steps.slice(-2)).toEqual(['closed', 'exit 0']);
    expect(steps.filter((step) => step === 'closed')).toHaveLength(1);
  });

  test('services that fail to close do not keep the program', async () => {
    const services: Services = { serve: () => {}, wedge, presenterAddress: null, close: () => Promise.reject(new Error('bug')) };
    const { application, steps, bugs } = await startShell({ services: ok(services) });
    application.events.emit('will-quit', preventable());
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([steps.at(-1), bugs.length]).toEqual(['exit 0', 1]);
  });
});

describe('the services', () => {
  const plain: ServicesDeps['options'] = { isEmbedded: false, isPresenterShown: false, hasLogIn: false, platform: null, serial: [] };
  const handler: ServicesDeps['handler'] = new RPCHandler(counterRouter);
  const startApp: ServicesDeps['startApp'] = (settings) =>
    createApp({
      ...settings,
      ...{ version: '1.2.3', shell: 'electron', now: Date.now, monotonic: () => performance.now(), random: systemRandom },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
  const embedded = (closed: string[]): EmbeddedPlatform => ({ url: 'http://127.0.0.1:9', enrolmentCode: 'C', close: () => Promise.resolve(void closed.push('platform')) });

  test('the window talks to the real counter through its port', async () => {
    const dataFolder = path.join(scratch, 'real');
    const startForPractice: typeof startApp = (settings) => startApp({ ...settings, unattended: true });
    const services = await openServices({ dataFolder, options: plain, startPlatform: () => Promise.resolve(null), startApp: startForPractice, handler });
    if (!services.ok) throw new Error(services.failure.code);
    const { windows, application, steps } = await startShell({ services });
    const port = await new Promise<NodePort>((resolve) => {
      const postMessage = (_channel: string, _message: unknown, [port]: [NodePort]) => resolve(port);
      windows[0]!.ipc.events.emit('counter:port-wanted', { senderFrame: { url: 'counter://app/', parent: null, postMessage } });
    });
    port.start();
    const client: ContractRouterClient<typeof counterContract> = createORPCClient(new RPCLink({ port: port as unknown as MessagePort }));
    expect(await client.session.current()).toMatchObject({ shell: 'electron', version: '1.2.3' });
    const status = (await client.status.watch())[Symbol.asyncIterator]();
    expect((await status.next()).value).toMatchObject({ platform: { state: 'not-enrolled' } });
    await expect(client.audit.list({ beforeSeq: null, limit: 'all' } as never)).rejects.toThrow('Input validation failed');
    application.events.emit('will-quit', preventable());
    await expect.poll(() => steps.at(-1)).toBe('exit 0');
    port.close();
  });

  test('the embedded platform comes first, and the counter enrols there', async () => {
    const asked: unknown[] = [];
    const closed: string[] = [];
    const services = await openServices({
      dataFolder: '/data',
      options: { ...plain, isEmbedded: true, isPresenterShown: true },
      startPlatform: (dataDir) => Promise.resolve(asked.push(dataDir)).then(() => embedded(closed)),
      startApp: (settings) => Promise.resolve(asked.push(settings)).then(() => ok({ close: () => Promise.resolve(void closed.push('app')) } as never)),
      handler,
    });
    expect(asked).toEqual([path.join('/data', 'platform'), { dataDir: path.join('/data', 'counter'), unattended: true, isTrial: true, platform: { url: 'http://127.0.0.1:9', enrolmentCode: 'C' } }]);
    if (!services.ok) throw new Error(services.failure.code);
    expect(services.value.presenterAddress).toBe('http://127.0.0.1:9/');
    await services.value.close();
    expect(closed).toEqual(['app', 'platform']);
  });

  test('a counter that does not start leaves no platform running', async () => {
    const closed: string[] = [];
    const startPlatform = () => Promise.resolve(embedded(closed));
    const services = await openServices({ dataFolder: '/data', options: { ...plain, isEmbedded: true }, startPlatform, startApp: () => Promise.resolve(fail('store/locked')), handler });
    expect(services).toEqual(fail('store/locked'));
    expect(closed).toEqual(['platform']);
    const without = await openServices({ dataFolder: '/data', options: { ...plain, isEmbedded: true }, startPlatform: () => Promise.resolve(null), startApp, handler });
    expect(without.ok).toBe(false);
  });

  test('a platform elsewhere and scanners of this start reach the counter', async () => {
    const asked: unknown[] = [];
    const serial: ShellOptions['serial'] = [{ path: '/dev/ttyACM0', baudRate: 9600, suffix: 'CR' }];
    const platform = { url: 'https://platform.example', enrolmentCode: 'X' };
    await openServices({ dataFolder: scratch, options: { ...plain, platform, serial }, startPlatform: () => Promise.reject(new Error('not asked for')), startApp: (settings) => Promise.resolve(asked.push(settings)).then(() => fail('store/locked')), handler });
    expect(asked).toEqual([{ dataDir: path.join(scratch, 'counter'), unattended: false, isTrial: false, platform, site: { serial } }]);
  });
});

describe('the options', () => {
  const text = (...args: string[]): string => {
    const reading = readShellOptions(args);
    return reading.ok ? 'ok' : `${reading.exitCode} ${reading.text}`;
  };

  test('are those of the kiosk host', () => {
    expect(readShellOptions(['--embedded', '--presenter', '--data', '/d', '--full-screen'])).toEqual({
      ok: true,
      options: { isEmbedded: true, isPresenterShown: true, isFullScreen: true, hasLogIn: false, dataFolder: path.resolve('/d'), platform: null, serial: [] },
    });
    expect(readShellOptions(['--platform', 'https://p.example', '--enrol', 'C', '--serial', '/dev/ttyACM0,115200,CRLF'])).toMatchObject({
      options: { platform: { url: 'https://p.example', enrolmentCode: 'C' }, serial: [{ path: '/dev/ttyACM0', baudRate: 115_200, suffix: 'CRLF' }] },
    });
  });

  test('a few switches of Chromium pass; remote debugging and its like are refused', () => {
    expect(text('--no-sandbox', '--ozone-platform=wayland', '--force-device-scale-factor=1.5')).toBe('ok');
    for (const arg of ['--remote-debugging-port=9222', '--inspect', '--inspect-brk=0', '--js-flags=--expose-gc', '--load-extension=/x', '--disable-web-security', '--user-data-dir=/x', '--embeded']) expect(text(arg), arg).toMatch(/^2 counter: Unknown option/);
    expect(text('--embeded')).toContain('Did you mean --embedded?');
  });

  test('what does not go together is refused, and help is no fault', () => {
    expect(text('--embedded', '--platform', 'https://p.example')).toMatch(/^2 /);
    expect(text('--enrol', 'C')).toMatch(/^2 .*--platform/);
    expect(text('--platform', 'file:///etc')).toMatch(/^2 .*http/);
    expect(text('--serial', '/dev/tty,x')).toMatch(/^2 .*--serial/);
    expect(text('stray')).toMatch(/^2 /);
    expect(text('--help')).toMatch(/^0 [^]*--embedded[^]*--full-screen/);
    expect(text('--help')).not.toMatch(/--no-window|--port/);
  });
});

test('the stand-in would notice a call that was not made', () => {
  expect(() => valuesOf(standIn().calls, 'setPermissionRequestHandler')).toThrow('never called');
});
