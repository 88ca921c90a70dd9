import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { scannerTestIds, scannerTestText } from '../../domain/scanner-test.ts';
import { createImageReader } from '../../main/devices/image-reader.ts';
import { type BackendOptions, type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { launchChromium } from './chromium.ts';
import { typeAsScanner } from './wedge-scanner.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'counter-devices-'));
const cleanup: (() => unknown)[] = [];
let browser: Browser;
beforeAll(async () => {
  cpSync(path.join(import.meta.dirname, '../../dist/window'), folder, { recursive: true });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function open(options: Partial<BackendOptions> = {}): Promise<{ page: Page; backend: CounterBackend; complaints: string[] }> {
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array(), ...options });
  const server = await serveWindow(folder, backend);
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, deviceScaleFactor: 2 });
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  cleanup.push(server.close, () => page.close());
  await page.goto(server.url);
  await page.getByTestId('nav-devices').click();
  await page.getByTestId('device-detail').waitFor();
  return { page, backend, complaints };
}

const stateOf = (page: Page): Promise<string | null> => page.getByTestId('device-state').textContent();

test('every state of a device is said in words, with who acts', async () => {
  const { page, backend, complaints } = await open();
  expect(await stateOf(page)).toContain('就绪');
  for (const [state, words] of [['lost', '重新插好'], ['busy', '被其他程序占用'], ['not-permitted', '系统管理员'], ['connecting', '正在打开']] as const) {
    backend.devices.change('serial:/dev/ttyUSB0', { state });
    await page.locator(`[data-testid="device-detail"][data-state="${state}"]`).waitFor();
    expect(await stateOf(page)).toContain(words);
  }
  expect(await page.getByTestId('last-scan').textContent()).toMatch(/237 字节 · UTF-8（符合 UTF-8） · \]Q1/);
  expect(complaints).toEqual([]);
});

test('a port becomes a scanner with its settings, and is forgotten again', async () => {
  const { page, backend } = await open();
  // A port of the computer itself, of which nothing is known, is folded away.
  expect(await page.getByTestId('device').last().isVisible()).toBe(false);
  await page.locator('[data-testid="built-in-ports"] summary').click();
  await page.getByTestId('device').last().click();
  expect(await stateOf(page)).toContain('自带的串口');
  await page.getByTestId('serial-save').click();
  await expect.poll(() => page.getByTestId('device-said').textContent()).toContain('已保存');
  expect(backend.calls).toContain('device.setSerial /dev/ttyS0 9600');
  await page.getByTestId('serial-remove').click();
  await expect.poll(() => backend.calls).toContain('device.remove serial:/dev/ttyS0');
});

test('the self-test shows a symbol, and names what came through wrongly with the setting to change', async () => {
  const { page, backend } = await open();
  await page.getByTestId('part-selfTest').click();
  expect(await page.getByTestId('test-symbol').getAttribute('data-kind')).toBe('qr');
  await page.getByTestId('self-test-toggle').click();
  await page.locator('[data-testid="self-test"][data-running="true"]').waitFor();
  backend.devices.selfTestScan();
  await expect.poll(() => page.getByTestId('self-test-outcome').textContent()).toContain('全部正确');
  await page.getByTestId('self-test-next').click();
  await page.locator('[data-testid="self-test"][data-outcome=""][data-running="true"]').waitFor();
  backend.devices.selfTestScan(scannerTestText('all-characters').replaceAll('y', 'z'));
  await expect.poll(() => page.getByTestId('self-test-findings').textContent()).toContain('应为 y，收到 z');
  expect(await page.locator('[data-hint="keyboard-layout"]').textContent()).toContain('美式键盘');
  expect(await page.getByTestId('test-code-characters').getAttribute('data-outcome')).toBe('good');
  expect(await page.getByTestId('test-all-characters').getAttribute('data-outcome')).toBe('altered');
});

test('during the self-test a keyboard scanner is measured, and its keys press nothing', async () => {
  const { page, backend } = await open({ answersScans: false });
  await page.getByTestId('part-selfTest').click();
  await page.getByTestId('self-test-toggle').click();
  await page.locator('[data-testid="self-test"][data-running="true"]').waitFor();
  // A person's keys: neither the button in focus nor the camera hears of them.
  await page.keyboard.press('Enter', { delay: 60 });
  await page.keyboard.press('c', { delay: 60 });
  await page.waitForTimeout(600);
  expect(await page.getByTestId('self-test').getAttribute('data-running')).toBe('true');
  expect(await page.getByTestId('camera').count()).toBe(0);
  await typeAsScanner(page, 'COUNTERT10123456789');
  await page.locator('[data-testid="self-test-keys"][data-kind="good"]').waitFor();
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual(['scan.submit wedge COUNTERT10123456789']);
  expect(Number(await page.getByTestId('pace').getAttribute('data-gaps'))).toBe(19);
});

test('the test sheet holds every symbol on paper as it is expected', async () => {
  const { page } = await open();
  await page.getByTestId('part-selfTest').click();
  await page.evaluate("window.print = () => (window.printed = document.querySelector('.paper').outerHTML)");
  await page.getByTestId('test-print').click();
  await page.evaluate("document.body.insertAdjacentHTML('beforeend', window.printed)");
  await page.emulateMedia({ media: 'print' });
  const reader = createImageReader();
  const found = new Set<string>();
  for (const figure of await page.locator('.test-sheet figure').all()) {
    const codes = await reader.readCodes(await figure.screenshot());
    if (codes.ok) for (const { format, text } of codes.value) found.add(`${format} ${text}`);
  }
  expect([...found].toSorted()).toEqual(scannerTestIds.flatMap((id) => [`HanXin ${scannerTestText(id)}`, `QRCode ${scannerTestText(id)}`]).toSorted());
});

test('Esc alone ends the self-test', async () => {
  const { page } = await open();
  await page.getByTestId('part-selfTest').click();
  await page.getByTestId('self-test-toggle').click();
  await page.locator('[data-testid="self-test"][data-running="true"]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-testid="self-test"][data-running="false"]').waitFor();
});

test('the start-of-day check is green but for what a person must look at, and says the cause of what is not', async () => {
  const { page, backend } = await open();
  await page.getByTestId('part-startCheck').click();
  await page.locator('[data-testid="start-check"][data-bad="0"]').waitFor();
  backend.changeStatus({ scanners: [{ id: 's1', name: 'NLS-FM430', state: 'busy' }] });
  await page.locator('[data-testid="start-scanner"][data-level="bad"]').waitFor();
  expect(await page.getByTestId('start-scanner').textContent()).toContain('被其他程序占用');
});

test('the settings of the machine go out as a file and come in again', async () => {
  const { page } = await open();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('devices-export').click()]);
  expect(download.suggestedFilename()).toBe('counter-devices.json');
  await page.getByTestId('devices-import').setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect.poll(() => page.getByTestId('transfer-said').textContent()).toContain('已导入');
});

test('the site names its own kinds of codes: tried, ordered, kept', async () => {
  const { page, backend, complaints } = await open();
  await page.getByTestId('part-ownKinds').click();
  const [name, begins] = [page.getByLabel('名称'), page.getByLabel('开头是')];
  await name.fill('市民卡');
  await page.getByTestId('kind-save').click();
  await expect.poll(() => page.getByTestId('kind-said').textContent()).toContain('至少填一项');
  await begins.fill('SMK');
  await page.getByLabel('请群众改为').fill('请打开企业服务码');
  await page.getByTestId('kind-save').click();
  await expect.poll(() => page.getByTestId('kind-said').textContent()).toContain('已保存');
  await page.getByTestId('kind-new').click();
  await name.fill('停车票');
  await begins.fill('SMK9');
  await page.getByTestId('kind-save').click();
  await expect.poll(() => page.getByTestId('kind').count()).toBe(2);
  const named = async (text: string): Promise<string | null> => {
    await page.getByTestId('kind-trial').fill(text);
    return page.getByTestId('kind-trial-said').textContent();
  };
  expect(await named('SMK900')).toContain('市民卡');
  await page.getByLabel('上移 停车票').click();
  await expect.poll(() => named('SMK900')).toContain('停车票');
  expect(await named('https://example.com')).not.toMatch(/市民卡|停车票/);
  expect(backend.devices.codeKinds().map(({ id, name: kept, ask, rule }) => [id, kept, ask, rule])).toEqual([
    ['site-2', '停车票', '', { startsWith: 'SMK9' }],
    ['site-1', '市民卡', '请打开企业服务码', { startsWith: 'SMK' }],
  ]);
  await page.getByTestId('kind').first().click();
  await page.getByTestId('kind-remove').click();
  await expect.poll(() => page.getByTestId('kind').count()).toBe(1);
  expect(complaints).toEqual([]);
});
