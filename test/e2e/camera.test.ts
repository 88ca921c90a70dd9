import type { Page } from 'playwright-core';
import encodeQR from 'qr';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { drawPixels, encodeHanXin, type GreyImage } from '../../hanxin/index.ts';
import type { CounterBackend } from '../fakes/counter-backend.ts';
import { absent, listPhotographs, readPhotograph } from '../main/devices/photographs.ts';
import { buildCameraWindows, type CameraSettings, type CameraWindows, readSightings } from './camera-window.ts';
import { drawWall, fit, lay } from './y4m-clip.ts';

const cleanup: (() => unknown)[] = [];
let windows: CameraWindows;

beforeAll(async () => {
  windows = await buildCameraWindows();
});
afterAll(() => windows.close());
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** A camera that sees a white wall for half a second and then the frame. */
async function openCamera(seen: Uint8Array, settings: CameraSettings = {}): Promise<{ page: Page; backend: CounterBackend }> {
  const { page, backend, close } = await windows.open([...Array.from({ length: 8 }, () => drawWall(235)), ...Array.from({ length: 16 }, () => seen)], settings);
  cleanup.push(close);
  return { page, backend };
}

/** A QR code, `scale` pixels a module; `spoilt` is past mending, but plainly a code. */
function drawQR(text: string, scale: number, spoilt = false): GreyImage & { readonly data: Uint8Array } {
  const modules = encodeQR(text, 'raw', { ecc: 'low', border: 4 });
  const side = modules.length * scale;
  const middle = (at: number) => Math.abs(at - modules.length / 2) < 7;
  const data = new Uint8Array(side * side).map((_, i) => {
    const [x, y] = [Math.floor((i % side) / scale), Math.floor(i / side / scale)];
    return (modules[y]?.[x] === true) !== (spoilt && middle(x) && middle(y) && (x * y) % 3 === 0) ? 20 : 235;
  });
  return { width: side, height: side, data };
}

const drawHanXin = (text: string) => drawPixels(encodeHanXin(text)!, { moduleSize: 9 });
const submissions = (backend: CounterBackend) => backend.calls.filter((call) => call.startsWith('scan.submit'));
const long = `QYM1${'0123456789ABCDEFGHJKLMNPQRTUWXY'.repeat(3)}`;

describe('reading', () => {
  test('a code before the camera is read once and shows its verdict', async () => {
    const { page, backend } = await openCamera(lay(drawWall(), drawQR('QYM1CAMERA0001', 11), 450, 180));
    await page.getByTestId('verdict').waitFor();
    expect(submissions(backend)).toEqual(['scan.submit camera QYM1CAMERA0001']);
    await page.getByTestId('camera').waitFor({ state: 'detached' });
    expect(await page.getByTestId('chip-camera').getAttribute('data-level')).toBe('plain');
  });

  test('without a track processor the frames go through a canvas', async () => {
    const { page, backend } = await openCamera(lay(drawWall(), drawQR('QYM1CANVAS0001', 11), 450, 180), { spoil: 'delete globalThis.MediaStreamTrackProcessor' });
    await page.getByTestId('verdict').waitFor();
    expect(backend.calls).toContain('scan.submit camera QYM1CANVAS0001');
  });

  test('a Han Xin code before the camera is read once', async () => {
    const { page, backend } = await openCamera(lay(drawWall(), drawHanXin('QYM1HANXIN0001'), 400, 150));
    await page.getByTestId('verdict').waitFor();
    expect(submissions(backend)).toEqual(['scan.submit camera QYM1HANXIN0001']);
  });

  test.each([
    ['QR codes', drawQR('QYM1LEFT000001', 10), drawQR('QYM1RIGHT00001', 10)],
    ['Han Xin codes', drawHanXin('QYM1LEFT000001'), drawHanXin('QYM1RIGHT00001')],
    ['codes of different kinds', drawQR('QYM1LEFT000001', 10), drawHanXin('QYM1RIGHT00001')],
  ])('of two %s in view none is taken, and it is said', async (_what, left, right) => {
    const { page, backend } = await openCamera(lay(lay(drawWall(), left, 100, 150), right, 700, 150));
    await page.getByText('画面里有两个码，请只留一个').waitFor();
    await page.waitForTimeout(1000);
    expect(submissions(backend)).toEqual([]);
  });

  test.skipIf(absent !== null)(`a photograph of a code by somebody else's camera is read, once${absent === null ? '' : ` — skipped: ${absent}`}`, async () => {
    const photograph = listPhotographs().find(({ file }) => file === 'boofcv_nominal_image015.jpg') ?? listPhotographs().find(({ set, symbols }) => set === 'boofcv-nominal' && symbols === 1)!;
    const { page, backend } = await openCamera(fit(readPhotograph(photograph)));
    await expect.poll(() => submissions(backend)).toEqual([`scan.submit camera ${photograph.payload}`]);
    expect((await readSightings(page)).contents).toEqual([photograph.payload]);
  });
});

describe('advice', () => {
  test.each([
    ['码太小，请靠近一些', lay(drawWall(), drawQR(long, 3, true), 560, 280), 1],
    ['看到码但读不清', lay(drawWall(), drawQR(long, 9, true), 440, 150), 1],
    ['画面太暗', drawWall(24), 0],
    ['画面太亮', drawWall(255), 0],
  ])('%s', async (words, seen, outlines) => {
    const { page, backend, close } = await windows.open([seen, seen]);
    cleanup.push(close);
    await expect.poll(() => page.getByTestId('camera-words').textContent()).toContain(words);
    expect(await page.locator('.outline-unread').count()).toBe(outlines);
    expect(submissions(backend)).toEqual([]);
  });
});

describe('when there is no picture', () => {
  const refuse = (name: string) => `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '${name}'))`;
  test.each([
    ['none', refuse('NotFoundError'), '没有找到摄像头'],
    ['denied', refuse('NotAllowedError'), '没有摄像头权限'],
    ['in-use', refuse('NotReadableError'), '正被其他程序使用'],
    ['failed', refuse('UnknownError'), '没有给出图像'],
    ['decoder', "globalThis.Worker = class extends Worker { constructor(url, options) { super('/nothing.js', options); } }", '识别程序没有启动'],
  ])('%s is said in words, with a way to try again', async (trouble, spoil, words) => {
    const { page } = await openCamera(drawWall(), { spoil });
    const panel = page.getByTestId('camera-trouble');
    await panel.waitFor();
    expect(await panel.getAttribute('data-trouble')).toBe(trouble);
    expect(await panel.textContent()).toContain(words);
    expect(await page.getByTestId('chip-camera').getAttribute('data-level')).toBe('bad');
    await panel.getByRole('button', { name: '重试' }).waitFor();
  });

  test('a camera that goes away while it is used is said', async () => {
    const { page } = await openCamera(drawWall());
    await page.locator('[data-testid="viewfinder"][data-running="true"]').waitFor();
    await page.evaluate(() => (document.querySelector('video')!.srcObject as MediaStream).getVideoTracks()[0]?.dispatchEvent(new Event('ended')));
    await page.locator('[data-trouble="failed"]').waitFor();
  });

  test('a hidden window lets go of the camera, and takes it again when it is seen', async () => {
    const { page } = await openCamera(drawWall());
    await page.locator('[data-testid="viewfinder"][data-running="true"]').waitFor();
    const track = await page.evaluateHandle(() => (document.querySelector('video')!.srcObject as MediaStream).getVideoTracks()[0]);
    const hide = (hidden: boolean) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await hide(true);
    await page.getByTestId('camera-paused').waitFor();
    expect(await track.evaluate((used) => used?.readyState)).toBe('ended');
    await hide(false);
    await page.locator('[data-testid="viewfinder"][data-running="true"]').waitFor();
  });

  test('a decoder that hangs is started again, and then reads', async () => {
    // The first decoder never finishes: what it answers after "busy" is swallowed before the window sees it.
    const spoil = `
      const Original = globalThis.Worker;
      let decoders = 0;
      globalThis.Worker = class extends Original {
        constructor(url, options) {
          super(url, options);
          // The window makes the viewer's worker ready whenever it is idle.
          if (String(url).includes('decoder.worker') && decoders++ === 0) this.addEventListener('message', (event) => event.data.type === 'frame' && event.stopImmediatePropagation());
        }
      };
      // The words stand only until the next frame has something better to say.
      new MutationObserver(() => {
        if (document.body?.innerText.includes('识别程序已自动重启')) document.documentElement.dataset.restartSaid = 'true';
      }).observe(document, { subtree: true, childList: true, characterData: true });`;
    const { page, backend } = await openCamera(lay(drawWall(), drawQR('QYM1WATCHDOG01', 11), 450, 180), { spoil });
    await page.locator('html[data-restart-said="true"]').waitFor({ state: 'attached' });
    await expect.poll(() => submissions(backend)).toEqual(['scan.submit camera QYM1WATCHDOG01']);
  });
});

test('camera, resolution and mirror are chosen, and kept', async () => {
  const { page } = await openCamera(drawWall(), { devices: 2 });
  await page.locator('[data-testid="viewfinder"][data-running="true"]').waitFor();
  const used = () => page.evaluate(() => (document.querySelector('video')?.srcObject as MediaStream | null)?.getVideoTracks()[0]?.getSettings().deviceId);
  const first = await used();
  await expect.poll(() => page.getByTestId('camera-device').locator('option').count()).toBe(2);
  const other = await page.getByTestId('camera-device').locator('option').evaluateAll((options, known) => options.map((option) => (option as HTMLOptionElement).value).find((value) => value !== known), first);
  await page.getByTestId('camera-device').selectOption(other!);
  await expect.poll(used).toBe(other);
  await page.getByTestId('camera-resolution').selectOption('low');
  await expect.poll(() => page.getByTestId('camera-rate').textContent()).toContain('640 × 480');
  await page.getByTestId('camera-mirror').check();
  expect(await page.locator('.viewfinder-picture').evaluate((picture) => getComputedStyle(picture).transform)).toContain('-1');
  await page.reload();
  await page.getByTestId('open-camera').click();
  await expect.poll(used).toBe(other);
  expect(await page.getByTestId('camera-resolution').inputValue()).toBe('low');
  expect(await page.getByTestId('camera-mirror').isChecked()).toBe(true);
});
