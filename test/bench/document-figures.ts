import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from '../e2e/chromium.ts';
import { createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { openOfdPages } from '../../main/documents/ofd-pages.ts';
import { type Figure, median, printMs, printRatio } from './measuring.ts';

const samples = path.resolve(import.meta.dirname, '../../../shared/data/documents');
const builtWindow = path.resolve(import.meta.dirname, '../../dist/window');

/** First pages in the built window, cold (a new window) and warm, OFD and PDF; PDF beside pdf.js alone in the same window; memory of many pages. */
export async function measureDocuments(): Promise<Figure[]> {
  if (!existsSync(samples)) return [];
  const names = readdirSync(samples).filter((name) => !name.startsWith('hostile-'));
  const ofd = await measureWindow(names.filter((name) => /^(syn-cert|999|zsbk|n\.|h\.|z\.|ano|testPathClip|hello-|syn-riding|image-seal|syn-perm).*\.ofd$/.test(name)));
  const pdf = await measureWindow(['syn-sm2-adbe.pdf', 'syn-unsigned-10pages.pdf', 'signed-once.pdf', 'annotation-stamp.pdf', 'rotation.pdf']);
  return [
    figure('OFD first page, cold, median', printMs(median(ofd.cold)), `${ofd.cold.length} samples`, '', '≤ 300 ms'),
    figure('OFD first page, the next after a second, median', printMs(median(ofd.warm)), '', '', ''),
    figure('PDF first page, cold, median', printMs(median(pdf.cold)), '', '', ''),
    figure('PDF first page, the next after a second, median', printMs(median(pdf.warm)), `${printMs(median(pdf.waiting))} (pdf.js alone, its worker in waiting as ours is)`, printRatio(median(pdf.waitingRatios)), '≤ 1.1 ×'),
    figure('the same', printMs(median(pdf.warm)), `${printMs(median(pdf.started))} (pdf.js alone, starting its worker)`, printRatio(median(pdf.startedRatios)), ''),
    await measureManyPages(),
  ];
}

function figure(what: string, value: string, compared: string, ratio: string, aim: string): Figure {
  return { area: 'Documents', what, value, compared, ratio, aim };
}

interface Times {
  readonly cold: number[];
  readonly warm: number[];
  readonly waiting: number[];
  readonly started: number[];
  /** Round by round, ours to what came right after it. */
  readonly waitingRatios: number[];
  readonly startedRatios: number[];
}

const rounds = 5;

/** The window itself says when it asked for the file and when its first page stood. */
async function measureWindow(names: readonly string[]): Promise<Times> {
  const times: Times = { cold: [], warm: [], waiting: [], started: [], waitingRatios: [], startedRatios: [] };
  const library = readFileSync(path.resolve(import.meta.dirname, '../../node_modules/pdfjs-dist/build/pdf.min.mjs'), 'utf8');
  const browser = await launchChromium();
  for (const name of names) {
    const bytes = new Uint8Array(readFileSync(path.join(samples, name)));
    const certificateFile = { bytes, format: name.endsWith('.pdf') ? ('PDF' as const) : ('OFD' as const) };
    const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: bytes, certificateFile });
    const server = await serveWindow(builtWindow, backend);
    const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
    const page = await context.newPage();
    await page.route('**/bench-pdf.mjs', (route) => route.fulfill({ contentType: 'text/javascript', body: library }));
    await page.goto(server.url);
    await page.getByTestId('chip-platform').waitFor();
    await page.evaluate(`(${watchSheets.toString()})()`);
    await backend.scan('verified');
    times.cold.push(await nextTime(page, 1));
    const others = page.getByTestId('certificate');
    for (let round = 0; round < rounds; round += 1) {
      // Nobody reads a certificate in less than a second, in which the worker of the next one is made ready.
      await page.waitForTimeout(1000);
      await others.nth(1 + (round % 2)).click();
      const warm = await nextTime(page, round + 2);
      times.warm.push(warm);
      if (certificateFile.format === 'OFD') continue;
      for (const state of plainStates) {
        const plain = await measurePdfJs(page, bytes, state);
        times[state].push(plain);
        times[`${state}Ratios`].push(warm / plain);
      }
    }
    await context.close();
    await server.close();
  }
  await browser.close();
  return times;
}

/** Runs in the page: from a viewer's appearing to its first drawn page. */
function watchSheets(): void {
  const state = { times: [] as number[], since: null as number | null, viewer: null as Element | null };
  Object.assign(globalThis, { sheetTimes: state.times });
  new MutationObserver(() => {
    const viewer = document.querySelector('[data-testid="viewer"]');
    if (viewer !== state.viewer) Object.assign(state, { viewer, since: viewer === null ? null : performance.now() });
    if (viewer === null || state.since === null || viewer.querySelector('canvas[data-drawn="true"]') === null) return;
    state.times.push(performance.now() - state.since);
    state.since = null;
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}

async function nextTime(page: Page, count: number): Promise<number> {
  const until = Date.now() + 30_000;
  for (;;) {
    const time: unknown = await page.evaluate(`sheetTimes[${count - 1}]`);
    if (typeof time === 'number') return time;
    if (Date.now() > until) throw new Error(`page ${count} is not drawn`);
    await page.waitForTimeout(20);
  }
}

/** pdf.js without a viewer: how its worker stands when the file comes. The viewer's own is in waiting, so `waiting` is the like of it; `started` is the library as it comes. */
const plainStates = ['waiting', 'started'] as const;

/** pdf.js as the window bundles it, on the same worker program and resources, opened and drawn at the scale of the page shown. */
async function measurePdfJs(page: Page, bytes: Uint8Array, state: (typeof plainStates)[number]): Promise<number> {
  const workerName = readdirSync(path.join(builtWindow, 'assets')).find((name) => /^pdf\.worker.*\.mjs$/.test(name)) ?? '';
  return page.evaluate(
    async ({ base64, workerName, isWaiting }) => {
      const pdfjs = await import(new URL('/bench-pdf.mjs', location.href).href);
      const address = new URL(`assets/${workerName}`, document.baseURI).href;
      pdfjs.GlobalWorkerOptions.workerSrc = address;
      const resources = new URL('./pdfjs/', document.baseURI).href;
      const size = document.querySelector<HTMLCanvasElement>('[data-testid="sheet-canvas"]')?.width ?? 800;
      const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const port = isWaiting ? new Worker(address, { type: 'module' }) : null;
      const worker = port === null ? {} : { worker: pdfjs.PDFWorker.create({ port }) };
      // As long as a reader takes, for both.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const started = performance.now();
      const pdf = await pdfjs.getDocument({ data, ...worker, cMapUrl: `${resources}cmaps/`, cMapPacked: true, standardFontDataUrl: `${resources}standard_fonts/`, wasmUrl: `${resources}wasm/` }).promise;
      const sheet = await pdf.getPage(1);
      const viewport = sheet.getViewport({ scale: size / sheet.getViewport({ scale: 1 }).width });
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: viewport.width, height: viewport.height });
      await sheet.render({ canvas, viewport }).promise;
      const time = performance.now() - started;
      await pdf.loadingTask.destroy();
      port?.terminate();
      return time;
    },
    { base64: Buffer.from(bytes).toString('base64'), workerName, isWaiting: state === 'waiting' },
  );
}

/** Paints 200 pages one after the other as for print. */
async function measureManyPages(): Promise<Figure> {
  const opened = await openOfdPages(new Uint8Array(readFileSync(path.join(samples, 'syn-many-pages.ofd'))), Date.now());
  if (!opened.ok) throw new Error(opened.failure.code);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  for (let page = 0; page < 200; page += 1) {
    await opened.value.paint(page % opened.value.count, 150);
    most = Math.max(most, process.memoryUsage().rss);
  }
  return figure('200 pages at 150 dpi, memory', `${((most - before) / 2 ** 20).toFixed(0)} MiB above the start`, '', '', '< 300 MiB');
}
