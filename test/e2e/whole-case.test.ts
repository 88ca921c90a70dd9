import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCameraClip } from './camera-clip.ts';
import { launchChromium } from './chromium.ts';
import { callNextPerson, startWorld, type World } from './world.ts';
import { typeAsScanner } from './wedge-scanner.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

/** The person's side: chooses a company on the presenter page, grants everything, shows the code. */
async function presentCode(company: string, symbol: 'qr' | 'hanXin' = 'qr'): Promise<{ page: Page; picture: Buffer }> {
  const page = await world.openPage(`${world.platform().url}/`, { viewport: { width: 390, height: 844 } });
  await page.getByTestId(`company-${company}`).click();
  await page.getByTestId('login-legal').click();
  for (const tick of await page.locator('input[data-testid^="certificate-"], input[data-testid^="information-"]').all()) await tick.setChecked(true, { force: true });
  await page.getByTestId('permission-download').setChecked(true, { force: true });
  await page.getByTestId('present').click();
  const image = page.getByTestId('code-image');
  await image.waitFor();
  await page.getByTestId(`symbol-${symbol}`).check({ force: true });
  return { page, picture: await image.screenshot() };
}

async function verdictOf(page: Page): Promise<{ state: string | null; supportCode: string | null; band: Locator }> {
  const band = page.getByTestId('verdict');
  await band.waitFor({ timeout: 20_000 });
  return { state: await band.getAttribute('data-state'), supportCode: await band.getAttribute('data-support-code'), band };
}

describe('one whole case in a real window', () => {
  test('the picture on the presenter page becomes the camera: verdict, data, a watermarked certificate, the audit list', async () => {
    const { page: phone, picture } = await presentCode('yunfan');
    const clip = path.join(world.folder, 'camera.mjpeg');
    await writeCameraClip({ browser: world.browser, picturePng: picture, file: clip });
    const browser = await launchChromium({ cameraClip: clip });
    try {
      const page = await world.openPage(world.host.address, { browser });
      await page.getByTestId('waiting').waitFor();
      await page.keyboard.press('c');
      const { state, band } = await verdictOf(page);
      expect(state).toBe('verified');
      await expect.poll(() => band.innerText()).toContain('上海云帆智能科技有限公司');
      expect(await band.innerText()).toContain('核验通过');
      expect(world.app.memory.find((await band.getAttribute('data-scan-id')) ?? '')?.outcome.source).toBe('camera');

      await page.getByTestId('tab-information').click();
      await expect.poll(() => page.getByTestId('information').innerText()).toContain('法定代表人');
      // Masked until it is revealed, and the revealing is written down.
      expect(await page.getByTestId('information').innerText()).not.toContain('310199197804120019');

      await page.getByTestId('tab-certificates').click();
      await page.getByTestId('certificate').filter({ hasText: '食品经营许可证' }).click();
      const canvas = page.getByTestId('sheet-canvas').first();
      await canvas.waitFor();
      await expect.poll(() => canvas.evaluate(countInk), { timeout: 15_000 }).toBeGreaterThan(2000);
      const watermark = await page.getByTestId('watermark').innerHTML();
      const { site, operator } = world.app.site.current();
      for (const part of [site.organisation, site.window, operator.name, world.app.cases.current()?.bizNum ?? '?', '办理公司变更登记']) expect(watermark).toContain(part);
      const saved = page.waitForEvent('download');
      await page.getByTestId('copy-save').click();
      const copy = await saved;
      expect(copy.suggestedFilename()).toMatch(/\.pdf$/);
      expect(readFileSync(await copy.path()).subarray(0, 5).toString()).toBe('%PDF-');
      expect(await hidesNothing(page)).toBe(true);

      await expect.poll(() => phone.getByTestId('code-state').innerText().catch(() => '')).not.toBe('');

      // Taken back on the phone: from now on there is no copy, and band and record say so.
      await phone.getByTestId('withdraw').click();
      await phone.getByTestId('withdraw-go').click();
      await phone.getByTestId('withdraw-ask').waitFor({ state: 'detached' });
      await page.getByTestId('copy-print').click();
      await expect.poll(() => page.getByTestId('copy-state').innerText()).toContain('对方已撤回授权');
      await expect.poll(() => band.innerText()).toMatch(/授权已撤回[^]*平台于 [0-9:]{8} 告知：持证方已撤回授权/);
      expect(await page.getByTestId('grant-ended').innerText()).toContain('请停止使用已取得的内容');
      await page.locator('[data-testid="copy-save"][data-locked="true"]').waitFor();

      const refusals = async () => ((await world.app.store.search({ type: 'permission.refused', limit: 50 })) as { value: readonly unknown[] }).value.length;
      const refused = await refusals();
      // Come back to, the page has what was obtained, and reaches for nothing by itself.
      await page.getByTestId('nav-records').click();
      await page.getByTestId('nav-verify').click();
      await canvas.waitFor();
      await page.getByTestId('certificate').last().click();
      await page.locator('[data-testid="certificate-failed"][data-code="verdict/withdrawn"]').waitFor();
      expect(await refusals()).toBe(refused);

      await page.getByTestId('nav-audit').click();
      const rows = page.getByTestId('audit-row');
      await rows.first().waitFor();
      const types = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-type')));
      expect(types).toEqual(expect.arrayContaining(['permission.refused', 'copy.saved', 'certificate.opened', 'scan.verdict', 'case.opened', 'platform.enrolled', 'app.start']));
      await page.getByTestId('verify-chain').click();
      await expect.poll(() => page.getByTestId('chain-result').innerText()).toContain('整条链完好');
    } finally {
      await browser.close();
      await phone.close();
    }
  });

  test('the same code as a Han Xin symbol on the presenter page becomes the camera: verified', async () => {
    const { page: phone, picture } = await presentCode('suling', 'hanXin');
    const clip = path.join(world.folder, 'han-xin.mjpeg');
    await writeCameraClip({ browser: world.browser, picturePng: picture, file: clip });
    const browser = await launchChromium({ cameraClip: clip });
    try {
      const page = await world.openPage(world.host.address, { browser });
      await callNextPerson(world, page);
      await page.keyboard.press('c');
      const { state, band } = await verdictOf(page);
      expect(state).toBe('verified');
      expect(await band.innerText()).toContain('苏州苏陵精密机械股份有限公司');
      const scan = world.app.memory.find((await band.getAttribute('data-scan-id')) ?? '');
      expect(scan?.outcome.source).toBe('camera');
    } finally {
      await browser.close();
      await phone.close();
    }
  });

  test('a scanner process sends the code down a serial line', async () => {
    const page = await world.openPage(world.host.address);
    await callNextPerson(world, page);
    const code = await world.mint({ companyId: 'suling' });
    world.wire.send(`${code}\r`);
    const { state, band } = await verdictOf(page);
    expect(state).toBe('verified');
    expect(await band.innerText()).toContain('苏州苏陵精密机械股份有限公司');
    expect(world.app.memory.find((await band.getAttribute('data-scan-id')) ?? '')?.outcome.source).toBe('serial');
    await page.close();
  });

  test('a keyboard-wedge scanner types the code, on any screen and with no field focused', async () => {
    const page = await world.openPage(world.host.address);
    await callNextPerson(world, page);
    await page.getByTestId('nav-records').click();
    await page.getByTestId('records').waitFor();
    await typeAsScanner(page, await world.mint({ companyId: 'hengzhen-cpa' }));
    const { state, band } = await verdictOf(page);
    expect(state).toBe('verified');
    expect(await band.innerText()).toContain('苏州衡真会计师事务所');
    expect(world.app.memory.find((await band.getAttribute('data-scan-id')) ?? '')?.outcome.source).toBe('wedge');
    await page.close();
  });

  test('nothing in any page broke the content security policy or threw', () => {
    expect(world.pageFaults).toEqual([]);
  });
});

/** Whether what is said of a copy lies beside the certificate, not over it. */
async function hidesNothing(page: Page): Promise<boolean> {
  const [note, sheet] = [await page.getByTestId('copy-state').boundingBox(), await page.locator('.desk').boundingBox()];
  return note !== null && sheet !== null && note.y + note.height <= sheet.y;
}

/** Pixels of a canvas that are not white. */
function countInk(canvas: SVGElement | HTMLElement): number {
  if (!(canvas instanceof HTMLCanvasElement)) return 0;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let ink = 0;
  for (let index = 0; index < pixels.length; index += 4) if ((pixels[index] ?? 255) < 200) ink += 1;
  return ink;
}
