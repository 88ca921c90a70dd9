import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { type App, type AppDeps, createApp } from '../../main/app.ts';
import { firstSite } from '../../main/desk/site.ts';
import { createKioskHost, type KioskHost } from '../../main/kiosk.ts';
import type { Platform } from '../../platform/app.ts';
import { firstCompany, mintCode, scan, startPlatform } from '../main/running-counter.ts';
import { launchChromium } from './chromium.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };
const held = {} as { folder: string; browser: Browser; app: App; host: KioskHost; page: Page; faults: string[] };
beforeAll(async () => {
  held.browser = await launchChromium();
});
afterAll(() => held.browser.close());
beforeEach(() => {
  held.folder = mkdtempSync(path.join(os.tmpdir(), 'counter-administration-'));
  // A copy, so that a build that runs meanwhile changes nothing here.
  cpSync(path.join(import.meta.dirname, '../../dist/window'), path.join(held.folder, 'window'), { recursive: true });
  held.faults = [];
});
afterEach(async () => {
  await stop();
  rmSync(held.folder, { recursive: true, force: true });
});

/** A counter on the folder and a window on it. */
async function start(more: Partial<AppDeps>): Promise<void> {
  const app = await createApp({ dataDir: path.join(held.folder, 'counter'), version: 'test', shell: 'kiosk', now: Date.now, monotonic: () => performance.now(), random: systemRandom, log: silent, healthEveryMs: 3_600_000, ...more });
  if (!app.ok) throw new Error(app.failure.code);
  if (more.unattended === true) await app.value.ready;
  const host = await createKioskHost({ app: app.value, random: systemRandom, windowDir: path.join(held.folder, 'window'), port: 0 });
  if (host === null) throw new Error('the window is not built: npm run build');
  const page = await held.browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => void (message.type() === 'error' && held.faults.push(message.text())));
  page.on('pageerror', (error) => void held.faults.push(error.message));
  await page.goto(host.address);
  Object.assign(held, { app: app.value, host, page });
}

async function stop(): Promise<void> {
  await held.page.close();
  await held.host.close();
  await held.app.close();
}

/** Changes the last byte of what the second of two waiting records holds. */
function damageOutbox(): void {
  const db = new DatabaseSync(path.join(held.folder, 'counter/counter.db'));
  const [, second] = db.prepare('SELECT audit_seq, body_ct FROM outbox ORDER BY 1').all() as { audit_seq: number; body_ct: Uint8Array }[];
  const damaged = Uint8Array.from(second?.body_ct ?? []);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  db.prepare('UPDATE outbox SET body_ct = ? WHERE audit_seq = ?').run(damaged, second?.audit_seq ?? 0);
  db.close();
}

test('what could not be handed in stands apart in the settings and in the records, with who mends it, and is tried again from there', async () => {
  const begin = (port: number): Promise<Platform> => startPlatform({ dataDir: path.join(held.folder, 'platform'), port });
  const platform = await begin(0);
  const counter = { unattended: true, site: { ...firstSite, whenOffline: 'provisional' }, limits: { timeoutMs: 5000 }, platform: { url: platform.url, enrolmentCode: platform.enrolmentCode } } as const;
  await start(counter);
  const company = await firstCompany(platform);
  const codes = [await mintCode(platform, company), await mintCode(platform, company)];
  await platform.close();
  for (const code of codes) expect((await scan(held.app, code)).outcome.state).toBe('provisional');
  await held.page.locator('[data-testid="verdict"][data-state="provisional"]').waitFor();
  await stop();
  damageOutbox();
  const back = await begin(Number(new URL(platform.url).port));
  try {
    await start(counter);
    const { page } = held;
    await page.getByTestId('nav-settings').click();
    const card = page.getByTestId('offline-set-apart');
    await card.waitFor();
    expect(await card.innerText()).toContain('留存内容已损坏，无法读取');
    await page.getByTestId('nav-records').click();
    await page.getByTestId('record').first().waitFor();
    expect((await page.getByTestId('record').allInnerTexts()).map((row) => /补核验通过|未能补核验：留存内容无法读取/.exec(row)?.[0])).toEqual(['未能补核验：留存内容无法读取', '补核验通过']);
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('offline-again').click();
    // Nothing mended it meanwhile: tried, written down, and set apart once more.
    await expect.poll(async () => (await page.getByTestId('nav-records').click(), page.getByTestId('record').first().innerText())).toContain('留存内容无法读取');
    const types = await held.app.store.lines({ beforeSeq: null, limit: 100 });
    expect(types.ok && types.value.map(({ line }) => (JSON.parse(line) as { type: string }).type).filter((type) => type.startsWith('offline.')).toReversed()).toEqual(['offline.set-apart', 'offline.answered', 'offline.again', 'offline.set-apart']);
    expect(held.faults).toEqual([]);
  } finally {
    await back.close();
  }
});

const officers = [
  { id: '10001', name: '韩立', passphrase: 'Lantern harbour 71' },
  { id: '10002', name: '陆瑶', passphrase: 'Orchard violet 88' },
  { id: '10003', name: '丁一鸣', passphrase: 'Granite meadow 93' },
] as const;

async function logIn(officer: (typeof officers)[number]): Promise<void> {
  const { page } = held;
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await page.getByTestId('operator-id').fill(officer.id);
  await page.getByTestId('passphrase').fill(officer.passphrase);
  await page.getByTestId('log-in-go').click();
}

test('a clock that went back is confirmed by two in the window, and the auditor reads who and why in words', async () => {
  let behind = 0;
  const platform = await startPlatform({ dataDir: path.join(held.folder, 'platform') });
  await start({ now: () => Date.now() - behind, isTrial: false, platform: { url: platform.url, enrolmentCode: platform.enrolmentCode } });
  const { page } = held;
  await page.locator('[data-testid="door"][data-state="set-up"]').waitFor();
  for (const [index, { id, name, passphrase }] of officers.entries()) {
    await page.getByTestId(`person-name-${index}`).fill(name);
    await page.getByTestId(`person-id-${index}`).fill(id);
    for (const field of ['passphrase', 'again']) await page.getByTestId(`person-${field}-${index}`).fill(passphrase);
  }
  await page.getByTestId('set-up-go').click();
  await logIn(officers[0]);
  await held.app.ready;
  // The platform told the time once; now nobody does, and the clock goes back.
  await platform.close();
  behind = 2 * 3_600_000;
  await page.getByTestId('change-operator').click();
  await logIn(officers[0]);
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('clock-override').click();
  for (const [index, { id, passphrase }] of [officers[0], officers[1]].entries()) {
    await page.getByTestId(`two-id-${index}`).fill(id);
    await page.getByTestId(`two-passphrase-${index}`).fill(passphrase);
  }
  await page.getByTestId('two-people-go').click();
  await expect.poll(() => page.getByTestId('clock-override-dialog').getByText('必填').count()).toBe(1);
  await page.getByTestId('clock-reason').fill('主板电池更换');
  await page.getByTestId('two-people-go').click();
  await page.getByTestId('clock-override-dialog').waitFor({ state: 'detached' });
  await page.getByTestId('clock-settings').getByText('经两人确认，未经平台核对').waitFor();
  expect(await page.getByTestId('clock-override').isDisabled()).toBe(true);
  await page.getByTestId('change-operator').click();
  await logIn(officers[2]);
  await page.getByTestId('nav-audit').click();
  await page.locator('[data-testid="audit-row"][data-type="clock.overridden"]').getByTestId('open-entry').click();
  const section = page.getByTestId('entry-section');
  await section.waitFor();
  expect(await section.innerText()).toMatch(/原因\s+主板电池更换/);
  expect(await page.getByTestId('entry-raw').evaluate((details) => (details as HTMLDetailsElement).open)).toBe(false);
  expect(held.faults).toEqual([]);
});
