import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkSignatures } from '../../main/documents/signature-check.ts';
import { readAnchor } from '../../main/documents/trust-anchors.ts';
import { describeSignatures } from '../../main/handlers/signature-view.ts';
import { makeDocument } from '../ofd/made-document.ts';
import { hungrySample, makeHungryPdf } from '../ofd/hungry-pdf.ts';
import { makeRareDocuments } from '../ofd/rare-documents.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { isWorkerAt, type WatchedLine, watchWorkers } from './worker-watch.ts';
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
    // The red seal of a sample is drawn on its page and signed by nobody: the window does not leave it at the picture.
    const chip = page.getByTestId('signature-chip');
    expect(await chip.getAttribute('data-state')).toBe('none');
    expect(await chip.innerText()).toContain('印章只是图样');
    await chip.click();
    expect(await page.getByTestId('signature-panel').innerText()).toContain('没有签名为它作证');
    await page.keyboard.press('Escape');
    await page.getByTestId('viewer-fields').click();
    const differences = page.getByTestId('viewer-differences');
    await differences.waitFor();
    expect(await differences.getAttribute('data-count')).toBe('0');
    expect(await page.locator('[data-state="printed"], [data-state="same"]').count()).toBeGreaterThan(3);
    // From the list beside it too, and again from the page: the words are chosen, to be typed over.
    await page.getByTestId('certificate').first().focus();
    await page.keyboard.press('Control+f');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('viewer-phrase');
    await page.getByTestId('viewer-phrase').fill('许可证');
    await page.locator('.desk-scroll').focus();
    await page.keyboard.press('Control+f');
    await expect.poll(() => page.evaluate(() => globalThis.getSelection()?.toString())).toBe('许可证');
    await page.locator('.text-layer mark').first().waitFor();
    expect(world.pageFaults).toEqual([]);
  });
});

/** Where the mark of a goal points, in hundredths of the page's sides. */
async function markedPlace(page: Page): Promise<number[]> {
  const mark = page.getByTestId('sheet-goal');
  await mark.waitFor({ state: 'attached' });
  return mark.evaluate((own) => {
    const [box, sheet] = [own.getBoundingClientRect(), own.parentElement!.getBoundingClientRect()];
    const share = (length: number, side: number): number => Math.round((length / side) * 1000) / 10;
    return [share(box.right - sheet.left, sheet.width), share(box.top + box.height / 2 - sheet.top, sheet.height)];
  });
}

/** A window on a fake whose only certificate is this file: a sample by its name, or bytes of an OFD. */
async function openSample(
  file: string | Uint8Array,
  surface?: { label: string; value: string }[],
  language: 'zh-CN' | 'en' = 'zh-CN',
  verdict: 'verified' | 'verified-download' = 'verified',
  beforeOpening: (page: Page) => Promise<unknown> = async () => {},
): Promise<{ page: Page; faults: string[]; requests: string[] }> {
  const bytes = typeof file === 'string' ? new Uint8Array(readFileSync(path.join(samples, file))) : file;
  const format = bytes[0] === 0x25 ? ('PDF' as const) : ('OFD' as const);
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

declare const watched: WatchedLine[];

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

  test('leads by outline and links to pages of the file, and out of it never', async () => {
    const { page, faults } = await openSample('z.ofd');
    await page.locator(`${drawn}[data-page="1"]`).waitFor();
    await page.getByTestId('viewer-outline').click();
    const entries = page.getByTestId('outline-entry');
    await entries.first().waitFor();
    expect(await entries.count()).toBeGreaterThan(3);
    await entries.filter({ hasText: '第 3 页' }).first().click();
    await page.locator(`${drawn}[data-page="3"]`).waitFor();
    expect(faults).toEqual([]);
  });

  test('what a page links to is shown with its goal: pages are gone to, addresses only told', async () => {
    const action = (what: string): string => `<Actions><Action Event="CLICK">${what}</Action></Actions>`;
    const box = (id: number, y: number, what: string): string => `<PathObject ID="${id}" Boundary="10 ${y} 60 10" Stroke="true">${action(what)}<AbbreviatedData>M 0 0 L 60 0 L 60 10 L 0 10 C</AbbreviatedData></PathObject>`;
    const made = makeDocument({
      pages: [box(20, 10, '<Goto><Bookmark Name="附则"/></Goto>') + box(21, 40, '<URI URI="http://example.invalid/track"/>') + box(22, 70, '<Goto><Dest Type="XYZ" PageID="99"/></Goto>'), ''],
      document: '<Bookmarks><Bookmark Name="附则"><Dest Type="XYZ" PageID="2" Left="20" Top="75" Zoom="4"/></Bookmark></Bookmarks>',
    });
    const { page, faults, requests } = await openSample(made);
    await page.locator(drawn).waitFor();
    const told = page.getByTestId('sheet-link-told');
    await told.first().waitFor();
    expect(await told.evaluateAll((all) => all.map((one) => one.getAttribute('title')))).toEqual(['网址：http://example.invalid/track（只显示，不打开）', '所指页面不存在']);
    const address = page.url();
    await told.first().click();
    await told.nth(1).click();
    await page.getByTestId('viewer-outline').click();
    const list = page.getByTestId('viewer-outline-list');
    await list.getByText('http://example.invalid/track').click();
    expect([page.url(), page.context().pages().length, requests]).toEqual([address, 1, []]);
    expect(await list.locator('a').count()).toBe(0);
    expect(await page.getByTestId('outline-entry').allInnerTexts()).toEqual(['附则\n第 2 页', '附则\n第 2 页']);
    await page.getByTestId('sheet-link').click();
    await page.locator(`${drawn}[data-page="2"]`).waitFor();
    expect(await markedPlace(page)).toEqual([20, 75]);
    expect(faults).toEqual([]);
  });

  test('a PDF leads by outline and links to the places that they name, and out of it never', async () => {
    const { pdf } = await makeRareDocuments();
    const { page, faults, requests } = await openSample(pdf[0]!);
    await page.locator(drawn).waitFor();
    await page.getByTestId('viewer-outline').click();
    const entries = page.getByTestId('outline-entry');
    await entries.nth(3).waitFor();
    expect(await entries.allInnerTexts()).toEqual(['First\n第 1 页', 'Last\n第 2 页', '（无标题）\n第 1 页', '（无标题）\n第 2 页']);
    expect(await page.getByTestId('outline-told').allInnerTexts()).toEqual(['网址：http://example.invalid/', '网址：other.pdf#[0,{"name":"Fit"}]']);
    // XYZ 30 120 from below, on a page of 400 × 300 points.
    await entries.filter({ hasText: 'Last' }).click();
    await page.locator(`${drawn}[data-page="2"]`).waitFor();
    expect(await markedPlace(page)).toEqual([7.5, 60]);
    // XYZ without a left, and FitH 200: from the left edge.
    await entries.filter({ hasText: 'First' }).click();
    await page.locator(`${drawn}[data-page="1"]`).waitFor();
    expect(await markedPlace(page)).toEqual([0, 16.7]);
    await entries.nth(2).click();
    await expect.poll(() => markedPlace(page)).toEqual([0, 33.3]);
    // Enlarged, the place is brought to the head of the desk; gone to another page by key, nothing is marked.
    await page.locator('.desk-scroll').focus();
    const heightOf = async (what: string): Promise<number> => (await page.locator(what).boundingBox())!.height;
    for (let height = await heightOf('.sheet'); height < 2.6 * (await heightOf('.desk-scroll')); height = await heightOf('.sheet')) {
      await page.keyboard.press('Control+ArrowUp');
      await expect.poll(() => heightOf('.sheet')).toBeGreaterThan(height);
    }
    await entries.filter({ hasText: 'Last' }).click();
    await page.locator(`${drawn}[data-page="2"]`).waitFor();
    await expect.poll(async () => { const [mark, desk] = [await page.getByTestId('sheet-goal').boundingBox(), await page.locator('.desk-scroll').boundingBox()]; return Math.round(mark!.y - desk!.y); }).toBeLessThan(60);
    expect(await page.locator('.desk-scroll').evaluate((desk) => desk.scrollTop)).toBeGreaterThan(100);
    await page.locator('.desk-scroll').focus();
    await page.keyboard.press('PageUp');
    await page.locator(`${drawn}[data-page="1"]`).waitFor();
    expect(await page.getByTestId('sheet-goal').count()).toBe(0);
    expect([faults, requests]).toEqual([[], []]);
  });

  test('of several documents and versions one is chosen, and it is said which one was checked', async () => {
    const root = (width: number): string => `<Document><CommonData><PageArea><PhysicalBox>0 0 ${width} 60</PhysicalBox></PageArea></CommonData><Pages><Page ID="1" BaseLoc="/Doc_0/Pages/0.xml"/></Pages></Document>`;
    const version = (name: string, place: string): string => `<DocVersion ID="${name}" Name="${name}"><FileList/><DocRoot>${place}</DocRoot></DocVersion>`;
    const made = makeDocument({
      pages: [''],
      body: '<Versions><Version ID="v1" Index="1" BaseLoc="/Doc_0/v1.xml"/><Version ID="v2" Index="2" Current="true" BaseLoc="/Doc_0/v2.xml"/></Versions>',
      bodies: '<DocBody><DocInfo><Title>副本</Title></DocInfo><DocRoot>Doc_1/Document.xml</DocRoot></DocBody><DocBody><DocRoot>Doc_2/none.xml</DocRoot></DocBody>',
      files: { 'Doc_1/Document.xml': root(50), 'Doc_0/Old.xml': root(70), 'Doc_0/New.xml': root(80), 'Doc_0/v1.xml': version('v1', '/Doc_0/Old.xml'), 'Doc_0/v2.xml': version('v2', '/Doc_0/New.xml') },
    });
    const { page, faults } = await openSample(made);
    const shape = async (): Promise<number> => page.locator(drawn).evaluate((canvas) => Math.round(((canvas as HTMLCanvasElement).width / (canvas as HTMLCanvasElement).height) * 60), undefined, { timeout: 5000 });
    await expect.poll(shape).toBe(80);
    const notice = page.getByTestId('not-the-checked-one');
    expect(await notice.count()).toBe(0);
    await page.getByTestId('choose-version').selectOption('v1');
    await expect.poll(shape).toBe(70);
    expect(await notice.innerText()).toContain('第一个文档的现行版本');
    await page.getByTestId('choose-document').selectOption({ label: '2 / 3 副本' });
    await expect.poll(shape).toBe(50);
    expect(await notice.count()).toBe(1);
    // One that cannot be opened is refused, and another can be chosen instead.
    await page.getByTestId('choose-document').selectOption('2');
    await page.getByTestId('viewer-refused').waitFor();
    await page.getByTestId('choose-document').selectOption('0');
    await expect.poll(shape).toBe(80);
    expect(await notice.count()).toBe(0);
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

  test('a PDF finds its worker ready, and nothing but its first page is read before that page is seen', async () => {
    const { page, faults } = await openSample('syn-unsigned-10pages.pdf', undefined, 'zh-CN', 'verified', (own) => own.addInitScript(watchWorkers));
    await page.locator(drawn).waitFor();
    await page.getByTestId('text-layer').locator('span').first().waitFor({ state: 'attached' });
    // One is in waiting for the next file, and done with its practice.
    const inWaiting = await page.waitForFunction(() => {
      const idle = watched.filter(({ what }) => what === 'start').find(({ worker }) => !watched.some((line) => line.worker === worker && line.what === 'open'));
      return idle !== undefined && watched.some((line) => line.worker === idle.worker && line.what === 'Terminate') ? [idle.worker] : false;
    });
    const [waiting] = (await inWaiting.jsonValue()) || [];
    await page.evaluate(() => void watched.splice(0));
    await page.getByTestId('certificate').nth(1).click();
    await page.waitForFunction((own) => watched.some(({ worker, what }) => worker === own && what === 'GetTextContent'), waiting);
    const lines = await page.evaluate(() => watched);
    const asked = (all: readonly WatchedLine[]): string[] => all.filter(({ worker }) => worker === waiting).map(({ what }) => what);
    const before = asked(lines.slice(0, lines.findIndex(({ what }) => what === 'seen')));
    expect(before[0]).toBe('open');
    expect(before.filter((what) => what === 'GetPage')).toHaveLength(1);
    expect(before.filter((what) => what === 'GetOperatorList')).toHaveLength(1);
    const early = before.filter((what) => what === 'GetAnnotations' || what === 'GetTextContent');
    expect(early).toEqual([]);
    expect(asked(lines)).toContain('GetAnnotations');
    expect(faults).toEqual([]);
  });

  test('a PDF that fills the memory is drawn in time or refused, and the window goes on', async () => {
    const hungry = makeHungryPdf(new Uint8Array(readFileSync(path.join(samples, hungrySample.name))));
    const started: string[] = [];
    const { page, faults } = await openSample(hungry, undefined, 'zh-CN', 'verified', (own) => {
      own.on('worker', (worker) => started.push(worker.url()));
      return own.addInitScript(watchWorkers);
    });
    // A fast machine comes to the end of it within the patience; before the window gets a file it is tried in a process with a limit.
    const refused = page.locator('[data-testid="viewer-refused"][data-refusal="too-slow"]');
    await refused.or(page.locator(drawn)).first().waitFor({ timeout: 60_000 });
    // More than one where the viewer was set up anew meanwhile.
    const readers = await page.evaluate(() => watched.filter(({ what }) => what === 'open').map(({ worker }) => worker));
    const haveRead = (address: string): boolean => readers.some((worker) => isWorkerAt(worker, address));
    expect(readers).not.toEqual([]);
    expect(started.filter(haveRead)).toHaveLength(readers.length);
    // Whoever had the file is gone, and with it what it had asked for; another may wait for the next file by now.
    if (await refused.isVisible()) await expect.poll(() => page.workers().map((worker) => worker.url()).filter(haveRead)).toEqual([]);
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('trust').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

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
