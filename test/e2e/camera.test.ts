import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PNG } from 'pngjs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { drawPixels, encodeHanXin } from '../../hanxin/index.ts';
import { lumaOfPixels } from '../../renderer/camera/luma.ts';
import { type CounterBackend, createCounterBackend } from '../fakes/counter-backend.ts';
import { drawCodes } from '../fakes/code-picture.ts';
import { serveWindow } from '../fakes/window-server.ts';

const root = path.join(import.meta.dirname, '../..');
const browserPath = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'].find((candidate) => existsSync(candidate)) ?? '';
const folder = mkdtempSync(path.join(tmpdir(), 'counter-camera-'));
const windowFolder = path.join(folder, 'window');
const frame = { width: 1280, height: 720 };
const usual = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const cleanup: (() => unknown)[] = [];

beforeAll(() => build({ configFile: path.join(root, 'vite.config.ts'), build: { outDir: windowFolder }, logLevel: 'error' }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** A camera that sees a white wall for half a second and then the codes side by side. */
async function openCamera(codes: readonly string[], spoil = ''): Promise<{ page: Page; backend: CounterBackend }> {
  const painter = await chromium.launch({ executablePath: browserPath, args: usual });
  const picture = PNG.sync.read(Buffer.from(await drawCodes(painter, codes, frame)));
  await painter.close();
  return openCameraOn(lumaOfPixels(picture.data, frame.width, frame.height).values, spoil);
}

/** The same with a picture of its own, in place of QR codes. */
async function openCameraOn(luma: Uint8Array, spoil = ''): Promise<{ page: Page; backend: CounterBackend }> {
  const clip = path.join(folder, 'clip.y4m');
  writeFileSync(clip, printClip([...Array.from({ length: 8 }, () => null), ...Array.from({ length: 16 }, () => luma)]));
  const browser: Browser = await chromium.launch({
    executablePath: browserPath,
    args: [...usual, '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${clip}`],
  });
  const backend = createCounterBackend({ now: () => Date.now(), certificatePdf: new Uint8Array(8) });
  const server = await serveWindow(windowFolder, backend);
  cleanup.push(server.close, () => browser.close());
  const page = await browser.newPage();
  if (spoil !== '') await page.addInitScript(spoil);
  await page.goto(server.url);
  await page.getByTestId('open-camera').click();
  return { page, backend };
}

/** Lays the Han Xin symbol of a text onto a frame, its corner at `left`. */
function layHanXin(luma: Uint8Array, text: string, left: number): Uint8Array {
  const symbol = drawPixels(encodeHanXin(text)!, { moduleSize: 9 });
  for (let y = 0; y < symbol.height; y++) luma.set(symbol.data.subarray(y * symbol.width, (y + 1) * symbol.width), (y + 150) * frame.width + left);
  return luma;
}

/** A clip in the YUV4MPEG2 form: 4:2:0, grey, `null` being a white frame. */
function printClip(frames: readonly (Uint8Array | null)[]): Buffer {
  const white = new Uint8Array(frame.width * frame.height).fill(235);
  const colour = new Uint8Array(white.length / 2).fill(128);
  const parts = frames.flatMap((luma) => [Buffer.from('FRAME\n'), luma ?? white, colour]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${frame.width} H${frame.height} F15:1 Ip A1:1 C420jpeg\n`), ...parts]);
}

test('a code before the camera is read once and shows its verdict', async () => {
  const { page, backend } = await openCamera(['QYM1CAMERA0001']);
  await page.getByTestId('verdict').waitFor();
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual(['scan.submit camera QYM1CAMERA0001']);
  await page.getByTestId('camera').waitFor({ state: 'detached' });
  expect(await page.getByTestId('chip-camera').getAttribute('data-level')).toBe('plain');
});

test('without a track processor the frames go through a canvas', async () => {
  const { page, backend } = await openCamera(['QYM1CANVAS0001'], 'delete globalThis.MediaStreamTrackProcessor');
  await page.getByTestId('verdict').waitFor();
  expect(backend.calls).toContain('scan.submit camera QYM1CANVAS0001');
});

test('of two codes in view none is taken, and it is said', async () => {
  const { page, backend } = await openCamera(['QYM1LEFT000001', 'QYM1RIGHT00001']);
  await page.getByText('画面里有两个码，请只留一个').waitFor();
  await page.waitForTimeout(1000);
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([]);
});

test('a Han Xin code before the camera is read once', async () => {
  const { page, backend } = await openCameraOn(layHanXin(new Uint8Array(frame.width * frame.height).fill(220), 'QYM1HANXIN0001', 400));
  await page.getByTestId('verdict').waitFor();
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual(['scan.submit camera QYM1HANXIN0001']);
});

test('of two Han Xin codes in view none is taken, and it is said', async () => {
  const luma = new Uint8Array(frame.width * frame.height).fill(220);
  const { page, backend } = await openCameraOn(layHanXin(layHanXin(luma, 'QYM1LEFT000001', 100), 'QYM1RIGHT00001', 800));
  await page.getByText('画面里有两个码，请只留一个').waitFor();
  await page.waitForTimeout(1000);
  expect(backend.calls.filter((call) => call.startsWith('scan.submit'))).toEqual([]);
});
