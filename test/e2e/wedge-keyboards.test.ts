import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow, type WindowServer } from '../fakes/window-server.ts';
import { createKeySender, physicalKeyOf } from './key-sender.ts';
import { hasXTools, openXWindow, type XWindow } from './x-window.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-keyboards-'));
/** Every character that lies elsewhere on some layout, in both cases. */
const payload = 'QYM1.AZqzWwMm0189-_=+[]{};:\'"\\|,<.>/?!@#$%^&*()`~ yY';
let backend: CounterBackend;
let server: WindowServer;
let window: XWindow;
beforeAll(async () => {
  if (!hasXTools) return;
  backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array(), answersScans: false });
  server = await serveWindow(path.join(root, 'dist/window'), backend);
  window = await openXWindow({ address: server.url, folder });
  await window.page.getByTestId('chip-platform').waitFor();
});
afterAll(async () => {
  if (!hasXTools) return;
  await window.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const field = () => window.page.locator('[data-testid="records"] input').first();
const scans = () => backend.calls.filter((call) => call.startsWith('scan.submit wedge ')).map((call) => call.slice('scan.submit wedge '.length));

/** The field of a search with nothing in it, and the focus in it. */
async function focusField(): Promise<void> {
  await window.page.getByTestId('nav-records').click();
  await field().fill('');
  await field().focus();
  await window.page.waitForTimeout(200);
  backend.calls.length = 0;
}

describe.runIf(hasXTools)('a scanner set to a US keyboard, at a machine with another', () => {
  const setKeyboard = (...layout: string[]): void => void execFileSync('setxkbmap', layout, { env: { ...process.env, DISPLAY: window.display } });
  const scanWith = async (before: readonly string[]): Promise<readonly [typed: string, scanned: readonly string[]]> => {
    const keys = createKeySender(window.display);
    await focusField();
    // What the layout makes of the same keys when a person presses them: it is really another one.
    await keys.type([...before.map((key) => ({ key, pauseMs: 60, isRolled: false })), ...['q', 'z', '1'].map((character) => ({ key: physicalKeyOf(character), pauseMs: 150, isRolled: false }))]);
    await expect.poll(() => field().inputValue()).not.toBe('');
    await window.page.waitForTimeout(300);
    const typed = await field().inputValue();
    await field().fill('');
    // Emptying it was a key too.
    await window.page.waitForTimeout(200);
    await keys.burst([...payload, '\r'].map(physicalKeyOf), 3);
    await expect.poll(scans).not.toEqual([]);
    await window.page.waitForTimeout(250);
    expect(await field().inputValue()).toBe('');
    return [typed, scans()];
  };

  test.each([
    ['fr', 'aw&'],
    ['de', 'qy1'],
    ['ru', 'йя1'],
  ])('layout %s', async (layout, typed) => {
    setKeyboard(layout);
    try {
      expect(await scanWith([])).toEqual([typed, [payload]]);
    } finally {
      setKeyboard('us');
    }
  });

  test('Caps Lock', async () => {
    expect(await scanWith(['Caps_Lock'])).toEqual(['QZ1', [payload]]);
    await createKeySender(window.display).burst(['Caps_Lock'], 0);
  });
});

describe.runIf(hasXTools)('a Pinyin input method that has the keyboard', () => {
  /** As the method does it: each key comes as 229, what is composed stands in the field meanwhile. */
  const compose = async (session: CDPSession, letters: string, paceMs: number): Promise<void> => {
    const start = Date.now() - letters.length * paceMs;
    for (const [index, letter] of [...letters].entries()) {
      const isDigit = /[0-9]/.test(letter);
      const key = { key: 'Process', code: isDigit ? `Digit${letter}` : `Key${letter.toUpperCase()}`, windowsVirtualKeyCode: 229, timestamp: (start + index * paceMs) / 1000, modifiers: /[A-Z]/.test(letter) ? 8 : 0 };
      await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
      const text = letters.slice(0, index + 1);
      await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
      await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key, timestamp: key.timestamp + 0.001 });
    }
  };
  const enter = async (session: CDPSession, timestamp: number): Promise<void> => {
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', text: '\r', windowsVirtualKeyCode: 13, timestamp });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, timestamp: timestamp + 0.001 });
  };

  test('a scan is read from the keys, nothing of the composition stays, and the clerk is told', async () => {
    const session = await window.page.context().newCDPSession(window.page);
    await focusField();
    await field().pressSequentially('已有', { delay: 200 });
    await window.page.waitForTimeout(300);
    await compose(session, 'QYM10AbC9xyz', 5);
    await enter(session, Date.now() / 1000);
    await expect.poll(scans).toEqual(['QYM10AbC9xyz']);
    await window.page.waitForTimeout(250);
    expect(await field().inputValue()).toBe('已有');
    expect(await window.page.locator('[data-testid="message"][data-state="ime"]').textContent()).toContain('输入法');
    await session.detach();
  });

  test('a word composed by hand arrives, and is no scan', async () => {
    const session = await window.page.context().newCDPSession(window.page);
    await focusField();
    await compose(session, 'nihao', 140);
    await session.send('Input.insertText', { text: '你好' });
    await window.page.waitForTimeout(300);
    await compose(session, 'shijie', 140);
    await session.send('Input.insertText', { text: '世界' });
    await window.page.waitForTimeout(700);
    expect(await field().inputValue()).toBe('你好世界');
    expect(scans()).toEqual([]);
    await session.detach();
  });
});
