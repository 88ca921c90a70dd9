import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { createPlatform, type Platform } from '../../platform/app.ts';
import { launchChromium } from './chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const dataDir = mkdtempSync(path.join(tmpdir(), 'platform-looks-'));
let platform: Platform;
let browser: Browser;
beforeAll(async () => {
  platform = await createPlatform({ dataDir, presenterDir: path.join(import.meta.dirname, '../../dist/presenter'), host: '127.0.0.1', port: 0, now: () => Date.now(), random: systemRandom, log: pino({ level: 'silent' }) });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await platform.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[] }[];
}

/** What is dark or hidden to somebody on this page, in words. */
async function findBarriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResult>("axe.run(document, { resultTypes: ['violations'] })");
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id} ${html.slice(0, 160)} ${failureSummary.split('\n')[1]?.trim() ?? ''}`));
}

/** The mean brightness of what a page shows, 0 to 255. */
async function brightnessOf(page: Page): Promise<number> {
  const { data } = PNG.sync.read(await page.screenshot());
  let sum = 0;
  for (let at = 0; at < data.length; at += 4) sum += ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
  return sum / (data.length / 4);
}

test.each([
  ['light', 390, 844],
  ['dark', 390, 844],
  ['dark', 1366, 768],
] as const)('the pages of the platform follow the %s look at %i × %i, and nobody is kept out of them', async (colorScheme, width, height) => {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const stations: readonly (readonly [name: string, act: () => Promise<unknown>])[] = [
    ['companies', () => page.goto(`${platform.url}/`)],
    ['log-in', () => page.goto(`${platform.url}/?company=yunfan`)],
    ['grant', async () => (await page.goto(`${platform.url}/?company=yunfan&role=agent`), page.getByTestId('present').waitFor())],
    ['code', async () => (await page.getByTestId('present').click(), page.getByTestId('code-image').waitFor())],
    ['withdraw', async () => (await page.getByTestId('withdraw').click(), page.getByTestId('withdraw-go').waitFor())],
    ['withdrawn', async () => (await page.getByTestId('withdraw-go').click(), page.locator('[data-state="withdrawn"]').first().waitFor())],
    ['interfaces', async () => (await page.goto(`${platform.url}/api`), page.locator('#payload').waitFor())],
    ['an answer', async () => (await page.locator('#send').click(), page.locator('#status.good').waitFor())],
    ['operations', () => page.goto(`${platform.url}/ops`)],
  ];
  const found: string[] = [];
  for (const [name, act] of stations) {
    await act();
    await page.waitForTimeout(300);
    found.push(...(await findBarriers(page)).map((barrier) => `${name}: ${barrier}`));
    const brightness = await brightnessOf(page);
    if (colorScheme === 'dark' ? brightness > 110 : brightness < 140) found.push(`${name}: brightness ${Math.round(brightness)}`);
    if (name !== 'code') continue;
    // Scanners read dark on light: the code and the quiet zone around it keep their white ground.
    const picture = PNG.sync.read(await page.getByTestId('code-image').screenshot());
    for (const [x, y] of [[12, 12], [picture.width - 12, 12], [12, picture.height - 12]] as const) expect([...picture.data.subarray((y * picture.width + x) * 4).subarray(0, 3)]).toEqual([255, 255, 255]);
  }
  expect(found).toEqual([]);
  await context.close();
});
