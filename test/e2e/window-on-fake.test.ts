import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { drawPixels, encodeHanXin, type GreyImage } from '../../hanxin/index.ts';
import { lumaOfPixels } from '../../renderer/camera/luma.ts';
import { type BackendOptions, type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { drawCodes } from '../fakes/code-picture.ts';
import { drawSampleLicence } from '../fakes/sample-licence.ts';
import { serveWindow } from '../fakes/window-server.ts';

const root = path.join(import.meta.dirname, '../..');
const browserPath = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'].find((candidate) => existsSync(candidate)) ?? '';
const folder = mkdtempSync(path.join(tmpdir(), 'counter-window-'));
const cleanup: (() => unknown)[] = [];
let browser: Browser;
let certificatePdf: Uint8Array;

beforeAll(async () => {
  await build({ configFile: path.join(root, 'vite.config.ts'), build: { outDir: folder }, logLevel: 'error' });
  browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
  certificatePdf = await drawSampleLicence(browser);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function open(options: Partial<BackendOptions> = {}): Promise<{ page: Page; backend: CounterBackend; complaints: string[]; stopHost: () => Promise<void> }> {
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf, ...options });
  const server = await serveWindow(folder, backend);
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  cleanup.push(server.close, () => context.close());
  await page.goto(server.url);
  await page.getByTestId('chip-platform').waitFor();
  return { page, backend, complaints, stopHost: server.close };
}

const code = 'QYM10123456789ABCDEFGHJKLMNPQRTUWXY';

/** Types as a wedge scanner does: all keys at once, none waited for, Enter at the end. */
async function scanByKeys(page: Page, text: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const press = (key: string, keyCode: string, modifiers: number, shown?: string) => [
    session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code: keyCode, modifiers, ...(shown === undefined ? {} : { text: shown }) }),
    session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code: keyCode, modifiers }),
  ];
  await Promise.all([
    ...[...text].flatMap((character) => press(character, /[A-Z]/.test(character) ? `Key${character}` : `Digit${character}`, /[A-Z]/.test(character) ? 8 : 0, character)),
    ...press('Enter', 'Enter', 0, '\r'),
  ]);
}

test('the token leaves the address bar, and no policy is broken on any screen', async () => {
  const { page, backend, complaints } = await open();
  expect(new URL(page.url()).hash).toBe('');
  for (const screen of ['records', 'audit', 'devices', 'settings', 'certificates', 'verify']) {
    await page.getByTestId(`nav-${screen}`).click();
    await page.waitForTimeout(150);
  }
  await backend.scan('verified');
  await page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').waitFor();
  expect(complaints).toEqual([]);
});

test('a wedge scan is taken in any field, leaves nothing in it, and shows the verdict', async () => {
  const { page, backend } = await open();
  await page.getByTestId('nav-settings').click();
  const field = page.getByTestId('operator-name');
  await field.fill('周敏');
  await page.waitForTimeout(200);
  await scanByKeys(page, code);
  await page.getByTestId('verdict').waitFor();
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([`scan.submit wedge ${code}`]);
  await page.getByTestId('nav-settings').click();
  await expect.poll(() => page.getByTestId('operator-name').inputValue()).toBe('周敏');
});

test('typing by hand is no scan, and C alone opens the camera', async () => {
  const { page, backend } = await open();
  await page.keyboard.type('abcdefgh', { delay: 130 });
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([]);
  await page.waitForTimeout(300);
  await page.keyboard.press('Escape');
  await page.getByTestId('camera').waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.getByTestId('camera-trouble').waitFor();
  expect(await page.getByTestId('camera-trouble').getAttribute('data-trouble')).toMatch(/none|denied/);
});

test('a watermark that is taken away is there again at once', async () => {
  const { page, backend } = await open();
  await backend.scan('verified');
  await page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').waitFor();
  const watermark = page.getByTestId('watermark');
  expect(await watermark.textContent()).toContain('周敏');
  await page.setViewportSize({ width: 1200, height: 700 });
  expect(backend.calls).not.toContain('certificate.watermarkLost');
  for (const attack of ['mark.remove()', 'mark.parentElement.remove()', "mark.style.display = 'none'", "mark.parentElement.style.opacity = '0'", "mark.innerHTML = ''"]) {
    await page.evaluate(`{ const mark = document.querySelector('[data-testid="watermark"]'); ${attack} }`);
    await page.waitForTimeout(50);
    expect(await watermark.isVisible(), attack).toBe(true);
    expect(await watermark.textContent(), attack).toContain('周敏');
    expect(await page.evaluate("getComputedStyle(document.querySelector('[data-testid=\"watermark\"]').parentElement).opacity"), attack).toBe('1');
  }
  // Written down, once for a certificate.
  expect(backend.calls.filter((call) => call === 'certificate.watermarkLost')).toEqual(['certificate.watermarkLost']);
});

test('copies are locked with the reason unless they were granted', async () => {
  const { page, backend } = await open();
  await backend.scan('verified');
  const locked = page.getByTestId('copy-print');
  await locked.waitFor();
  expect(await locked.getAttribute('aria-label')).toContain('下载');
  await locked.click({ force: true });
  expect(backend.calls).not.toContain('certificate.copy');
  await backend.scan('verified-download');
  await page.locator('[data-testid="copy-save"][data-locked="false"]').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('copy-save').click()]);
  expect(download.suggestedFilename()).toBe('营业执照-加注件.pdf');
});

test.each(['verify', 'certificates'])('once the time granted is over no copy can be asked for on the page %s, and the reason says who can help', async (screen) => {
  const { page, backend } = await open();
  await page.clock.install({ time: Date.now() });
  await backend.scan('verified-download');
  await page.getByTestId(`nav-${screen}`).click();
  for (const purpose of ['print', 'save', 'forward']) await page.locator(`[data-testid="copy-${purpose}"][data-locked="false"]`).waitFor();
  // Whatever opens a file gives up by the same clock.
  await page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: '转储加注件' }).click();
  await page.getByTestId('forward-dialog').waitFor();
  await page.clock.fastForward(253_000);
  await page.getByTestId('forward-dialog').waitFor({ state: 'detached' });
  await page.getByTestId('grant-ended').waitFor();
  for (const [purpose, word] of [['print', '打印'], ['save', '保存'], ['forward', '转储']]) {
    const button = page.getByTestId(`copy-${purpose}`);
    await button.click({ force: true });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(await button.getAttribute('aria-label')).toMatch(new RegExp(`^不能${word}：授权已于 [0-9:]{8} 结束，不能再${word}.*请对方重新出示`));
  }
  expect(backend.calls).not.toContain('certificate.copy');
});

test('what a good code is while the platform is away is chosen in the settings', async () => {
  const { page, backend } = await open();
  await page.getByTestId('nav-settings').click();
  const card = page.getByTestId('offline-rule-settings');
  expect(await card.getByTestId('offline-meaning').innerText()).toContain('任何码都不通过');
  await card.getByText('离线暂验', { exact: true }).click();
  await card.getByTestId('offline-said').getByText('已保存').waitFor();
  expect(await card.getByTestId('offline-meaning').innerText()).toContain('自动补核');
  expect(backend.calls).toContain('offlineRule.choose');
  await page.getByTestId('nav-verify').click();
  await page.getByTestId('nav-settings').click();
  expect(await card.locator('[aria-checked="true"], input:checked').count()).toBe(1);
  expect(await card.getByTestId('offline-meaning').innerText()).toContain('自动补核');
});

test.each([390, 780, 1024, 1200, 1366])('no light of the top bar is cut off in a window %d wide, and what it stands for opens within it', async (width) => {
  const { page, backend } = await open();
  await page.setViewportSize({ width, height: 768 });
  expect(await page.getByTestId('chip-pending').innerText()).toBe('审计已同步');
  backend.changeStatus({ pendingSync: 12, offline: { waiting: 1, refused: 1, setApart: 0, failure: null, lastSyncAt: null } });
  await page.getByTestId('chip-offline').waitFor();
  expect(await page.getByTestId('chip-pending').innerText()).toBe('审计待同步 12');
  for (const chip of await page.locator('.chip').all()) {
    const box = await chip.boundingBox();
    expect(box !== null && box.x >= 0 && box.x + box.width <= width, await chip.innerText()).toBe(true);
    expect(await chip.evaluate((element) => element.scrollWidth <= element.clientWidth), await chip.innerText()).toBe(true);
    await chip.click();
    const facts = await page.locator('.chip-facts').boundingBox();
    expect(facts !== null && facts.x >= 0 && facts.x + facts.width <= width, await chip.innerText()).toBe(true);
    await page.keyboard.press('Escape');
  }
});

test.each([['the hall screen at 200 %', 683, 384], ['a phone on its side', 844, 390]])('%s: nothing is cut off or squeezed to nothing, and every end can be scrolled to', async (_, width, height) => {
  const { page } = await open();
  await page.setViewportSize({ width, height });
  for (const [screen, last] of [['verify', 'recent'], ['devices', 'device-detail'], ['settings', 'trust'], ['audit', 'audit-row']] as const) {
    await page.getByTestId(`nav-${screen}`).click();
    const end = page.getByTestId(last).last();
    await end.waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), screen).toBe(width);
    expect((await end.boundingBox())?.height, screen).toBeGreaterThan(30);
    // The foot of the page, where the rail stands, covers nothing that the wheel cannot bring above it.
    await page.mouse.move(width / 2, height / 2);
    await page.mouse.wheel(0, 100_000);
    await expect.poll(async () => ((await end.boundingBox())?.y ?? 9999) + ((await end.boundingBox())?.height ?? 0), { message: screen }).toBeLessThanOrEqual(height);
  }
});

test('the auditor sees how far a check of the log is, may end it, and takes an export along', async () => {
  const { page, complaints } = await open();
  await page.getByTestId('nav-audit').click();
  await page.getByTestId('verify-chain').click();
  const bar = page.getByTestId('verifying');
  await expect.poll(() => bar.innerText()).toMatch(/已核对 [1-9][0-9,]* \/ 20,4[0-9]{2} 条/);
  await page.getByTestId('verifying-cancel').click();
  expect(await page.getByTestId('verify-stopped').innerText()).toMatch(/已取消：核对了 [0-9,]+ \/ 20,4[0-9]{2} 条，没有得出结论/);
  expect(await page.getByTestId('chain-result').count()).toBe(0);
  await page.getByTestId('verify-chain').click();
  await page.getByTestId('chain-result').waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export-log').click()]);
  expect(download.suggestedFilename()).toBe('counter-audit-20261122-0800.zip');
  expect(await page.getByTestId('export-result').innerText()).toContain('解压后按其中的说明');
  await expect.poll(() => page.getByTestId('audit-row').first().getAttribute('data-type')).toBe('audit.exported');
  await page.getByTestId('export-log').click();
  await page.getByTestId('exporting-cancel').click();
  expect(await page.getByTestId('export-failed').innerText()).toContain('已取消');
  expect(complaints).toEqual([]);
});

test('masked names are shown only while they are held', async () => {
  const { page, backend } = await open();
  await backend.scan('verified');
  const name = page.getByTestId('subject-legal');
  expect(await name.textContent()).toBe('陈*国');
  await page.getByTestId('reveal').hover();
  await page.mouse.down();
  await expect.poll(() => name.textContent()).toBe('陈建国');
  await page.mouse.up();
  await expect.poll(() => name.textContent()).toBe('陈*国');
});

test('keys alone: choose a matter, retry, tell, next person', async () => {
  const { page, backend } = await open({ withCase: false });
  await page.keyboard.press('F2');
  await page.getByTestId('matters').waitFor();
  await page.keyboard.press('2');
  await expect.poll(() => page.getByTestId('case-matter').textContent()).toBe('食品经营许可延续');
  await backend.scan('data-missing');
  await page.locator('[data-testid="verdict"][data-state="data-missing"]').waitFor();
  await page.keyboard.press('F5');
  await page.locator('[data-testid="verdict"][data-state="verified"]').waitFor();
  await page.keyboard.press('F4');
  await page.getByTestId('confirm-next').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('F8');
  await page.getByTestId('notice').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('notice').waitFor({ state: 'detached' });
  const number = await page.getByTestId('case-number').textContent();
  await page.keyboard.press('F4');
  await page.getByTestId('waiting').waitFor();
  expect(await page.getByTestId('case-number').textContent()).not.toBe(number);
});

test('without the local service no light stays green, and what was granted can be cleared', async () => {
  const { page, backend, stopHost } = await open();
  await backend.scan('verified');
  await page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').waitFor();
  await stopHost();
  await page.locator('[data-testid="message"][data-state="lost"]').waitFor();
  await expect.poll(() => page.getByTestId('chip-platform').count()).toBe(0);
  await page.getByTestId('next-person').click();
  await page.getByTestId('confirm-go').click();
  await expect.poll(() => page.getByTestId('verdict').count()).toBe(0);
});

test('a refusal shows no data and says which checks were not made', async () => {
  const { page, backend } = await open();
  await backend.scan('signature');
  const band = page.getByTestId('verdict');
  await band.waitFor();
  expect(await band.getAttribute('data-support-code')).toBe('E-SIG-01');
  expect((await band.boundingBox())?.height).toBe(108);
  expect(await page.getByTestId('check-signature').getAttribute('data-outcome')).toBe('failed');
  expect(await page.getByTestId('check-expiry').textContent()).toContain('未进行');
  expect(await page.textContent('body')).not.toContain('云帆');
});

test('a code in a picture is read in the window and handed on', async () => {
  const { page, backend } = await open();
  await page.keyboard.press('Escape');
  await page.getByTestId('open-image').click();
  const picture = await drawCodes(browser, [code], { width: 640, height: 640 });
  await page.getByTestId('image-file').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer: Buffer.from(picture) });
  await page.getByTestId('verdict').waitFor();
  expect(backend.calls).toContain(`scan.submit image ${code}`);
});

/** Lays a PNG on the system's clipboard and presses Ctrl V, as after a screenshot. */
async function paste(page: Page, png: Uint8Array): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
  }, Buffer.from(png).toString('base64'));
  await page.keyboard.press('Control+V');
}

test('a Han Xin code pasted as a picture is read in the window and handed on', async () => {
  const { page, backend } = await open();
  await paste(page, encodeGrey(drawPixels(encodeHanXin(code)!, { moduleSize: 6 })));
  await page.getByTestId('verdict').waitFor();
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([`scan.submit image ${code}`]);
});

test('of two codes of two kinds in a pasted picture none is taken, and it is said', async () => {
  const { page, backend } = await open();
  const qr = PNG.sync.read(await drawCodes(browser, [code], { width: 640, height: 640 }));
  const { values } = lumaOfPixels(qr.data, qr.width, qr.height);
  const hanXin = drawPixels(encodeHanXin('QYM1HANXIN0001')!, { moduleSize: 6 });
  const data = new Uint8Array((640 + hanXin.width) * 640).fill(255);
  for (let y = 0; y < 640; y++) {
    data.set(values.subarray(y * 640, (y + 1) * 640), y * (640 + hanXin.width));
    if (y < hanXin.height) data.set(hanXin.data.subarray(y * hanXin.width, (y + 1) * hanXin.width), y * (640 + hanXin.width) + 640);
  }
  await paste(page, encodeGrey({ width: 640 + hanXin.width, height: 640, data }));
  await expect.poll(() => page.getByTestId('message').textContent()).toContain('不止一个码');
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([]);
});

function encodeGrey({ width, height, data }: GreyImage): Uint8Array {
  return PNG.sync.write({ width, height, data: Buffer.from(data) }, { colorType: 0, inputColorType: 0, inputHasAlpha: false });
}

test('a picture without a code is said to have none', async () => {
  const { page, backend } = await open();
  await page.getByTestId('open-image').click();
  await page.getByTestId('image-file').setInputFiles({ name: 'page.pdf', mimeType: 'application/pdf', buffer: Buffer.from(certificatePdf) });
  await expect.poll(() => page.getByTestId('message').textContent(), { timeout: 20_000 }).toContain('没有找到二维码');
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([]);
});
