import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkSignatures } from '../../main/documents/signature-check.ts';
import { readAnchor } from '../../main/documents/trust-anchors.ts';
import { describeSignatures } from '../../main/handlers/signature-view.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { startWorld, type World } from './world.ts';

const samples = path.resolve(import.meta.dirname, '../../../shared/data/documents');
const drawn = '[data-testid="sheet-canvas"][data-drawn="true"]';
const cleanup: (() => unknown)[] = [];
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** Counts dark and coloured pixels of the page shown. */
function countInk(canvas: HTMLElement | SVGElement): number {
  const own = canvas as HTMLCanvasElement;
  const { data } = own.getContext('2d')!.getImageData(0, 0, own.width, own.height);
  let ink = 0;
  for (let at = 0; at < data.length; at += 4) if (Math.min(data[at]!, data[at + 1]!, data[at + 2]!) < 160) ink += 1;
  return ink;
}

describe('an OFD certificate of the platform', () => {
  test('is drawn in the window, its text can be found, and its data agree with the interface', async () => {
    const page = await world.openPage(world.host.address);
    await page.getByTestId('waiting').waitFor();
    world.wire.send(`${await world.mint()}\r`);
    await page.getByTestId('verdict').waitFor({ timeout: 20_000 });
    await page.getByTestId('tab-certificates').click();
    await page.getByTestId('certificate').filter({ hasText: '开户许可证' }).click();
    const viewer = page.locator('[data-testid="viewer"][data-format="OFD"]');
    const again = page.getByTestId('certificate-failed').getByRole('button');
    // The platform draws the certificate when it is first asked for; on a busy machine that is longer than a call may take.
    await viewer.or(again).first().waitFor({ timeout: 60_000 });
    if (await again.isVisible()) await again.click();
    const canvas = page.locator(drawn);
    await canvas.waitFor({ timeout: 60_000 });
    expect(await canvas.evaluate(countInk)).toBeGreaterThan(2000);
    expect(await page.getByTestId('watermark').innerHTML()).toContain(world.app.cases.current()?.bizNum ?? '?');
    await page.getByTestId('viewer-fields').click();
    const differences = page.getByTestId('viewer-differences');
    await differences.waitFor();
    expect(await differences.getAttribute('data-count')).toBe('0');
    expect(await page.locator('[data-state="printed"], [data-state="same"]').count()).toBeGreaterThan(3);
    await page.getByTestId('viewer-search').click();
    await page.getByTestId('viewer-phrase').fill('许可证');
    await page.locator('.text-layer mark').first().waitFor();
    expect(world.pageFaults).toEqual([]);
  });
});

/** A window on a fake whose only certificate is this file. */
async function openSample(
  file: string,
  surface?: { label: string; value: string }[],
  language: 'zh-CN' | 'en' = 'zh-CN',
  verdict: 'verified' | 'verified-download' = 'verified',
  beforeOpening: (page: Page) => Promise<unknown> = async () => {},
): Promise<{ page: Page; faults: string[]; requests: string[] }> {
  const bytes = new Uint8Array(readFileSync(path.join(samples, file)));
  const format = file.endsWith('.pdf') ? ('PDF' as const) : ('OFD' as const);
  const anchor = readAnchor(new Uint8Array(readFileSync(path.join(samples, 'ca-root.der'))));
  const checked = await checkSignatures({ bytes, format }, { anchors: anchor === null ? [] : [anchor.certificate], now: Date.now() });
  const certificateFile = { bytes, format, signatures: describeSignatures(checked.ok ? checked.value : null), ...(surface === undefined ? {} : { surface }) };
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: bytes, certificateFile });
  const server = await serveWindow(path.join(world.folder, 'dist/window'), backend);
  const context = await world.browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  cleanup.push(server.close, () => context.close());
  const faults: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => !request.url().startsWith(new URL(server.url).origin) && !/^(data|blob):/.test(request.url()) && requests.push(request.url()));
  await page.addInitScript((chosen) => localStorage.setItem('counter-preferences', JSON.stringify({ language: chosen })), language);
  await beforeOpening(page);
  await page.goto(server.url);
  await page.getByTestId('chip-platform').waitFor();
  await backend.scan(verdict);
  await page.getByTestId('nav-certificates').click();
  return { page, faults, requests };
}

describe.skipIf(!existsSync(samples))('the viewer', () => {
  test('marks what differs between the interface and the file', async () => {
    const surface = [
      { label: '名称', value: '虚构科技（样例D1）有限公司' },
      { label: '注册资本', value: '贰佰万元整' },
    ];
    const { page } = await openSample('syn-cert-sesv4-valid.ofd', surface);
    await page.locator(drawn).waitFor();
    await page.getByTestId('viewer-fields').click();
    await page.locator('[data-testid="viewer-differences"][data-count="1"]').waitFor();
    expect(await page.locator('[data-state="different"]').innerText()).toContain('壹佰万元整');
    expect(await page.locator('[data-state="same"]').innerText()).toContain('虚构科技');
  });

  test.each(['OFD', 'PDF'])('turns pages by keys, zooms, rotates and shows small pictures: %s', async (format) => {
    const { page, faults } = await openSample(format === 'OFD' ? 'syn-many-pages.ofd' : 'syn-unsigned-10pages.pdf');
    await page.locator(drawn).waitFor();
    await page.locator('.desk-scroll').focus();
    await page.keyboard.press('PageDown');
    await page.locator(`${drawn}[data-page="2"]`).waitFor();
    await page.keyboard.press('End');
    await page.locator(`${drawn}[data-page="${format === 'OFD' ? 120 : 10}"]`).waitFor();
    await page.keyboard.press('Home');
    await page.locator(`${drawn}[data-page="1"]`).waitFor();
    const size = async () => page.locator('.sheet').boundingBox();
    const before = await size();
    await page.keyboard.press('Control+ArrowDown');
    await expect.poll(async () => (await size())!.width).toBeLessThan(before!.width);
    await page.keyboard.press('Control+ArrowLeft');
    await page.keyboard.press('Control+ArrowRight');
    await expect.poll(async () => { const box = await size(); return box!.width > box!.height; }).toBe(before!.width < before!.height);
    await page.getByTestId('viewer-pages').click();
    await page.getByTestId('thumbnail').nth(2).click();
    await page.locator(`${drawn}[data-page="3"]`).waitFor();
    expect(faults).toEqual([]);
  });

  test('paints a seal only where its signature holds', async () => {
    const red = async (file: string): Promise<number> => {
      const { page } = await openSample(file);
      await page.locator(drawn).waitFor();
      return page.locator(drawn).evaluate((canvas) => {
        const own = canvas as HTMLCanvasElement;
        const { data } = own.getContext('2d')!.getImageData(own.width * 0.7, own.height * 0.7, own.width * 0.2, own.height * 0.2);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at]! > 150 && data[at + 1]! < 90) count += 1;
        return count;
      });
    };
    expect(await red('syn-cert-sesv4-valid.ofd')).toBeGreaterThan(500);
    expect(await red('syn-bad-content-changed.ofd')).toBe(0);
  });

  test.each([
    ['hostile-zip-bomb.ofd', 'package'],
    ['hostile-xxe.ofd', 'xml'],
    ['hostile-huge-page.ofd', null],
  ])('%s costs nothing but its own page', async (file, refusal) => {
    const { page, faults, requests } = await openSample(file);
    await (refusal === null ? page.locator(drawn) : page.locator(`[data-testid="viewer-refused"][data-refusal="${refusal}"]`)).waitFor({ timeout: 12_000 });
    expect(requests).toEqual([]);
    expect(faults).toEqual([]);
  });

  test.each([['zh-CN', true], ['en', false]] as const)('says in words what a seal is worth, and which step failed: %s', async (language, isChinese) => {
    const { page, faults } = await openSample('syn-bad-content-changed.ofd', undefined, language);
    const chip = page.getByTestId('signature-chip');
    await chip.waitFor();
    expect(await chip.getAttribute('data-state')).toBe('invalid');
    await chip.click();
    const card = page.getByTestId('signature');
    await card.waitFor();
    const findings = await card.locator('.signature-findings').innerText();
    expect(/\p{Script=Han}/u.test(findings)).toBe(isChinese);
    expect(findings.length).toBeGreaterThan(10);
    // Its picture is not shown as a seal.
    expect(await card.locator('img').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test('a copy is handed on to somebody who is named, and to nobody else', async () => {
    const { page, faults } = await openSample('syn-cert-sesv4-valid.ofd', undefined, 'zh-CN', 'verified-download');
    await page.locator(drawn).waitFor();
    await page.getByTestId('copy-forward').click();
    const go = page.getByTestId('forward-go');
    expect(await go.getAttribute('aria-disabled')).toBe('true');
    await page.getByTestId('forward-recipient').fill('社保窗口 07');
    const download = page.waitForEvent('download');
    await go.click();
    await download;
    expect(await page.getByTestId('copy-state').innerText()).toContain('社保窗口 07');
    expect(faults).toEqual([]);
  });

  test('a viewer whose program cannot be had says so, and comes when it is asked again', async () => {
    const { page } = await openSample('syn-cert-sesv4-valid.ofd', undefined, 'zh-CN', 'verified', (own) => own.route(/certificates-screen|certificate-browser/, (route) => route.abort()));
    await page.getByTestId('not-loaded').waitFor();
    await page.unroute(/certificates-screen|certificate-browser/);
    await page.getByTestId('load-again').click();
    await page.locator(drawn).waitFor();
  });

  test('a notice and a copy take the paper that they are for', async () => {
    const keepPaper = (own: Page): Promise<unknown> =>
      own.addInitScript(() => void (window.print = () => document.body.append(document.querySelector('.paper')?.cloneNode(true) ?? '')));
    const sizeOf = async (own: Page): Promise<number[]> => {
      const pdf = (await own.pdf({ preferCSSPageSize: true })).toString('latin1');
      return (/\/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)/.exec(pdf)?.slice(1) ?? []).map((points) => Math.round((Number(points) * 25.4) / 72));
    };
    const { page } = await openSample('syn-sm2-adbe.pdf', undefined, 'zh-CN', 'verified-download', keepPaper);
    await page.locator(drawn).waitFor();
    await page.getByTestId('copy-print').click();
    await page.locator('.copy-done').waitFor();
    // The certificate lies across.
    expect(await sizeOf(page)).toEqual([297, 210]);
    for (const [paper, size] of [['a4', [210, 297]], ['mm80', [80, 297]], ['mm58', [58, 297]]] as const) {
      await page.evaluate(() => document.querySelectorAll('.paper').forEach((one) => one.remove()));
      await page.getByRole('button', { name: /告知/ }).first().click();
      await page.getByTestId('notice-paper').selectOption(paper);
      await page.getByTestId('notice-print').click();
      await page.locator('.paper').waitFor({ state: 'attached' });
      expect(await sizeOf(page)).toEqual(size);
    }
  });
});
