import type { BrowserWindowConstructorOptions, CustomScheme, Input, Session, WebContents } from 'electron';

/** The scheme and host that the window is served under: an origin of its own, with none of the rights of `file://`. */
export const counterScheme = 'counter';
export const counterAddress = 'counter://app/';

/** How the scheme is made known to Chromium, before the program is ready. */
export const counterSchemeRights: CustomScheme = {
  scheme: counterScheme,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/** What the shell decides of its window. */
export interface WindowSettings {
  readonly preload: string;
  readonly isPackaged: boolean;
  readonly isFullScreen: boolean;
}

/** The options of the clerk's window: sandboxed, isolated, without Node, 1366×768 and never below 1280×720. */
export function createWindowOptions({ preload, isPackaged, isFullScreen }: WindowSettings): BrowserWindowConstructorOptions {
  return {
    ...{ width: 1366, height: 768, minWidth: 1280, minHeight: 720 },
    ...{ title: '窗口验码终端', backgroundColor: '#f3f6fa', show: false, autoHideMenuBar: true },
    ...(isFullScreen ? { fullscreen: true, kiosk: true } : {}),
    webPreferences: {
      ...closedPreferences,
      preload,
      devTools: !isPackaged,
      // The verdict's sound comes with a scan, before anybody touched the window.
      autoplayPolicy: 'no-user-gesture-required',
    },
  };
}

/** The options of the window that shows the reference platform's presenter page: no preload, its own session in memory. */
export function createPresenterOptions(isPackaged: boolean): BrowserWindowConstructorOptions {
  return {
    ...{ width: 460, height: 900, minWidth: 360, minHeight: 640, title: '亮码端', autoHideMenuBar: true },
    webPreferences: { ...closedPreferences, partition: 'presenter', devTools: !isPackaged },
  };
}

const closedPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  // Its dictionaries would be fetched from the internet, and what is typed here concerns nobody else.
  spellcheck: false,
} as const satisfies BrowserWindowConstructorOptions['webPreferences'];

/** Whether an address is that of the clerk's window. Compared as text: URL parsers give such schemes the origin `null`. */
export function isCounterAddress(address: string | undefined): boolean {
  return address !== undefined && (address === 'counter://app' || address.startsWith(counterAddress));
}

const clipboardWriting = 'clipboard-sanitized-write';

/** Grants the camera, without microphone, and to empty the clipboard to the clerk's window; refuses everything else that a page can ask for. */
export function limitPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const { mediaTypes, securityOrigin } = 'mediaTypes' in details ? { securityOrigin: undefined, ...details } : {};
    const isCamera = permission === 'media' && mediaTypes?.length === 1 && mediaTypes[0] === 'video';
    decide((isCamera || permission === clipboardWriting) && details.isMainFrame && isCounterAddress(details.requestingUrl) && isSameOrAbsent(securityOrigin));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const isCamera = permission === 'media' && details.mediaType === 'video';
    return (isCamera || permission === clipboardWriting) && details.isMainFrame && isCounterAddress(origin) && isSameOrAbsent(details.securityOrigin);
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}

function isSameOrAbsent(origin: string | undefined): boolean {
  return origin === undefined || isCounterAddress(origin);
}

/** Cuts the clerk's window off from every network and disk: what it shows comes through its scheme and its port. */
export function cutNetwork(session: Session): void {
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file:///*'];
  session.webRequest.onBeforeRequest({ urls }, (_details, decide) => decide({ cancel: true }));
  session.on('will-download', (event, item) => {
    // The window saves a watermarked copy from memory; nothing else is ever a download.
    if (!item.getURL().startsWith(`blob:${counterAddress}`)) event.preventDefault();
  });
}

/** What no page of this program may ever do: open windows, and embed other pages. */
export function denyEmbedding(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Keeps a page where it is: it may load itself again, and never go elsewhere, nor any frame in it. */
export function confineContents(contents: WebContents, home: string): void {
  const isHome = (address: string): boolean => address === home || address.startsWith(`${home}#`) || address.startsWith(`${home}?`);
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isHome(event.url)) event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    if (!isHome(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
}

const browserChords = new Set(['r', 'w', 'n', 't', 'p', 'o', 's', 'f', 'h', 'j', 'u', 'q', '+', '-', '=', '0']);
const inspectorChords = new Set(['i', 'j', 'c', 'k']);

/**
 * Whether a key would reach for the browser around the page (reload, close, print, zoom, history, inspector). Scanners can be
 * made to send such chords out of a bar code; editing chords, and those that stand for control characters in a scan, pass.
 */
export function isBrowserChord(input: Pick<Input, 'key' | 'control' | 'meta' | 'alt' | 'shift'>): boolean {
  const key = input.key.toLowerCase();
  if (key === 'f11' || key === 'f12') return true;
  if (input.alt && !input.control) return key === 'arrowleft' || key === 'arrowright' || key === 'home';
  if (!input.control && !input.meta) return key.startsWith('browser');
  return input.shift ? inspectorChords.has(key) || browserChords.has(key) : browserChords.has(key);
}

/** Swallows the chords of `isBrowserChord`; while the program is being developed they stay. */
export function swallowBrowserChords(contents: WebContents, isPackaged: boolean): void {
  if (!isPackaged) return;
  contents.on('before-input-event', (event, input) => {
    if (isBrowserChord(input)) event.preventDefault();
  });
}
