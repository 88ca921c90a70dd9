import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningProgram, startProgram } from '../fakes/running-platform.ts';
import { launchChromium } from './chromium.ts';

const officers = [
  { id: '10001', name: '韩立', passphrase: 'Lantern harbour 71' },
  { id: '10002', name: '陆瑶', passphrase: 'Orchard violet 88' },
  { id: '10003', name: '丁一鸣', passphrase: 'Granite meadow 93' },
] as const;
const [, security, auditor] = officers;
const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-two-'));
const faults: string[] = [];
let browser: Browser;
let program: RunningProgram<{ readonly address: string }>;
let page: Page;

beforeAll(async () => {
  [browser, program] = await Promise.all([launchChromium(), startProgram<{ readonly address: string }>('kiosk', '--embedded', '--log-in', '--no-window', '--port', '0', '--data', scratch)]);
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
  page.on('pageerror', (error) => void faults.push(error.message));
  await page.goto(program.facts.address);
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function logIn({ id, passphrase }: { readonly id: string; readonly passphrase: string }): Promise<void> {
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await page.getByTestId('operator-id').fill(id);
  await page.getByTestId('passphrase').fill(passphrase);
  await page.getByTestId('log-in-go').click();
}

/** Types two people into the dialog, or one, and presses its button. */
async function confirm(...people: readonly { readonly id: string; readonly passphrase: string }[]): Promise<void> {
  for (const [index, { id, passphrase }] of people.entries()) {
    await page.getByTestId(`two-id-${index}`).fill(id);
    await page.getByTestId(`two-passphrase-${index}`).fill(passphrase);
  }
  await page.getByTestId('two-people-go').click();
}

/** What the settings say of the shortest keeping once they are read anew: the button to choose it is there while it is not in use. */
async function isKioskInUse(): Promise<boolean> {
  await page.getByTestId('nav-people').click();
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('retention-profile').getByText('自助机').click();
  await page.getByTestId('retention').getByText('184 天').first().waitFor();
  return (await page.getByTestId('retention-choose').count()) === 0;
}

const problem = (): Promise<string> => page.getByTestId('access-problem').innerText();

test('keeping records for less time: one administrator alone gets nowhere, two together do it', async () => {
  await page.locator('[data-testid="door"][data-state="set-up"]').waitFor();
  // That it is practice stands whole above the door, which has nothing to scroll.
  expect(await page.getByTestId('practice').boundingBox()).toMatchObject({ x: 0, y: 0, width: 1366 });
  expect(await page.getByTestId('door').evaluate((door) => [door.scrollWidth, door.scrollHeight])).toEqual([1366, 768]);
  await page.getByTestId('trial-people').getByText('三类管理员').click();
  for (const [index, { id, name, passphrase }] of officers.entries()) {
    await page.getByTestId(`person-name-${index}`).fill(name);
    await page.getByTestId(`person-id-${index}`).fill(id);
    for (const field of ['passphrase', 'again']) await page.getByTestId(`person-${field}-${index}`).fill(passphrase);
  }
  await page.getByTestId('set-up-go').click();
  await logIn(security);
  await page.getByTestId('nav-settings').click();
  expect(await isKioskInUse()).toBe(false);

  await page.getByTestId('retention-choose').click();
  await page.getByTestId('retention-shorten-dialog').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('two-id-0');
  await confirm(security);
  await expect.poll(() => page.getByTestId('retention-shorten-dialog').getByText('必填').count()).toBe(2);
  await confirm(security, security);
  expect(await problem()).toBe('两处填的是同一人，须由两名不同的管理员各自输入');
  await confirm(security, { ...auditor, passphrase: 'Granite meadow 94' });
  await expect.poll(problem).toBe('管理员 2 的工号或口令不正确，或该工号不是管理员');
  await confirm(security, { id: '10387', passphrase: auditor.passphrase });
  await expect.poll(problem).toBe('管理员 2 的工号或口令不正确，或该工号不是管理员');
  await page.keyboard.press('Escape');
  await page.getByTestId('retention-shorten-dialog').waitFor({ state: 'detached' });
  expect(await isKioskInUse()).toBe(false);

  await page.getByTestId('retention-choose').click();
  await confirm(security, auditor);
  await page.getByTestId('retention-shorten-dialog').waitFor({ state: 'detached' });
  await page.getByTestId('retention-choose').waitFor({ state: 'detached' });
  expect(await isKioskInUse()).toBe(true);
});

test('the auditor, who begins with the log, finds both who stood behind it there', async () => {
  await page.getByTestId('change-operator').click();
  await logIn(auditor);
  await page.getByTestId('audit-row').first().waitFor();
  const rows = await page.getByTestId('audit-row').allInnerTexts();
  for (const { id } of [security, auditor]) expect(rows.filter((row) => row.includes('缩短保存期限 自助机') && new RegExp(`\\t${id}\\s+[0-9a-f]{12}`).test(row)), rows.join(' | ')).toHaveLength(1);
  expect(faults).toEqual([]);
});
