// Takes the pictures of docs/pictures anew, from the built program with its sample companies: node scripts/pictures.mjs [FOLDER]
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { ensureBuild, node24, root, stop } from './toolbox.mjs';

const [folder = path.join(root, 'docs', 'pictures')] = process.argv.slice(2);
if (folder.startsWith('-')) {
  console.log('node scripts/pictures.mjs [FOLDER]   waiting, verified, refused, self-test, site-kinds (1366×768) and presenter (390×844) as PNG; docs/pictures unless said otherwise');
  process.exit(0);
}
const browserPath = [process.env.COUNTER_BROWSER, '/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'].find((candidate) => candidate !== undefined && existsSync(candidate));
if (browserPath === undefined) stop('No Chromium, Chrome or Edge found; COUNTER_BROWSER names one.');
const serviceCodeCharacters = 'COUNTER/T1/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/END1';
ensureBuild();
mkdirSync(folder, { recursive: true });
const data = mkdtempSync(path.join(tmpdir(), 'counter-pictures-'));
const host = spawn(node24(), [path.join(root, 'dist', 'main', 'cli.js'), 'kiosk', '--embedded', '--no-window', '--json', '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'] });
try {
  await takeAll(await readAddresses());
} finally {
  await browser.close();
  const ended = new Promise((resolve) => host.once('exit', resolve));
  host.kill();
  await ended;
  rmSync(data, { recursive: true, force: true });
}

async function takeAll({ address, platform }) {
  const phone = await openPage(`${platform}/?company=yunfan&role=agent`, { width: 390, height: 844 });
  const page = await openPage(address, { width: 1366, height: 768 });
  await page.locator('[data-testid="case-strip"]:not([data-case=""])').waitFor();
  await take(page, 'waiting');
  const minted = phone.waitForResponse((response) => response.url().endsWith('/presenter/codes'));
  await phone.getByTestId('present').click();
  const { code } = await (await minted).json();
  await phone.getByTestId('code-image').waitFor();
  await scan(page, code);
  await page.locator('[data-testid="verdict"][data-state="verified"]').waitFor();
  await page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').waitFor();
  await take(page, 'verified');
  await phone.getByTestId('code-state').waitFor();
  await take(phone, 'presenter');
  // The last character of the signature, changed: a forged code.
  await scan(page, `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`);
  await page.getByTestId('refusal').waitFor();
  await take(page, 'refused');
  await takeDevices(page);
}

/** The pictures of docs/scanners.md: a scanner that writes capitals as small letters, and a kind of the site's own. */
async function takeDevices(page) {
  await page.getByTestId('nav-devices').click();
  await page.getByTestId('part-selfTest').click();
  await page.getByTestId('self-test-toggle').click();
  await page.locator('[data-testid="self-test"][data-running="true"]').waitFor();
  // What the first symbol of the self-test says (domain/scanner-test.ts), in small letters.
  await scan(page, serviceCodeCharacters.toLowerCase());
  await page.locator('[data-testid="self-test-outcome"]').waitFor();
  await take(page, 'self-test');
  await page.getByTestId('self-test-toggle').click();
  await page.getByTestId('part-ownKinds').click();
  await page.getByLabel('名称').fill('市民卡');
  await page.getByLabel('开头是').fill('SMK');
  await page.getByTestId('kind-save').click();
  await page.getByTestId('kind-trial').fill('SMK0012');
  await page.getByTestId('kind-trial-said').getByText('市民卡').waitFor();
  await take(page, 'site-kinds');
}

async function openPage(url, viewport) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function take(page, name) {
  await page.waitForTimeout(600);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  console.log(`✓ ${name}`);
}

/** As a keyboard scanner types: all keys at once, Enter at the end. */
async function scan(page, text) {
  const session = await page.context().newCDPSession(page);
  const press = (key, code, shown) => [
    session.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, text: shown }),
    session.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code }),
  ];
  await Promise.all([...[...text].flatMap((key) => press(key, key === '/' ? 'Slash' : /[A-Z]/i.test(key) ? `Key${key.toUpperCase()}` : `Digit${key}`, key)), ...press('Enter', 'Enter', '\r')]);
}

/** The line in which the host says where it is. */
async function readAddresses() {
  for await (const line of createInterface({ input: host.stdout })) {
    const said = JSON.parse(line);
    if (said.address !== undefined) return said;
  }
  return stop('The counter did not start; what it printed above says why.');
}
