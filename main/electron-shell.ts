import type { App as ElectronApp, BrowserWindow, Menu, MessageChannelMain, MessagePortMain, Protocol, Session } from 'electron';
import type { Result } from '../domain/failure.ts';
import type { WedgeSettings } from '../domain/keyboard-wedge.ts';
import { answerFileRequest, type FileAnswers } from './electron-files.ts';
import { servePorts } from './electron-port.ts';
import { guardWedge } from './electron-wedge.ts';
import {
  confineContents,
  counterAddress,
  counterScheme,
  createPresenterOptions,
  createWindowOptions,
  cutNetwork,
  denyEmbedding,
  limitPermissions,
  swallowBrowserChords,
} from './electron-window.ts';

/** The parts of the electron module that the shell uses. */
export interface ElectronParts {
  readonly app: Pick<ElectronApp, 'isPackaged' | 'on' | 'whenReady' | 'requestSingleInstanceLock' | 'enableSandbox' | 'quit' | 'exit'>;
  readonly protocol: Pick<Protocol, 'handle'>;
  readonly menu: Pick<typeof Menu, 'setApplicationMenu'>;
  readonly windowSession: () => Session;
  readonly presenterSession: () => Session;
  readonly createWindow: (options: ReturnType<typeof createWindowOptions>) => BrowserWindow;
  readonly createChannel: () => MessageChannelMain;
  readonly showError: (title: string, text: string) => void;
}

/** The counter's services once they run, whatever is embedded included. */
export interface Services {
  serve(port: MessagePortMain): void;
  /** How a keyboard scanner is set now. */
  wedge(): WedgeSettings;
  /** The presenter page to be shown beside the window, or null. */
  readonly presenterAddress: string | null;
  close(): Promise<void>;
}

/** What the shell is put together from. */
export interface ShellDeps {
  readonly electron: ElectronParts;
  readonly preload: string;
  readonly isFullScreen: boolean;
  /** Null when the window was not built. */
  readonly files: FileAnswers['files'] | null;
  readonly createNonce: () => string;
  /** Starts the services; a failure's code is what the person is shown. */
  readonly openServices: () => Promise<Result<Services>>;
  readonly reportBug: (error: unknown) => void;
  /** A clock that only goes forward, ms. */
  readonly monotonic: () => number;
}

/** Runs the program until its window is closed; a second start only brings the first one's window to the front. */
export async function runElectronShell(deps: ShellDeps): Promise<void> {
  const { app } = deps.electron;
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  app.enableSandbox();
  deps.electron.menu.setApplicationMenu(null);
  app.on('web-contents-created', (_event, contents) => denyEmbedding(contents));
  await app.whenReady();
  try {
    await openShell(deps);
  } catch (error) {
    deps.reportBug(error);
    refuseStart(deps, 'internal/bug');
  }
}

async function openShell(deps: ShellDeps): Promise<void> {
  const { electron, files, createNonce } = deps;
  if (files === null) return refuseStart(deps, 'dist/window');
  const services = await deps.openServices();
  if (!services.ok) return refuseStart(deps, services.failure.code, services.failure.detail);
  closeOnQuit(deps, services.value);
  electron.protocol.handle(counterScheme, (request) => answerFileRequest({ files, createNonce }, request));
  for (const session of [electron.windowSession(), electron.presenterSession()]) limitPermissions(session);
  cutNetwork(electron.windowSession());
  const window = openWindow(deps, services.value);
  electron.app.on('second-instance', () => bringToFront(window));
  const { presenterAddress } = services.value;
  const presenter = presenterAddress === null ? null : openPresenter(deps, presenterAddress);
  window.once('closed', () => presenter?.destroy());
  electron.app.on('window-all-closed', () => electron.app.quit());
  await window.loadURL(counterAddress);
}

function openWindow({ electron, preload, isFullScreen, monotonic }: ShellDeps, services: Services): BrowserWindow {
  const { isPackaged } = electron.app;
  const window = electron.createWindow(createWindowOptions({ preload, isPackaged, isFullScreen }));
  const { webContents } = window;
  confineContents(webContents, counterAddress);
  swallowBrowserChords(webContents, isPackaged);
  guardWedge(webContents, { settings: () => services.wedge(), monotonic });
  servePorts({ ipc: webContents.ipc, createChannel: electron.createChannel, serve: (port) => services.serve(port) });
  // Keeps the window out of screenshots and recordings (Windows and macOS; Linux knows no such thing).
  window.setContentProtection(true);
  window.once('ready-to-show', () => window.show());
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') webContents.reload();
  });
  return window;
}

function openPresenter({ electron, reportBug }: ShellDeps, address: string): BrowserWindow {
  const window = electron.createWindow(createPresenterOptions(electron.app.isPackaged));
  confineContents(window.webContents, address);
  window.loadURL(address).catch(reportBug);
  return window;
}

function bringToFront(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Lets the program end only after the audit has its last entry and the store is closed. */
function closeOnQuit({ electron, reportBug }: ShellDeps, services: Services): void {
  let closing: Promise<void> | null = null;
  electron.app.on('will-quit', (event) => {
    event.preventDefault();
    closing ??= services.close().catch(reportBug).then(() => electron.app.exit(0));
  });
}

/** A mistake in the settings is said with its place: whoever wrote them can mend it. */
function refuseStart({ electron }: ShellDeps, cause: string, detail = ''): void {
  const text = cause === 'settings/unfit' ? `数据文件夹中的 site.json 有错，程序没有启动，文件未作改动。请改正后重新启动：\n\n${detail.replaceAll('; ', '\n')}` : `无法启动（${cause}）。请联系管理员。`;
  electron.showError('窗口验码终端', text);
  electron.app.exit(1);
}
