import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { Browser, Page } from 'playwright-core';
import { systemRandom } from '../../domain/crypto/random.ts';
import { type App, createApp } from '../../main/app.ts';
import { createKioskHost, type KioskHost } from '../../main/kiosk.ts';
import { createPlatform, type Platform } from '../../platform/app.ts';
import type { Faults } from '../../platform/faults.ts';
import type { MintRequest } from '../../platform/presenting/contract.ts';
import type { DrawCertificate } from '../../platform/sharing/certificate-files.ts';
import { sampleCompanies } from '../../platform/sample/companies.table.ts';
import { launchChromium } from './chromium.ts';
import { laySerialWire, type SerialWire } from './serial-wire.ts';
import { createSettableClock, type SettableClock } from './settable-clock.ts';

/** Platform, counter, host, serial scanner and browser, all real, on a scratch folder; the clock and the faults can be set. */
export interface World {
  readonly folder: string;
  readonly clock: SettableClock;
  readonly faults: Faults;
  readonly app: App;
  readonly host: KioskHost;
  readonly wire: SerialWire;
  readonly browser: Browser;
  platform(): Platform;
  /** What a breach of the content security policy, a failed request or an exception in a page said. */
  readonly pageFaults: string[];
  openPage(address: string, options?: { viewport?: { width: number; height: number }; browser?: Browser }): Promise<Page>;
  mint(request?: Partial<MintRequest>): Promise<string>;
  stopPlatform(): Promise<void>;
  restartPlatform(): Promise<void>;
  close(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, '../..');

/** 下一位, as the clerk does it: F4, and yes when the window asks; ends in a waiting window with a new case. */
export async function callNextPerson(world: World, page: Page): Promise<void> {
  const before = world.app.cases.current()?.caseId;
  const awaitCase = (): Promise<void> => page.getByTestId('case-strip').getByText(world.app.cases.current()?.bizNum ?? '?').waitFor();
  // A window that is not connected yet has no case to leave.
  await awaitCase();
  await page.getByTestId('nav-verify').click();
  await page.keyboard.press('F4');
  const until = Date.now() + 10_000;
  // Between two cases there is none.
  for (let now = before; now === undefined || now === before; now = world.app.cases.current()?.caseId) {
    if (Date.now() > until) throw new Error('F4 opened no case');
    const go = page.getByTestId('confirm-go');
    if (await go.isVisible()) await go.click();
    await page.waitForTimeout(30);
  }
  await awaitCase();
  await page.getByTestId('waiting').waitFor();
}

/** Calls to the platform are given up after this, so that a slow platform costs a test little. */
export const callTimeoutMs = 3000;

/** What may be otherwise: how certificates are drawn, and that people log in. */
export interface WorldOptions {
  readonly draw?: DrawCertificate;
  readonly hasLogIn?: boolean;
}

export async function startWorld({ draw, hasLogIn = false }: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'counter-e2e-'));
  const clock = createSettableClock();
  const faults: Faults = {};
  const log = pino({ level: 'silent' });
  // A copy, so that a build that runs meanwhile changes nothing here.
  for (const part of ['window', 'presenter']) cpSync(path.join(root, 'dist', part), path.join(folder, 'dist', part), { recursive: true });
  const startPlatform = (port: number): Promise<Platform> =>
    createPlatform({ dataDir: path.join(folder, 'platform'), now: clock.now, random: systemRandom, host: '127.0.0.1', port, log, faults, provinceDeadlineMs: 60_000, presenterDir: path.join(folder, 'dist/presenter'), ...(draw === undefined ? {} : { draw }) });
  let platform = await startPlatform(0);
  const wire = await laySerialWire(folder);
  const created = await createApp({
    dataDir: path.join(folder, 'counter'),
    version: 'test',
    shell: 'kiosk',
    now: clock.now,
    monotonic: clock.monotonic,
    random: systemRandom,
    unattended: !hasLogIn,
    log: { info: () => {}, warn: () => {}, error: (facts, text) => console.error(text, facts) },
    platform: { url: platform.url, enrolmentCode: platform.enrolmentCode },
    site: { serial: [{ path: wire.port, baudRate: 9600, suffix: 'CR', name: '扫描枪' }] },
    limits: { timeoutMs: callTimeoutMs, connectTimeoutMs: callTimeoutMs },
    // The platform's Date header is the machine's clock, which is not the one of this world.
    healthEveryMs: 3_600_000,
  });
  if (!created.ok) throw new Error(`the counter does not start: ${created.failure.code}`);
  const app = created.value;
  // Where people log in, the first log-in is what makes it ready.
  if (!hasLogIn) await app.ready;
  const host = await createKioskHost({ app, random: systemRandom, windowDir: path.join(folder, 'dist/window'), port: 0 });
  if (host === null) throw new Error('the window is not built: npm run build');
  const browser = await launchChromium();
  const pageFaults: string[] = [];
  return {
    ...{ folder, clock, faults, app, host, wire, browser, pageFaults },
    platform: () => platform,
    openPage: async (address, { viewport = { width: 1366, height: 768 }, browser: other = browser } = {}) => {
      const page = await other.newPage({ viewport });
      page.setDefaultTimeout(10_000);
      page.on('console', (message) => void (message.type() === 'error' && pageFaults.push(message.text())));
      page.on('pageerror', (error) => void pageFaults.push(error.message));
      await page.goto(address);
      return page;
    },
    mint: async (request = {}) => {
      const company = sampleCompanies.find(({ id }) => id === (request.companyId ?? 'yunfan'));
      if (company === undefined) throw new Error('no such company');
      const minted = await platform.mint({
        companyId: company.id,
        certificateTypes: company.certificates.map(({ typeCode }) => typeCode),
        informationGroups: company.information.map(({ oid }) => oid),
        permissions: { retain: false, download: false, transfer: false },
        oneTime: false,
        ...request,
      });
      return minted.code;
    },
    stopPlatform: () => platform.close(),
    restartPlatform: async () => {
      platform = await startPlatform(Number(new URL(platform.url).port));
    },
    close: async () => {
      await browser.close();
      await host.close();
      await app.close();
      wire.close();
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
