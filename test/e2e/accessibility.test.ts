import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access } from '../../domain/contracts/access.ts';
import { rightPassphrase } from '../fakes/access-backend.ts';
import { type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { launchChromium } from './chromium.ts';
import { makePagedPdf } from './paged-pdf.ts';

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
const scan = (name: 'verified' | 'verified-download' | 'expired' | 'provisional'): Act => async (page, backend) => {
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
  ['withdrawn', async (page, backend) => {
    const { scanId } = await backend.scan('verified', 0, (verdict) => ({ ...verdict, withdrawnAt: Date.now() }));
    await page.locator(`[data-testid="verdict"][data-scan-id="${scanId}"][data-ended="true"]`).waitFor();
  }],
  ['notice', press('F8', 'notice')],
  ['confirm next', async (page, backend) => (await go('verify', 'verdict')(page, backend), press('F4', 'confirm-next')(page, backend))],
  ['matters', async (page, backend) => (await page.keyboard.press('Escape'), page.locator('dialog:modal').waitFor({ state: 'detached' }).then(() => press('F2', 'matters')(page, backend)))],
];

const scanForCopies: Act = async (page, backend) => {
  await page.getByTestId('chip-platform').waitFor();
  await scan('verified-download')(page, backend);
  await page.locator('[data-testid="copy-save"][data-locked="false"]').waitFor();
};
const door = (page: Page): Promise<void> => page.getByTestId('door').waitFor();
const security = { state: 'open', isTrial: false, hasRecords: true, operator: { id: '10002', name: '陆瑶', role: 'security' } } as const;

/** The ways in, and what administrators do alone and by two: each from a window opened for it. */
const accessStations: readonly (readonly [name: string, access: Partial<Access>, act: Act])[] = [
  ['set-up', { state: 'set-up', isTrial: false }, door],
  ['locked', { state: 'locked', isTrial: false, hasRecords: true, lockedBy: 'idle', lastOperatorId: '10387' }, door],
  ['refused at the door', { state: 'locked', isTrial: false, hasRecords: true, lockedBy: 'start' }, async (page) => {
    await page.getByTestId('operator-id').fill('10387');
    await page.getByTestId('passphrase').fill('wrong');
    await page.getByTestId('log-in-go').click();
    await page.getByTestId('access-problem').waitFor();
  }],
  ['key file asked for again', { ...security, operator: { id: '10387', name: '周敏', role: 'operator' }, keyFileDueAt: 1 }, async (page) => page.getByTestId('key-file-again').waitFor()],
  ['own passphrase due', { ...security, state: 'passphrase-due' }, door],
  ['people', security, go('people', 'people')],
  ['passphrase for somebody', security, async (page, backend) => (await go('people', 'people')(page, backend), page.getByTestId('person-10412').getByRole('button').first().click())],
  ['two people: an administrator’s passphrase', security, async (page, backend) => {
    await go('people', 'people')(page, backend);
    await page.getByTestId('person-10001').getByRole('button').first().click();
    await page.getByTestId('administrator-reset').waitFor();
  }],
  ['audit: checked, and the content of an entry', { ...security, operator: { id: '10003', name: '丁一鸣', role: 'auditor' } }, async (page, backend) => {
    await go('audit', 'audit-row')(page, backend);
    await page.getByTestId('verify-chain').click();
    await page.getByTestId('chain-result').waitFor();
    await page.getByTestId('open-entry').first().click();
    await page.getByTestId('entry-raw').locator('summary').click();
  }],
  ['a copy that was refused', {}, async (page, backend) => {
    await scanForCopies(page, backend);
    backend.failNext('permission/unconfirmed');
    await page.getByTestId('copy-save').click();
    await page.locator('.copy-failed').waitFor();
  }],
  ['to whom a copy goes', {}, async (page, backend) => {
    await scanForCopies(page, backend);
    await page.getByTestId('copy-forward').click();
    await page.getByTestId('forward-dialog').waitFor();
  }],
  ['a recovery code', security, async (page, backend) => {
    await go('people', 'people')(page, backend);
    await page.getByTestId('recovery-renew').click();
    for (const [at, id] of ['10001', '10002'].entries()) {
      await page.getByTestId(`two-id-${at}`).fill(id);
      await page.getByTestId(`two-passphrase-${at}`).fill(rightPassphrase);
    }
    await page.getByTestId('two-people-go').click();
    await page.getByTestId('recovery-code').waitFor();
  }],
  ['own passphrase', security, async (page) => (await page.getByTestId('open-passphrase').click(), page.getByTestId('passphrase-dialog').waitFor())],
  ['own key', security, async (page) => (await page.getByTestId('open-key').click(), page.getByTestId('key-dialog').waitFor())],
  ['administrator’s settings, much being wrong', { ...security, operator: { id: '10001', name: '韩立', role: 'administrator' } }, async (page, backend) => {
    backend.changeStatus({ clock: { state: 'wrong', offsetMs: 7_230_000, uncertaintyMs: 1, checkedAt: null }, offline: { waiting: 3, failure: 'remote/refused', setApart: 2, refused: 1, lastSyncAt: null } });
    await go('settings', 'settings')(page, backend);
    await page.getByTestId('offline-set-apart').waitFor();
  }],
  ['two people: the clock', { ...security, operator: { id: '10001', name: '韩立', role: 'administrator' } }, async (page, backend) => {
    backend.changeStatus({ clock: { state: 'wrong', offsetMs: 7_230_000, uncertaintyMs: 1, checkedAt: null } });
    await go('settings', 'settings')(page, backend);
    await page.getByTestId('clock-override').click();
    await page.getByTestId('clock-override-dialog').waitFor();
  }],
];

describe.each(['zh-CN', 'en'])('in %s', (language) => {
  test.each(['light', 'dark', 'contrast'])('nobody is kept out by the window in %s: nothing serious on any screen', async (theme) => {
    const found: string[] = [];
    await withWindow({ theme, language }, {}, async (page, backend) => {
      await page.getByTestId('chip-platform').waitFor();
      for (const [name, act] of stations) {
        await act(page, backend);
        await page.waitForTimeout(200);
        found.push(...(await findBarriers(page)).map((barrier) => `${name}: ${barrier}`));
      }
    });
    expect(found).toEqual([]);
  });
});

test.each([['light', 'en'], ['dark', 'zh-CN'], ['contrast', 'zh-CN']])('nobody is kept out of the ways in and the administrators’ screens in %s, %s', async (theme, language) => {
  const found: string[] = [];
  for (const [name, access, act] of accessStations) {
    await withWindow({ theme, language }, access, async (page, backend) => {
      await act(page, backend);
      await page.waitForTimeout(200);
      found.push(...(await findBarriers(page)).map((barrier) => `${name}: ${barrier}`));
    });
  }
  expect(found).toEqual([]);
});

/** A window of its own on the fake host, with the search for barriers in it. */
async function withWindow(preferences: { readonly theme: string; readonly language: string }, access: Partial<Access>, use: (page: Page, backend: CounterBackend) => Promise<void>): Promise<void> {
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: await makePagedPdf(1), access });
  const server = await serveWindow(folder, backend);
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: 'reduce' });
  try {
    await context.addInitScript((value) => localStorage.setItem('counter-preferences', value), JSON.stringify({ sound: false, ...preferences }));
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(server.url);
    // The page's policy allows no foreign script; the protocol puts it in beside.
    await page.evaluate(axe);
    await use(page, backend);
  } finally {
    await context.close();
    await server.close();
  }
}

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
