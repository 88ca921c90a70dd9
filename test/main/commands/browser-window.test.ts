import { expect, test } from 'vitest';
import { findBrowser, hasDisplay, printBrowserArguments } from '../../../main/commands/browser-window.ts';

test('a display is asked for where a system may have none', () => {
  expect(hasDisplay({ platform: 'linux', env: {}, isRoot: false })).toBe(false);
  expect(hasDisplay({ platform: 'linux', env: { DISPLAY: '' }, isRoot: false })).toBe(false);
  expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' }, isRoot: false })).toBe(true);
  expect(hasDisplay({ platform: 'win32', env: {}, isRoot: false })).toBe(true);
});

test('a browser named by COUNTER_BROWSER is taken or nothing is', () => {
  const env = { PATH: process.env['PATH'] };
  expect(findBrowser({ platform: 'linux', env: { ...env, COUNTER_BROWSER: process.execPath }, isRoot: false })).toBe(process.execPath);
  expect(findBrowser({ platform: 'linux', env: { ...env, COUNTER_BROWSER: '/nowhere/chromium' }, isRoot: false })).toBeNull();
  expect(findBrowser({ platform: 'linux', env: { PATH: '' }, isRoot: false })).toBeNull();
});

test('the sandbox is given up only where root cannot have it', () => {
  const request = { browser: 'b', address: 'http://127.0.0.1:1/#t=x', profile: '/p', size: { width: 10, height: 20 }, position: { x: 3, y: 4 }, isFullScreen: true };
  const asUser = printBrowserArguments(request, { platform: 'linux', env: {}, isRoot: false });
  expect(asUser).not.toContain('--no-sandbox');
  expect(asUser).toEqual(expect.arrayContaining(['--app=http://127.0.0.1:1/#t=x', '--user-data-dir=/p', '--window-size=10,20', '--kiosk']));
  expect(printBrowserArguments(request, { platform: 'linux', env: {}, isRoot: true })).toContain('--no-sandbox');
  expect(printBrowserArguments({ ...request, isFullScreen: false }, { platform: 'darwin', env: {}, isRoot: true })).not.toContain('--kiosk');
});
