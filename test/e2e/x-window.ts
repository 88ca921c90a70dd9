import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { printBrowserArguments } from '../../main/commands/browser-window.ts';
import { findChromium } from './chromium.ts';
import { promptly } from './key-sender.ts';

/** The counter's window as the kiosk opens it, on an X screen of its own. */
export interface XWindow {
  readonly display: string;
  readonly page: Page;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A window manager that gives the window the focus and takes no key for itself. */
const windowManagerRules = `<?xml version="1.0"?><openbox_config xmlns="http://openbox.org/3.4/rc"><keyboard/><mouse/><applications><application class="*"><decor>no</decor><focus>yes</focus></application></applications></openbox_config>`;

/** Whether this machine has what `openXWindow` starts and what presses the keys. */
export const hasXTools = ['Xvfb', 'openbox', 'xdotool', 'setxkbmap'].every((program) => (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => existsSync(path.join(folder, program))));

/** Starts the X server, the window manager and the browser, with everything they write below `folder`. */
export async function openXWindow({ address, folder }: { readonly address: string; readonly folder: string }): Promise<XWindow> {
  mkdirSync(folder, { recursive: true });
  const children: ChildProcess[] = [];
  const display = await startScreen(children);
  const env = { ...process.env, DISPLAY: display };
  const rules = path.join(folder, 'openbox.xml');
  writeFileSync(rules, windowManagerRules);
  children.push(spawn('openbox', ['--config-file', rules], { env, stdio: 'ignore' }));
  const request = { browser: findChromium(), address, profile: path.join(folder, 'profile'), size: { width: 1366, height: 768 }, position: { x: 0, y: 0 }, isFullScreen: false };
  const desktop = { platform: process.platform, env, isRoot: process.getuid?.() === 0 };
  const window = spawn('nice', [...promptly, request.browser, '--remote-debugging-port=0', '--disable-gpu', ...printBrowserArguments(request, desktop)], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(window);
  const browser = await chromium.connectOverCDP(await readEndpoint(window));
  const page = await firstPage(browser);
  page.setDefaultTimeout(20_000);
  return {
    ...{ display, page, browser },
    close: async () => {
      await browser.close().catch(() => undefined);
      for (const child of children.toReversed()) await end(child);
    },
  };
}

async function startScreen(children: ChildProcess[]): Promise<string> {
  // The server itself chooses a number that is free.
  const server = spawn('nice', [...promptly, 'Xvfb', '-displayfd', '3', '-screen', '0', '1400x820x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  children.push(server);
  const [, , , numbers] = server.stdio;
  return new Promise((resolve, reject) => {
    let text = '';
    numbers?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(`:${text.trim()}`);
    });
    server.once('exit', () => reject(new Error('Xvfb ended')));
  });
}

function readEndpoint(window: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    window.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const endpoint = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    });
    window.once('exit', () => reject(new Error(`the browser ended: ${text.slice(-400)}`)));
  });
}

async function firstPage(browser: Browser): Promise<Page> {
  for (;;) {
    const page = browser.contexts()[0]?.pages()[0];
    if (page !== undefined) return page;
    await wait(50);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await Promise.race([ended, wait(3000)]);
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
