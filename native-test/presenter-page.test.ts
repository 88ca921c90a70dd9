import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { systemRandom } from '../domain/crypto/random.ts';
import { parseServiceCode } from '../domain/service-code.ts';
import { createPlatform, type Platform } from '../platform/app.ts';

const browserPath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((file) => existsSync(file));

describe.skipIf(browserPath === undefined)('the presenter page in a browser', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'presenter-page-'));
  const faults: string[] = [];
  let platform: Platform;
  let browser: Browser;

  beforeAll(async () => {
    const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } });
    const presenterDir = path.join(folder, 'page');
    const configFile = path.join(import.meta.dirname, '..', 'vite.presenter.config.ts');
    await build({ configFile, logLevel: 'error', build: { outDir: presenterDir, emptyOutDir: true } });
    platform = await createPlatform({
      dataDir: path.join(folder, 'data'),
      presenterDir,
      host: '127.0.0.1',
      port: 0,
      now: () => Date.now(),
      random: systemRandom,
      log: pino({ level: 'silent' }),
    });
    browser = await chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'] });
  });

  afterAll(async () => {
    await browser?.close();
    await platform?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (query: string, viewport: { width: number; height: number }): Promise<Page> => {
    const page = await browser.newPage({ viewport });
    // A breach of the content security policy is an error on the console.
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    page.on('pageerror', (error) => void faults.push(error.message));
    await page.clock.install();
    await page.goto(`${platform.url}/${query}`);
    return page;
  };

  test.each([
    { width: 390, height: 844 },
    { width: 1366, height: 768 },
  ])('shows a code that a scanner reads from a picture of the page ($width × $height)', async (viewport) => {
    const page = await open('?company=heming-inn&auto=1', viewport);
    await page.getByTestId('code-image').waitFor();
    const [read] = await readBarcodes(await page.screenshot(), { formats: ['QRCode'], tryHarder: true });
    const parsed = parseServiceCode({ text: read?.text ?? '' });
    expect(parsed.ok && parsed.code.identity).toEqual({ kind: 'uscc', uscc: '91330602MA2JR8U32U' });
    const box = await page.getByTestId('code-image').boundingBox();
    expect(box?.width).toBeGreaterThanOrEqual(300);
    expect(await page.content()).not.toContain(read?.text);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.close();
  });

  test('greys the code when its five minutes are over, and a click brings a new one that can be read', async () => {
    const page = await open('?company=yunfan&auto=1', { width: 390, height: 844 });
    const picture = page.getByTestId('code-image');
    await picture.waitFor();
    const first = await picture.getAttribute('src');
    await page.clock.fastForward(295_000);
    expect(await page.getByTestId('ended').count()).toBe(0);
    await page.clock.fastForward(5000);
    await page.getByTestId('ended').waitFor();
    await page.waitForTimeout(300);
    expect(await readBarcodes(await page.screenshot(), { formats: ['QRCode'] })).toEqual([]);
    await page.getByTestId('refresh').click();
    await page.getByTestId('ended').waitFor({ state: 'detached' });
    expect(await picture.getAttribute('src')).not.toBe(first);
    await page.waitForTimeout(300);
    expect(await readBarcodes(await page.screenshot(), { formats: ['QRCode'] })).toHaveLength(1);
    await page.close();
  });

  test('is used step by step: search, tick, name a unit, show, change', async () => {
    const page = await open('', { width: 390, height: 844 });
    await page.getByTestId('company-search').fill('律师');
    await page.getByTestId('company-mingdu-law').click();
    await page.getByTestId('grantee-named').check();
    await page.getByTestId('grantee-name').fill('浦东新区政务服务中心');
    await page.getByTestId('grantee-code').fill('12310115');
    expect(await page.getByTestId('present').isDisabled()).toBe(true);
    await page.getByTestId('grantee-code').fill('91310000MA1K35T44M');
    await page.getByTestId('permission-download').check();
    await page.getByTestId('one-time').check();
    await page.getByTestId('present').click();
    const summary = await page.getByTestId('grant-summary').innerText();
    for (const text of ['律师事务所执业许可证、开户许可证', '浦东新区政务服务中心', '查看 · 保留凭证 · 下载', '仅用一次']) expect(summary).toContain(text);
    await page.getByTestId('edit-grant').click();
    expect(await page.getByTestId('one-time').isChecked()).toBe(true);
    await page.close();
  });

  test('says in words that the platform does not answer', async () => {
    const page = await browser.newPage();
    await page.route('**/presenter/**', (route) => route.abort());
    await page.goto(platform.url);
    expect(await page.getByTestId('problem').innerText()).toContain('平台无响应');
    await page.close();
  });

  test('never broke the content security policy', () => {
    expect(faults).toEqual([]);
  });
});
