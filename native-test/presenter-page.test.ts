import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { systemRandom } from '../domain/crypto/random.ts';
import { parseServiceCode } from '../domain/service-code.ts';
import { createImageReader } from '../main/devices/image-reader.ts';
import { createPlatform, type Platform } from '../platform/app.ts';
import { enrolCounter, queryOf } from '../test/platform/test-counter.ts';

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

  const open = async (query: string, viewport: { width: number; height: number }, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await browser.newPage({ viewport, ...options });
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
    expect(await page.getByTestId('code-card').innerText()).toContain('码的有效期为 5 分钟');
    expect(await page.getByTestId('copy-picture').count() + (await page.getByTestId('save-picture').count())).toBe(0);
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
    expect(await page.getByTestId('simulated').innerText()).toContain('模拟电子营业执照身份');
    await page.getByTestId('login-agent').click();
    expect(await page.getByTestId('identity').innerText()).toContain('经办人');
    await page.getByTestId('minutes-3').check();
    await page.getByTestId('grantee-named').check();
    await page.getByTestId('grantee-name').fill('浦东新区政务服务中心');
    await page.getByTestId('grantee-code').fill('12310115');
    expect(await page.getByTestId('present').isDisabled()).toBe(true);
    await page.getByTestId('grantee-code').fill('91310000MA1K35T44M');
    await page.getByTestId('permission-download').check();
    await page.getByTestId('one-time').check();
    await page.getByTestId('present').click();
    const summary = await page.getByTestId('grant-summary').innerText();
    for (const text of ['律师事务所执业许可证、开户许可证', '浦东新区政务服务中心', '查看 · 保留凭证 · 下载', '3 分钟', '仅用一次']) expect(summary).toContain(text);
    await page.getByTestId('edit-grant').click();
    expect(await page.getByTestId('one-time').isChecked()).toBe(true);
    await page.close();
  });

  test('lets the form be left for the code that is still shown, its time running on', async () => {
    const page = await open('?company=yunfan&auto=1', { width: 390, height: 844 });
    const picture = page.getByTestId('code-image');
    await picture.waitFor();
    const first = await picture.getAttribute('src');
    expect(await page.getByTestId('back').isVisible()).toBe(false);
    await page.getByTestId('edit-grant').click();
    await page.getByTestId('one-time').check();
    expect(await picture.isVisible()).toBe(false);
    await page.clock.fastForward(120_000);
    await expect.poll(() => page.getByTestId('back').innerText()).toMatch(/返回已出示的码\s+02:5\d/);
    await page.getByTestId('back').click();
    expect(await picture.getAttribute('src')).toBe(first);
    expect(await page.getByTestId('countdown').innerText()).toMatch(/02:5\d/);
    await page.getByTestId('edit-grant').click();
    expect(await page.getByTestId('one-time').isChecked()).toBe(false);
    await page.close();
  });

  test('asks the holder before anything is shown, and ends a code for one use when a window has used it', async () => {
    const counter = await enrolCounter(platform);
    const page = await open('?company=qiantang-cloud&role=legal', { width: 390, height: 844 });
    await page.getByTestId('ask-first').check();
    await page.getByTestId('one-time').check();
    const code = await present(page);
    expect((await counter.query(code)).verdict).toBe('secondAuthentication');
    await page.clock.fastForward(3000);
    await page.getByTestId('confirm').waitFor();
    expect((await counter.query(code)).verdict).toBe('secondAuthentication');
    await page.getByTestId('confirm').click();
    expect(await page.getByTestId('decision').innerText()).toContain('参考平台只作模拟');
    await page.getByTestId('confirm-person').click();
    await page.clock.fastForward(3000);
    await expect.poll(() => page.getByTestId('code-state').allInnerTexts()).toEqual(['已答复，窗口自动继续']);
    expect(await page.getByTestId('confirm').count()).toBe(0);
    expect(await page.getByTestId('code-card').getAttribute('data-state')).toBe('shown');
    expect((await counter.query(code)).verdict).toBe('valid');
    await page.clock.fastForward(3000);
    await page.getByTestId('ended').waitFor();
    expect(await page.getByTestId('ended').innerText()).toContain('已使用');
    expect(await page.getByTestId('code-card').innerText()).toContain('此码仅用一次');
    expect(await page.getByTestId('copy-picture').count()).toBe(0);
    await page.waitForTimeout(300);
    expect(await readBarcodes(await page.screenshot(), { formats: ['QRCode'] })).toEqual([]);
    expect(await page.getByTestId('view').first().innerText()).toContain('浦东新区政务服务中心');
    await page.close();
  });

  test('an agent cannot confirm; the legal representative, on another phone, says no; what was granted is withdrawn there', async () => {
    const counter = await enrolCounter(platform);
    const agent = await open('?company=yunfan&role=agent', { width: 390, height: 844 });
    await agent.getByTestId('ask-first').check();
    const code = await present(agent);
    expect((await counter.query(code)).verdict).toBe('secondAuthentication');
    await agent.clock.fastForward(3000);
    expect(await agent.getByTestId('ask-legal').innerText()).toContain('须法定代表人本人登录');
    const legal = await open('?company=yunfan&role=legal', { width: 1366, height: 768 });
    await legal.getByTestId('records-open').click();
    const row = legal.getByTestId('grant-row').first();
    expect(await row.innerText()).toContain('等待认证');
    await row.getByTestId('refuse').click();
    await expect.poll(() => row.getAttribute('data-state')).toBe('refused');
    expect((await counter.query(code)).verdict).toBe('confirmationRefused');
    await agent.clock.fastForward(3000);
    expect(await agent.getByTestId('ended').innerText()).toContain('未同意');

    await agent.getByTestId('edit-grant').click();
    await agent.getByTestId('ask-first').uncheck();
    const second = await present(agent);
    const query = queryOf(second);
    expect((await counter.query(second, query)).verdict).toBe('valid');
    await legal.clock.fastForward(3000);
    await expect.poll(() => row.getAttribute('data-state')).toBe('verified');
    await expect.poll(() => legal.getByTestId('view').first().innerText()).toMatch(/浦东新区政务服务中心[^]*公司变更登记[^]*周敏/);
    await row.getByTestId('withdraw-row').click();
    expect(await row.getByTestId('withdraw-row-ask').innerText()).toContain('不能恢复');
    expect(await legal.evaluate(() => document.activeElement?.textContent)).toBe('不撤回');
    await row.getByTestId('withdraw-row-keep').click();
    // A double press asks, and does no more.
    await row.getByTestId('withdraw-row').dblclick();
    expect((await counter.query(second, query)).verdict).toBe('valid');
    await row.getByTestId('withdraw-row-go').click();
    await expect.poll(() => row.getAttribute('data-state')).toBe('withdrawn');
    expect((await counter.query(second, query)).verdict).toBe('withdrawn');
    await agent.clock.fastForward(3000);
    await expect.poll(() => agent.getByTestId('ended').innerText()).toContain('已撤回');
    // Nothing of it can be shown any more, in whatever symbol.
    expect(await agent.getByTestId('symbol-qr').count()).toBe(0);
    expect(await agent.getByTestId('withdraw').count()).toBe(0);
    await agent.getByTestId('log-out').click();
    expect(await agent.getByTestId('company-search').isVisible()).toBe(true);
    expect(await agent.getByTestId('code-image').count()).toBe(0);
    for (const page of [agent, legal]) await page.close();
  });

  test.each([{ width: 390, height: 844 }, { width: 1366, height: 768 }])('every step is accessible and fits ($width × $height)', async (viewport) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const counter = await enrolCounter(platform);
    const page = await open('', viewport);
    const check = async (step: string) => {
      // The policy of the page lets no script in; what the driver evaluates is not of the page.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run());
      expect(violations.map(({ id, nodes }) => `${step} ${id} ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      const folder = process.env['PRESENTER_PICTURES'];
      if (folder !== undefined) await page.screenshot({ path: path.join(folder, `${step}-${viewport.width}.png`) });
    };
    await page.getByTestId('company-yunfan').waitFor();
    await check('1-companies');
    await page.getByTestId('company-yunfan').click();
    await check('2-login');
    await page.getByTestId('login-legal').click();
    await page.getByTestId('ask-first').check();
    await check('3-grant');
    const code = await present(page);
    await check('4-code');
    await counter.query(code);
    await page.clock.fastForward(3000);
    await page.getByTestId('decision').waitFor();
    await check('5-asked');
    await page.getByTestId('confirm').click();
    await check('6-person');
    await page.getByTestId('confirm-person').click();
    await counter.query(code);
    await page.clock.fastForward(3000);
    await page.getByTestId('records-open').click();
    await page.getByTestId('grant-row').first().waitFor();
    await check('7-records');
    await page.getByTestId('withdraw-row').first().click();
    await check('7a-asked-to-withdraw');
    await page.getByTestId('withdraw-row-go').first().click();
    await page.clock.fastForward(3000);
    await page.getByTestId('records-back').click();
    await page.getByTestId('ended').waitFor();
    await check('8-withdrawn');
    await page.close();
  });

  test('copies and saves the code as a picture that the terminal reads', async () => {
    const permissions = ['clipboard-read', 'clipboard-write'];
    const page = await open('?company=heming-inn&role=legal', { width: 390, height: 844 }, { permissions });
    const code = await present(page);
    await page.getByTestId('copy-picture').click();
    await expect.poll(() => page.getByTestId('picture-note').innerText()).toBe('已复制，到窗口验码终端按 Ctrl V');
    const copied = await readClipboard(page);
    expect(copied.side).toBeGreaterThanOrEqual(480);
    // The mark covers less than a tenth of the symbol, its letters and margin being light.
    expect(copied.brandPixels / copied.side ** 2).toBeGreaterThan(0.02);
    const download = page.waitForEvent('download');
    await page.getByTestId('save-picture').click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^企业服务码-绍兴.+（有限合伙）-二维码-([01]\d|2[0-3])[0-5]\d\.png$/);
    for (const png of [copied.png, readFileSync(await saved.path())]) {
      const read = await createImageReader().readCodes(png);
      const [found] = read.ok ? read.value : [];
      expect(found?.text).toBe(code);
      // The quiet zone came along: four modules of fewer than a hundred.
      expect((found?.corners[0]?.x ?? 0) / copied.side).toBeGreaterThan(0.04);
    }
    await page.close();
  });

  test('shows and saves the same code as a Han Xin symbol, and keeps it so when it is refreshed', async () => {
    const page = await open('?company=heming-inn&role=legal', { width: 390, height: 844 });
    const code = await present(page);
    const readAll = async (picture: Uint8Array) => {
      const read = await createImageReader().readCodes(picture);
      return read.ok ? read.value.map(({ symbology, text }) => [symbology.slice(0, 2), text]) : [];
    };
    expect(await readAll(await page.screenshot())).toEqual([[']Q', code]]);
    await page.getByTestId('symbol-hanXin').check({ force: true });
    expect(await readAll(await page.screenshot(process.env['PRESENTER_PICTURE'] === undefined ? {} : { path: process.env['PRESENTER_PICTURE'] }))).toEqual([[']h', code]]);
    const download = page.waitForEvent('download');
    await page.getByTestId('save-picture').click();
    const saved = await download;
    expect(saved.suggestedFilename()).toContain('-汉信码-');
    expect(await readAll(readFileSync(await saved.path()))).toEqual([[']h', code]]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.getByTestId('refresh').click();
    await expect.poll(async () => (await readAll(await page.screenshot()))[0]?.[1]).not.toBe(code);
    expect((await readAll(await page.screenshot()))[0]?.[0]).toBe(']h');
    await page.close();
  });

  test('says what to do when the browser does not let it copy', async () => {
    const page = await open('?company=yunfan&auto=1', { width: 1366, height: 768 }, { permissions: [] });
    await page.getByTestId('copy-picture').click();
    await expect.poll(() => page.getByTestId('picture-note').innerText()).toBe('浏览器未允许复制，请改用“保存码图”');
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

/** Presses the button of the form; resolves to the code, which the page itself forgets. */
async function present(page: Page): Promise<string> {
  const minted = page.waitForResponse((response) => response.url().endsWith('/presenter/codes'));
  await page.getByTestId('present').click();
  const { code } = (await (await minted).json()) as { code: string };
  await page.getByTestId('code-image').waitFor();
  return code;
}

/** The picture on the clipboard, its side in pixels, and how many of its pixels have the colour of the mark. */
async function readClipboard(page: Page): Promise<{ png: Uint8Array; side: number; brandPixels: number }> {
  const { bytes, ...rest } = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    if (item === undefined) throw new Error('empty clipboard');
    const png = await item.getType('image/png');
    const image = await createImageBitmap(png);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let brandPixels = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] === 0x14 && data[at + 1] === 0x50 && data[at + 2] === 0xa8) brandPixels++;
    return { bytes: [...new Uint8Array(await png.arrayBuffer())], side: Math.min(image.width, image.height), brandPixels };
  });
  return { png: Uint8Array.from(bytes), ...rest };
}
