import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { serveWindow } from '../fakes/window-server.ts';
import { findChromium } from './chromium.ts';
import { printClip } from './y4m-clip.ts';

/** What the decoder told the window, as seen from outside: counted in the page by `watchDecoder`. */
export interface Sightings {
  readonly frames: number;
  readonly reads: number;
  /** Milliseconds from asking for the camera until the first code was read; null before. */
  readonly firstReadMs: number | null;
  /** Milliseconds of each of the last thousand looks. */
  readonly looks: readonly number[];
  /** The different contents, as Latin-1 text of their bytes. */
  readonly contents: readonly string[];
}

/** How a camera window is opened. */
export interface CameraSettings {
  /** Runs in the page before everything else. */
  readonly spoil?: string;
  /** So many drawn cameras in place of the clip: Chromium plays a clip on one camera only. */
  readonly devices?: number;
  readonly rate?: number;
}

/** The built window in real Chromium with a clip for its camera. */
export interface CameraWindows {
  readonly open: (frames: readonly Uint8Array[], settings?: CameraSettings) => Promise<{ page: Page; browser: Browser; backend: CounterBackend; close: () => Promise<void> }>;
  readonly close: () => void;
}

/** Builds the window once for all that follows. */
export async function buildCameraWindows(): Promise<CameraWindows> {
  const folder = mkdtempSync(path.join(tmpdir(), 'counter-camera-'));
  const windowFolder = path.join(folder, 'window');
  await build({ configFile: path.resolve(import.meta.dirname, '../../vite.config.ts'), build: { outDir: windowFolder }, logLevel: 'error' });
  return {
    open: async (frames, { spoil = '', devices, rate = 15 } = {}) => {
      const clip = path.join(folder, 'clip.y4m');
      writeFileSync(clip, printClip(frames, rate));
      const browser = await chromium.launch({
        executablePath: findChromium(),
        args: [...usual, '--use-fake-ui-for-media-stream', ...(devices === undefined ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${clip}`] : [`--use-fake-device-for-media-stream=device-count=${devices}`])],
      });
      const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array(8) });
      const server = await serveWindow(windowFolder, backend);
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.addInitScript(watchDecoder);
      if (spoil !== '') await page.addInitScript(spoil);
      await page.goto(server.url);
      await page.getByTestId('open-camera').click();
      const close = async (): Promise<void> => {
        await server.close();
        await browser.close();
      };
      return { page, browser, backend, close };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What the decoder told this page so far. */
export function readSightings(page: Page): Promise<Sightings> {
  return page.evaluate(() => {
    const { contents, ...counts } = (globalThis as unknown as { sightings: { contents: Set<string> } }).sightings;
    return { ...counts, contents: [...contents] } as unknown as Sightings;
  });
}

const usual = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Runs in the page: listens to what every worker answers, and changes nothing. */
function watchDecoder(): void {
  const sightings = { frames: 0, reads: 0, firstReadMs: null as number | null, looks: [] as number[], contents: new Set<string>() };
  Object.assign(globalThis, { sightings });
  const opened = { at: 0 };
  document.addEventListener('click', () => (opened.at = performance.now()), { capture: true, once: true });
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data }: MessageEvent<{ type: string; ms: number; codes: { bytes: Uint8Array }[] }>) => {
        if (data.type !== 'frame') return;
        sightings.frames += 1;
        sightings.looks.push(data.ms);
        if (sightings.looks.length > 1000) sightings.looks.shift();
        sightings.reads += data.codes.length;
        if (data.codes.length > 0) sightings.firstReadMs ??= performance.now() - opened.at;
        for (const { bytes } of data.codes) sightings.contents.add(String.fromCharCode(...bytes));
      });
    }
  };
}
