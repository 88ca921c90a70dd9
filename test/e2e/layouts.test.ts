import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Access } from '../../domain/contracts/access.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { launchChromium } from './chromium.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'counter-layouts-'));
let browser: Browser;
beforeAll(async () => {
  cpSync(path.join(import.meta.dirname, '../../dist/window'), folder, { recursive: true });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Wanted {
  readonly access?: Partial<Access>;
  readonly language?: string;
  readonly screen: readonly [width: number, height: number];
  /** How much everything is enlarged, as on a screen of 150 %. */
  readonly zoom?: number;
}

async function withWindow({ access = {}, language = 'zh-CN', screen: [width, height], zoom = 1 }: Wanted, use: (page: Page) => Promise<void>): Promise<void> {
  const server = await serveWindow(folder, createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array(), access }));
  const context = await browser.newContext({ viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) }, deviceScaleFactor: zoom });
  try {
    await context.addInitScript((value) => localStorage.setItem('counter-preferences', value), JSON.stringify({ sound: false, language }));
    const page = await context.newPage();
    await page.goto(server.url);
    await use(page);
  } finally {
    await context.close();
    await server.close();
  }
}

const passphrases = ['Lantern-harbour-71', 'Orchard-violet-88', 'Granite-meadow-93'];

test.each([
  [[1366, 768], 1],
  [[1024, 768], 1],
  [[1366, 768], 1.5],
] as const)('at %j, enlarged %f times, the door with its recovery code lies below the practice strip, and all of it can be reached', async (screen, zoom) => {
  for (const language of ['zh-CN', 'en'])
    await withWindow({ access: { state: 'set-up' }, language, screen, zoom }, async (page) => {
      await page.getByTestId('trial-people').locator('label').nth(1).click();
      for (const [at, passphrase] of passphrases.entries()) {
        await page.getByTestId(`person-name-${at}`).fill(['韩立', '陆瑶', '丁一鸣'][at] ?? '');
        await page.getByTestId(`person-id-${at}`).fill(`1000${at}`);
        for (const field of ['passphrase', 'again']) await page.getByTestId(`person-${field}-${at}`).fill(passphrase);
      }
      await page.getByTestId('set-up-go').click();
      await page.getByTestId('recovery-code').waitFor();
      const door = page.getByTestId('door');
      await door.evaluate((element) => element.scrollTo(0, 0));
      const [strip, card] = [await page.getByTestId('practice').boundingBox(), await page.locator('.door-card').boundingBox()];
      expect(card!.y).toBeGreaterThanOrEqual(strip!.y + strip!.height);
      await page.getByTestId('log-in-go').scrollIntoViewIfNeeded();
      await page.getByTestId('log-in-go').click({ trial: true });
      expect(await door.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    });
});

/** Between them they have every place of the window. */
const roles = ['supervisor', 'security'] as const;

test.each(['zh-CN', 'en'])('in %s every label of the rail, chosen or not, stays within its tile, and at 1366 no light of the bar is cut off', async (language) => {
  for (const role of roles)
    await withWindow({ access: { state: 'open', isTrial: false, operator: { id: '1', name: '欧阳晓芸', role } }, language, screen: [1366, 768] }, async (page) => {
      await page.getByTestId('chip-platform').waitFor();
      expect(await page.locator('.chip-text, .site strong').evaluateAll((texts) => texts.flatMap((text) => (text.scrollWidth > text.clientWidth ? [text.textContent] : [])))).toEqual([]);
      for (const width of [1366, 911]) {
        await page.setViewportSize({ width, height: 600 });
        const wide = await page.locator('.rail-item').evaluateAll((items) =>
          items.flatMap((item) => {
            // As if each were chosen: that is the bold one.
            item.setAttribute('aria-current', 'page');
            const text = item.querySelector('span')!;
            const range = document.createRange();
            range.selectNodeContents(text);
            const [inner, outer] = [range.getBoundingClientRect(), item.getBoundingClientRect()];
            return inner.left < outer.left || inner.right > outer.right ? [`${text.textContent} ${inner.width} in ${outer.width}`] : [];
          }),
        );
        expect([role, width, wide]).toEqual([role, width, []]);
      }
    });
});
