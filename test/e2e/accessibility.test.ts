import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { launchChromium } from './chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'counter-axe-'));
let browser: Browser;
beforeAll(async () => {
  cpSync(path.join(import.meta.dirname, '../../dist/window'), folder, { recursive: true });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

type Act = (page: Page, backend: CounterBackend) => Promise<unknown>;
const go = (screen: string, testId: string): Act => async (page) => {
  await page.keyboard.press('Escape');
  await page.locator('dialog:modal').waitFor({ state: 'detached' });
  await page.getByTestId(`nav-${screen}`).click();
  await page.getByTestId(testId).first().waitFor();
};
const scan = (name: 'verified' | 'expired' | 'provisional'): Act => async (page, backend) => {
  const { scanId } = await backend.scan(name);
  await page.locator(`[data-testid="verdict"][data-scan-id="${scanId}"]`).waitFor();
};
const press = (key: string, testId: string): Act => async (page) => {
  await page.keyboard.press(key);
  await page.getByTestId(testId).first().waitFor();
};
const part = (name: string, testId: string): Act => async (page) => {
  await page.getByTestId(`part-${name}`).click();
  await page.getByTestId(testId).waitFor();
};

/** Every screen and what can lie over one, each reached from the one before. */
const stations: readonly (readonly [name: string, act: Act])[] = [
  ['waiting', () => Promise.resolve()],
  ['records', go('records', 'record')],
  ['audit', go('audit', 'audit-row')],
  ['devices', go('devices', 'device-detail')],
  ['devices: keyboard scanner', async (page) => page.getByTestId('device').nth(2).click()],
  ['devices: camera', async (page) => page.getByTestId('device').nth(3).click()],
  ['devices: self-test', part('selfTest', 'self-test')],
  ['devices: start of day', part('startCheck', 'start-check')],
  ['devices: kinds of the site', part('ownKinds', 'site-kinds')],
  ['settings', go('settings', 'operator-name')],
  ['help', press('F1', 'help')],
  ['expired', async (page, backend) => (await page.keyboard.press('Escape'), scan('expired')(page, backend))],
  ['provisional', scan('provisional')],
  ['verified', scan('verified')],
  ['information', async (page) => page.getByTestId('tab-information').click()],
  ['consent', async (page) => page.getByTestId('tab-consent').click()],
  ['told', async (page) => page.getByTestId('tab-notice').click()],
  ['certificates', go('certificates', 'certificates')],
  ['notice', press('F8', 'notice')],
  ['confirm next', async (page, backend) => (await go('verify', 'verdict')(page, backend), press('F4', 'confirm-next')(page, backend))],
  ['matters', async (page, backend) => (await page.keyboard.press('Escape'), page.locator('dialog:modal').waitFor({ state: 'detached' }).then(() => press('F2', 'matters')(page, backend)))],
];

describe.each(['zh-CN', 'en'])('in %s', (language) => {
  test.each(['light', 'dark', 'contrast'])('nobody is kept out by the window in %s: nothing serious on any screen', async (theme) => {
    const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array() });
    const server = await serveWindow(folder, backend);
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' });
    try {
      await context.addInitScript((value) => localStorage.setItem('counter-preferences', value), JSON.stringify({ sound: false, theme, language }));
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(server.url);
      await page.getByTestId('chip-platform').waitFor();
      // The page's policy allows no foreign script; the protocol puts it in beside.
      await page.evaluate(axe);
      const found: string[] = [];
      for (const [name, act] of stations) {
        await act(page, backend);
        await page.waitForTimeout(200);
        found.push(...(await findBarriers(page)).map((barrier) => `${name}: ${barrier}`));
      }
      expect(found).toEqual([]);
    } finally {
      await context.close();
      await server.close();
    }
  });
});

test('the search for barriers finds one', async () => {
  const page = await browser.newPage();
  await page.setContent('<html lang="zh"><title>x</title><main><button></button><p style="color:#ccc;background:#fff">核验</p></main></html>');
  await page.evaluate(axe);
  expect((await findBarriers(page)).length).toBeGreaterThanOrEqual(2);
  await page.close();
});

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[] }[];
}

async function findBarriers(page: Page): Promise<readonly string[]> {
  const { violations } = await page.evaluate<AxeResult>("axe.run(document, { resultTypes: ['violations'] })");
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id} ${html.slice(0, 160)} ${failureSummary.split('\n')[1]?.trim() ?? ''}`));
}
