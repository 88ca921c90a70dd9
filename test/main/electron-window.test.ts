import type { Session, WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import {
  confineContents,
  counterAddress,
  counterSchemeRights,
  createPresenterOptions,
  createWindowOptions,
  cutNetwork,
  denyEmbedding,
  isBrowserChord,
  isCounterAddress,
  limitPermissions,
  swallowBrowserChords,
} from '../../main/electron-window.ts';
import { preventable, standIn, valuesOf } from './electron-stand-in.ts';

const settings = { preload: '/p/preload.cjs', isPackaged: true, isFullScreen: false };
const foreign = ['https://evil.example/', 'file:///etc/passwd', 'counter://app.evil.example/', 'counter://apps/', 'javascript:alert(1)', 'data:text/html,x', 'http://counter://app/', ''];

describe('the windows', () => {
  test.each([createWindowOptions(settings), createPresenterOptions(true)])('are sandboxed, isolated and without Node', ({ webPreferences }) => {
    expect(webPreferences).toMatchObject({
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
      spellcheck: false,
      devTools: false,
    });
  });

  test('have the size of a hall screen, and the inspector only while developing', () => {
    expect(createWindowOptions(settings)).toMatchObject({ width: 1366, height: 768, minWidth: 1280, minHeight: 720 });
    expect(createWindowOptions({ ...settings, isPackaged: false }).webPreferences?.devTools).toBe(true);
    expect(createWindowOptions(settings).kiosk).toBeUndefined();
    expect(createWindowOptions({ ...settings, isFullScreen: true })).toMatchObject({ fullscreen: true, kiosk: true });
  });

  test('only the counter has the preload script; the presenter page has a session of its own in memory', () => {
    expect(createWindowOptions(settings).webPreferences?.preload).toBe('/p/preload.cjs');
    const presenter = createPresenterOptions(true).webPreferences;
    expect(presenter).not.toHaveProperty('preload');
    expect(presenter?.partition).toBe('presenter'); // `persist:` would keep it on disk
  });

  test('the scheme is an origin of its own, under the content policy, without service workers or extensions', () => {
    const { privileges } = counterSchemeRights;
    expect(privileges).toMatchObject({ standard: true, secure: true });
    for (const right of ['bypassCSP', 'corsEnabled', 'allowServiceWorkers', 'allowExtensions'] as const) expect(privileges?.[right] ?? false).toBe(false);
  });
});

describe('addresses', () => {
  test('ours are recognised, look-alikes are not', () => {
    for (const address of ['counter://app', 'counter://app/', 'counter://app/index.html', 'counter://app/#x']) expect(isCounterAddress(address)).toBe(true);
    for (const address of [...foreign, undefined, 'COUNTER://app/', 'counter://app@evil.example/', 'counter://app:80/']) expect(isCounterAddress(address), String(address)).toBe(false);
  });
});

describe('permissions', () => {
  type Ask = (contents: null, permission: string, decide: (granted: boolean) => void, details: object) => void;
  type Check = (contents: null, permission: string, origin: string, details: object) => boolean;
  const { part, calls } = standIn<Session>();
  limitPermissions(part);
  const asked = (permission: string, details: object): boolean => {
    const answers: boolean[] = [];
    (valuesOf(calls, 'setPermissionRequestHandler')[0] as Ask)(null, permission, (granted) => answers.push(granted), details);
    expect(answers).toHaveLength(1);
    return answers[0]!;
  };
  const checked = (permission: string, origin: string, details: object): boolean => (valuesOf(calls, 'setPermissionCheckHandler')[0] as Check)(null, permission, origin, details);
  const ours = { isMainFrame: true, requestingUrl: counterAddress };

  test('the camera is granted to our page', () => {
    expect(asked('media', { ...ours, mediaTypes: ['video'], securityOrigin: counterAddress })).toBe(true);
    expect(checked('media', counterAddress, { ...ours, mediaType: 'video', securityOrigin: counterAddress })).toBe(true);
  });

  test('the microphone, both together, an unnamed medium and frames inside are not', () => {
    for (const mediaTypes of [['audio'], ['video', 'audio'], ['audio', 'video'], [], undefined]) expect(asked('media', { ...ours, mediaTypes })).toBe(false);
    expect(asked('media', { ...ours, isMainFrame: false, mediaTypes: ['video'] })).toBe(false);
    for (const mediaType of ['audio', 'unknown', undefined]) expect(checked('media', counterAddress, { ...ours, mediaType })).toBe(false);
    expect(checked('media', counterAddress, { ...ours, isMainFrame: false, mediaType: 'video' })).toBe(false);
  });

  test('a foreign page gets no camera', () => {
    for (const address of foreign) {
      expect(asked('media', { ...ours, requestingUrl: address, mediaTypes: ['video'] })).toBe(false);
      expect(asked('media', { ...ours, mediaTypes: ['video'], securityOrigin: address })).toBe(false);
      expect(checked('media', address, { ...ours, mediaType: 'video' })).toBe(false);
    }
  });

  test('the clipboard may be written to by our page, to empty it at the lock', () => {
    const writing = 'clipboard-sanitized-write';
    expect([asked(writing, ours), checked(writing, counterAddress, ours)]).toEqual([true, true]);
    expect([asked(writing, { ...ours, isMainFrame: false }), checked(writing, counterAddress, { isMainFrame: false })]).toEqual([false, false]);
    for (const address of foreign) expect([asked(writing, { ...ours, requestingUrl: address }), checked(writing, address, ours)]).toEqual([false, false]);
  });

  test('nothing else is granted to anybody', () => {
    const others = ['clipboard-read', 'display-capture', 'fullscreen', 'geolocation', 'hid', 'serial', 'usb', 'midi', 'midiSysex', 'notifications', 'openExternal', 'fileSystem', 'pointerLock', 'local-fonts', 'local-network-access', 'storage-access', 'unknown'];
    for (const permission of others) {
      expect(asked(permission, { ...ours, mediaTypes: ['video'] }), permission).toBe(false);
      expect(checked(permission, counterAddress, { ...ours, mediaType: 'video' }), permission).toBe(false);
    }
    expect((valuesOf(calls, 'setDevicePermissionHandler')[0] as () => boolean)()).toBe(false);
  });
});

describe('the network', () => {
  const filters: [{ urls: string[] }, (details: object, decide: (answer: object) => void) => void][] = [];
  const { part, events } = standIn<Session>({ webRequest: { onBeforeRequest: (...values: (typeof filters)[number]) => filters.push(values) } });
  cutNetwork(part);

  test('every request to a network or disk is cancelled', () => {
    const [filter, listener] = filters[0]!;
    expect(filter.urls).toEqual(expect.arrayContaining(['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file:///*']));
    listener({}, (answer) => expect(answer).toEqual({ cancel: true }));
    expect.assertions(2);
  });

  test('only a copy out of the window’s own memory is saved', () => {
    const save = (address: string): boolean => {
      const event = preventable();
      events.emit('will-download', event, { getURL: () => address });
      return !event.prevented;
    };
    expect(save('blob:counter://app/5b1c')).toBe(true);
    for (const address of ['https://evil.example/a.exe', 'data:text/plain,x', 'blob:https://evil.example/1', 'counter://app/assets/a.js', 'blob:counter://app.evil/1']) expect(save(address), address).toBe(false);
  });
});

describe('navigation', () => {
  const confined = (home: string) => {
    const { part, events, calls } = standIn<WebContents>();
    denyEmbedding(part);
    confineContents(part, home);
    const goes = (name: string, properties: object): boolean => {
      const event = preventable(properties);
      events.emit(name, event);
      return !event.prevented;
    };
    return { goes, calls };
  };

  test('the page may load itself again', () => {
    const { goes } = confined(counterAddress);
    for (const url of [counterAddress, `${counterAddress}#a`]) {
      expect(goes('will-navigate', { url, isMainFrame: true })).toBe(true);
      expect(goes('will-frame-navigate', { url, isMainFrame: true })).toBe(true);
    }
  });

  test('it may not go elsewhere, nor anything in it', () => {
    for (const home of [counterAddress, 'http://127.0.0.1:8710/']) {
      const { goes } = confined(home);
      for (const url of [...foreign, 'counter://app/assets/a.svg', 'http://127.0.0.1:8711/', 'http://127.0.0.1:8710.evil.example/']) {
        expect(goes('will-navigate', { url, isMainFrame: true }), url).toBe(false);
        expect(goes('will-frame-navigate', { url, isMainFrame: true }), url).toBe(false);
      }
      expect(goes('will-frame-navigate', { url: home, isMainFrame: false })).toBe(false);
      expect(goes('will-redirect', { url: home })).toBe(false);
      expect(goes('will-attach-webview', {})).toBe(false);
    }
  });

  test('it may not open windows', () => {
    const open = valuesOf(confined(counterAddress).calls, 'setWindowOpenHandler')[0] as (details: object) => object;
    for (const url of [...foreign, counterAddress]) expect(open({ url })).toEqual({ action: 'deny' });
  });
});

describe('chords out of a bar code', () => {
  const plain = { control: false, meta: false, alt: false, shift: false };

  test('those that reach for the browser are swallowed', () => {
    for (const key of ['r', 'R', 'w', 'n', 't', 'p', 'o', 's', '+', '-', '0']) expect(isBrowserChord({ ...plain, control: true, key }), key).toBe(true);
    for (const key of ['I', 'J', 'C', 'R', 'T', 'N']) expect(isBrowserChord({ ...plain, control: true, shift: true, key }), key).toBe(true);
    for (const key of ['ArrowLeft', 'ArrowRight', 'Home']) expect(isBrowserChord({ ...plain, alt: true, key }), key).toBe(true);
    for (const key of ['F11', 'F12', 'BrowserBack', 'BrowserHome']) expect(isBrowserChord({ ...plain, key }), key).toBe(true);
    expect(isBrowserChord({ ...plain, meta: true, key: 'q' })).toBe(true);
  });

  test('typing, the window’s own keys, editing and the group separator of a scan pass', () => {
    for (const key of ['a', 'R', '1', 'Enter', 'Tab', 'F1', 'F2', 'F5', 'F8', 'F10', 'ArrowLeft', 'Home']) expect(isBrowserChord({ ...plain, key }), key).toBe(false);
    for (const key of ['a', 'c', 'v', 'x', 'z', 'y', ']', 'ArrowLeft', 'Backspace', 'Home']) expect(isBrowserChord({ ...plain, control: true, key }), key).toBe(false);
  });

  test('while developing they stay', () => {
    const pressed = (isPackaged: boolean): boolean => {
      const { part, events } = standIn<WebContents>();
      swallowBrowserChords(part, isPackaged);
      const event = preventable();
      events.emit('before-input-event', event, { ...plain, control: true, key: 'r' });
      return event.prevented;
    };
    expect([pressed(true), pressed(false)]).toEqual([true, false]);
  });
});
