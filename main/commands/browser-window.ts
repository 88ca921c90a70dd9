import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Where a window can be opened: the system, its environment, and who runs the program. */
export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
}

/** A window of the installed browser; `closed` resolves when the person closed it, with the first lines of what it complained about. */
export interface BrowserWindow {
  readonly closed: Promise<string>;
  close(): void;
}

/** What to open: `profile` is a folder of its own, so that the window shares nothing with the person's browser. */
export interface WindowRequest {
  readonly browser: string;
  readonly address: string;
  readonly profile: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly position: { readonly x: number; readonly y: number };
  readonly isFullScreen: boolean;
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];

const fixedPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** The browser named by COUNTER_BROWSER, else the first Chromium, Chrome or Edge installed; null when there is none. */
export function findBrowser({ platform, env }: Desktop): string | null {
  const named = env['COUNTER_BROWSER'];
  if (named !== undefined) return isFile(named) ? named : null;
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const places = [...folders.flatMap((folder) => names.map((name) => path.join(folder, name))), ...(fixedPlaces[platform] ?? [])];
  return places.find(isFile) ?? null;
}

/** Whether there is a screen to open a window on. */
export function hasDisplay({ platform, env }: Desktop): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
}

/** Opens one window without tabs and address bar. */
export function openBrowserWindow(request: WindowRequest, desktop: Desktop): BrowserWindow {
  mkdirSync(request.profile, { recursive: true, mode: 0o700 });
  const child = spawn(request.browser, printBrowserArguments(request, desktop), { stdio: ['ignore', 'ignore', 'pipe'], env: desktop.env });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < 2000) complaint += text;
  });
  const closed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) => resolve(code === 0 || code === null ? '' : complaint));
  });
  return { closed, close: () => void child.kill() };
}

/** The command line of the window: nothing is fetched in the background, nothing asks the person about the browser. */
export function printBrowserArguments(request: WindowRequest, desktop: Desktop): string[] {
  const { address, profile, size, position, isFullScreen } = request;
  return [
    `--app=${address}`,
    `--user-data-dir=${profile}`,
    `--window-size=${size.width},${size.height}`,
    `--window-position=${position.x},${position.y}`,
    ...(isFullScreen ? ['--kiosk'] : []),
    // Root has no user namespace to build the sandbox in; --test-type hides the yellow bar that says so.
    ...(desktop.isRoot && desktop.platform === 'linux' ? ['--no-sandbox', '--test-type'] : []),
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--hide-crash-restore-bubble',
    // The verdict sounds before anybody has clicked.
    '--autoplay-policy=no-user-gesture-required',
    '--lang=zh-CN',
  ];
}

function isFile(place: string): boolean {
  return existsSync(place) && statSync(place).isFile();
}
