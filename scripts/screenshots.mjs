// Takes pictures of every screen of the built window, on a fake backend: node scripts/screenshots.mjs FOLDER [NAME…]
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { scannerTestText } from '../domain/scanner-test.ts';
import { createCounterBackend } from '../test/fakes/counter-backend.ts';
import { drawSampleLicence } from '../test/fakes/sample-licence.ts';
import { serveWindow } from '../test/fakes/window-server.ts';

const [folder = 'dist/screenshots', ...wanted] = process.argv.slice(2);
const window = path.join(import.meta.dirname, '..', 'dist', 'window');
const browserPath = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'].find((candidate) => existsSync(candidate));
if (!existsSync(path.join(window, 'index.html'))) throw new Error('Build the window first: npm run build');
if (browserPath === undefined) throw new Error('No Chromium, Chrome or Edge found');
mkdirSync(folder, { recursive: true });

const sizes = { hall: { width: 1366, height: 768 }, wide: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 }, zoom: { width: 683, height: 384 } };
const ready = (page) => page.getByTestId('chip-platform').or(page.locator('.operator')).or(page.getByTestId('door')).first().waitFor();
const opened = (page) => page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').waitFor();
const refusals = ['provisional', 'expired', 'used', 'signature', 'digest', 'malformed', 'payment', 'static', 'platform-unknown', 'grantee', 'nothing-granted', 'second-authentication', 'data-missing', 'platform-down', 'refused', 'clock'];
const scan = async (page, backend, name) => {
  await backend.scan(name);
  await page.getByTestId('verdict').waitFor();
};
const verified = async (page, backend, name = 'verified') => {
  await scan(page, backend, name);
  await opened(page);
};
const go = (screen, testId) => async (page) => {
  await page.getByTestId(`nav-${screen}`).click();
  await page.getByTestId(testId).first().waitFor();
  await page.waitForTimeout(300);
};

const part = (name) => async (page) => {
  await go('devices', 'devices')(page);
  await page.getByTestId(`part-${name}`).click();
};
const testWith = async (page, backend, spoil = (text) => text) => {
  await part('selfTest')(page);
  await page.getByTestId('self-test-toggle').click();
  await page.waitForTimeout(300);
  const id = await page.locator('.test-choice[aria-pressed="true"]').getAttribute('data-testid');
  backend.devices.selfTestScan(spoil(scannerTestText(id.slice('test-'.length))));
  await page.getByTestId('self-test-outcome').waitFor();
};

const officers = { administrator: { id: '10001', name: '韩立', role: 'administrator' }, security: { id: '10002', name: '陆瑶', role: 'security' }, auditor: { id: '10003', name: '丁一鸣', role: 'auditor' } };
const clerk = { id: '10387', name: '周敏', role: 'operator' };
const as = (operator) => ({ access: { state: 'open', isTrial: false, operator, hasUsbKeys: true } });
const atDoor = (part) => ({ access: { state: 'locked', lockedBy: 'asked', isTrial: false, lastOperatorId: '10387', hasUsbKeys: true, ...part } });
const typeTwo = async (page, second = '10003') => {
  for (const [index, id] of ['10002', second].entries()) {
    await page.getByTestId(`two-id-${index}`).fill(id);
    await page.getByTestId(`two-passphrase-${index}`).fill(index === 0 ? 'Correct-horse-7' : 'not it');
  }
};
const refuseTwo = async (page, second) => {
  await typeTwo(page, second);
  await page.getByTestId('two-people-go').click();
  await page.getByTestId('access-problem').waitFor();
};
const wrongClock = { clock: { state: 'wrong', offsetMs: -7_230_000, uncertaintyMs: 200, checkedAt: null } };
const openOwnKey = async (page, kind) => {
  await page.getByTestId('open-key').click();
  await page.getByTestId('key-dialog').locator(`input[value="${kind}"]`).check();
};
const shorten = async (page) => {
  await go('settings', 'retention')(page);
  await page.getByTestId('retention-profile').locator('.ant-segmented-item').nth(2).click();
  await page.getByTestId('retention-choose').click();
  await page.getByTestId('retention-shorten-dialog').waitFor();
};
const mended = { damage: 'unreadable', backupAt: Date.parse('2026-11-20T22:00:00+08:00'), lostFrom: 20_391, lostTo: 20_417 };

/** Ten in the morning at the window, so that the pictures look like a working day. */
const morning = Date.parse('2026-11-21T10:28:28+08:00');

const pictures = [
  ...['hall', 'wide', 'phone', 'zoom'].flatMap((size) => [
    { name: `${size}-waiting`, size },
    { name: `${size}-verified`, size, act: (page, backend) => verified(page, backend) },
    { name: `${size}-expired`, size, act: (page, backend) => scan(page, backend, 'expired') },
    { name: `${size}-records`, size, act: go('records', 'record') },
    { name: `${size}-audit`, size, act: go('audit', 'audit-row') },
    { name: `${size}-devices`, size, act: go('devices', 'devices') },
    { name: `${size}-settings`, size, act: go('settings', 'settings') },
    { name: `${size}-matters`, size, act: async (page) => page.keyboard.press('F2') },
  ]),
  ...refusals.filter((name) => name !== 'expired').map((name) => ({ name: `refusal-${name}`, size: 'hall', act: (page, backend) => scan(page, backend, name) })),
  { name: 'no-case', size: 'hall', options: { withCase: false, history: false } },
  { name: 'reading', size: 'hall', act: async (page, backend) => { void backend.scan('verified', 4000); await page.getByTestId('reading').waitFor(); } },
  { name: 'unreadable', size: 'hall', act: async (page, backend) => { backend.refuse('scan/too-long'); await page.getByTestId('unreadable').waitFor(); } },
  { name: 'repeat', size: 'hall', act: async (page, backend) => { await verified(page, backend); backend.repeat(); await page.getByTestId('repeat').waitFor(); } },
  { name: 'verified-download', size: 'hall', act: (page, backend) => verified(page, backend, 'verified-download') },
  { name: 'tab-information', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('tab-information').click(); } },
  { name: 'tab-consent', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('tab-consent').click(); } },
  { name: 'tab-notice', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('tab-notice').click(); } },
  { name: 'certificate-ofd', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('certificate').nth(2).click(); await page.locator('[data-testid="sheet-canvas"][data-drawn="true"]').waitFor(); } },
  { name: 'certificate-failed', size: 'hall', act: async (page, backend) => { backend.failNext('file/wrong-hash'); await scan(page, backend, 'verified'); await page.getByTestId('certificate-failed').waitFor(); } },
  { name: 'certificates-screen', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.keyboard.press('F3'); await opened(page); } },
  { name: 'certificates-empty', size: 'hall', act: go('certificates', 'certificates-empty') },
  { name: 'help', size: 'hall', act: async (page) => { await page.keyboard.press('F1'); await page.getByTestId('help').waitFor(); } },
  { name: 'matters-chosen', size: 'hall', act: async (page) => { await page.keyboard.press('F2'); await page.getByTestId('matter-recent-2').click(); } },
  { name: 'notice', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.keyboard.press('F8'); await page.getByTestId('notice').waitFor(); } },
  { name: 'confirm-next', size: 'hall', act: async (page, backend) => { await verified(page, backend); await page.keyboard.press('F4'); await page.getByTestId('confirm-next').waitFor(); } },
  { name: 'camera', size: 'hall', act: async (page) => { await page.getByTestId('open-camera').click(); await page.getByTestId('viewfinder').waitFor(); await page.waitForTimeout(1500); } },
  { name: 'image', size: 'hall', act: async (page) => { await page.getByTestId('open-image').click(); await page.getByTestId('image').waitFor(); } },
  ...['hall', 'wide'].flatMap((size) => ['zh-CN', 'en'].flatMap((language) => [
    { name: `${size}-${language}-devices`, size, preferences: { language }, act: go('devices', 'device-detail') },
    { name: `${size}-${language}-devices-lost`, size, preferences: { language }, act: async (page, backend) => { await go('devices', 'device-detail')(page); backend.devices.change('serial:/dev/ttyUSB0', { state: 'lost', problem: 'device/port-missing', present: false }); await page.waitForTimeout(300); } },
    { name: `${size}-${language}-devices-busy`, size, preferences: { language }, act: async (page, backend) => { await go('devices', 'device-detail')(page); backend.devices.change('serial:/dev/ttyUSB0', { state: 'busy', problem: 'device/port-busy' }); await page.waitForTimeout(300); } },
    { name: `${size}-${language}-devices-unused`, size, preferences: { language }, act: async (page) => { await go('devices', 'device-detail')(page); await page.getByTestId('device').last().click(); } },
    { name: `${size}-${language}-devices-hid`, size, preferences: { language }, act: async (page) => { await go('devices', 'device-detail')(page); await page.getByTestId('device').nth(1).click(); } },
    { name: `${size}-${language}-devices-camera`, size, preferences: { language }, act: async (page) => { await go('devices', 'device-detail')(page); await page.getByTestId('device').nth(3).click(); await page.getByTestId('camera-preview-toggle').click(); await page.waitForTimeout(1500); } },
    { name: `${size}-${language}-self-test`, size, preferences: { language }, act: async (page) => { await part('selfTest')(page); } },
    { name: `${size}-${language}-self-test-waiting`, size, preferences: { language }, act: async (page) => { await part('selfTest')(page); await page.getByTestId('self-test-toggle').click(); await page.waitForTimeout(300); } },
    { name: `${size}-${language}-self-test-good`, size, preferences: { language }, act: async (page, backend) => { await testWith(page, backend); } },
    { name: `${size}-${language}-self-test-altered`, size, preferences: { language }, act: async (page, backend) => { await part('selfTest')(page); await page.getByTestId('test-all-characters').click(); await testWith(page, backend, (text) => `]Q1${text.replaceAll(';', 'ö').replaceAll('y', 'z').replaceAll('-', 'ß')}`); } },
    { name: `${size}-${language}-start-check`, size, preferences: { language }, act: async (page) => { await part('startCheck')(page); await page.getByTestId('start-scanner').waitFor(); } },
    { name: `${size}-${language}-start-check-bad`, size, preferences: { language }, act: async (page, backend) => { backend.changeStatus({ platform: { name: '上海市企业服务码平台', state: 'offline', sinceAt: morning - 65_000, roundTripMs: null }, pendingSync: 3, scanners: [{ id: 's1', name: 'NLS-FM430', state: 'busy' }], clock: { state: 'wrong', offsetMs: 93_000, uncertaintyMs: 200, checkedAt: morning - 65_000 }, keys: { validUntilAt: null }, catalogue: { fetchedAt: morning - 90_000_000, entries: 186, scenarios: 42 } }); await part('startCheck')(page); await page.getByTestId('start-scanner').waitFor(); } },
  ])),
  ...['light', 'contrast', 'dark'].flatMap((theme) => ['zh-CN', 'en'].flatMap((language) => [
    { name: 'door-locked', options: atDoor({}) },
    { name: 'door-wrong', options: atDoor({}), act: async (page) => { await page.getByTestId('passphrase').fill('x'); await page.keyboard.press('Enter'); await page.getByTestId('access-problem').waitFor(); } },
    { name: 'door-usb', options: atDoor({ lockedBy: 'start', lastOperatorId: null }), act: async (page) => { await page.locator('input[value="usb"]').check(); } },
    { name: 'door-file', options: atDoor({ lockedBy: 'idle' }), act: async (page) => { await page.locator('input[value="file"]').check(); } },
    { name: 'door-due', options: { access: { state: 'passphrase-due', isTrial: false } } },
    { name: 'door-set-up', options: { access: { state: 'set-up', isTrial: false, hasRecords: true } } },
    { name: 'door-practice', options: { access: { state: 'set-up', isTrial: true } } },
    { name: 'own-key-usb', options: as(clerk), act: (page) => openOwnKey(page, 'usb') },
    { name: 'own-key-file', options: as(clerk), act: (page) => openOwnKey(page, 'file') },
    { name: 'people', options: as(officers.security), act: go('people', 'add-person') },
    { name: 'reset-administrator', options: as(officers.security), act: async (page) => { await go('people', 'add-person')(page); await page.getByTestId('reset-10001').click(); await page.getByTestId('reset-passphrase').fill('Harbour-lantern-17'); await refuseTwo(page); } },
    { name: 'settings-administrator', options: as(officers.administrator), act: go('settings', 'key-settings') },
    { name: 'settings-security', options: as(officers.security), act: go('settings', 'retention') },
    { name: 'settings-keys', options: as(officers.administrator), act: async (page) => { await go('settings', 'key-settings')(page); await page.getByTestId('device-key-move').click(); await page.getByTestId('key-settings').scrollIntoViewIfNeeded(); } },
    { name: 'clock-override', options: as(officers.administrator), act: async (page, backend) => { backend.changeStatus(wrongClock); await go('settings', 'clock-settings')(page); await page.getByTestId('clock-override').click(); await page.getByTestId('two-people-go').click(); await page.waitForTimeout(300); } },
    { name: 'clock-override-same', options: as(officers.administrator), act: async (page, backend) => { backend.changeStatus(wrongClock); await go('settings', 'clock-settings')(page); await page.getByTestId('clock-override').click(); await page.getByTestId('clock-reason').fill('电池'); await refuseTwo(page, '10002'); } },
    { name: 'retention-shorten', options: as(officers.security), act: async (page) => { await shorten(page); await refuseTwo(page); } },
    { name: 'mended-clerk', options: { ...as(clerk), mended: { at: morning - 8_000_000, ...mended } } },
    { name: 'mended-administrator', options: { ...as(officers.administrator), mended: { at: morning - 8_000_000, ...mended } }, act: go('settings', 'settings') },
  ].map((picture) => ({ ...picture, name: `access-${theme}-${language}-${picture.name}`, size: 'hall', preferences: { theme, language } })))),
  { name: 'chain-verified', size: 'hall', act: async (page) => { await go('audit', 'audit-row')(page); await page.getByTestId('verify-chain').click(); await page.getByTestId('chain-result').waitFor(); } },
  { name: 'offline', size: 'hall', act: async (page, backend) => { backend.changeStatus({ platform: { name: '上海市企业服务码平台', state: 'offline', sinceAt: morning - 65_000, roundTripMs: null }, pendingSync: 3, scanners: [{ id: 's1', name: 'NLS-FM430', state: 'lost' }] }); await page.getByTestId('chip-platform').click(); } },
  { name: 'lost', size: 'hall', act: async (page, _backend, server) => { await server.close(); await page.getByTestId('message').waitFor(); } },
  { name: 'empty-records', size: 'hall', options: { history: false }, act: go('records', 'records') },
  ...['dark', 'contrast'].flatMap((theme) => [
    { name: `${theme}-waiting`, size: 'hall', preferences: { theme } },
    { name: `${theme}-verified`, size: 'hall', preferences: { theme }, act: (page, backend) => verified(page, backend) },
    { name: `${theme}-expired`, size: 'hall', preferences: { theme }, act: (page, backend) => scan(page, backend, 'expired') },
    { name: `${theme}-audit`, size: 'hall', preferences: { theme }, act: go('audit', 'audit-row') },
  ]),
  ...['light', 'dark', 'contrast'].flatMap((theme) => ['zh-CN', 'en'].flatMap((language) => [
    { name: 'waiting' },
    { name: 'verified', act: (page, backend) => verified(page, backend) },
    { name: 'copy', act: async (page, backend) => { await verified(page, backend, 'verified-download'); await page.getByTestId('copy-save').click(); await page.getByTestId('copy-state').waitFor(); } },
    { name: 'copy-refused', act: async (page, backend) => { await verified(page, backend, 'verified-download'); backend.failNext('verdict/withdrawn'); await page.getByTestId('copy-save').click(); await page.getByTestId('copy-state').waitFor(); } },
    { name: 'provisional', act: (page, backend) => scan(page, backend, 'provisional') },
    { name: 'expired', act: (page, backend) => scan(page, backend, 'expired') },
    { name: 'platform-down', act: (page, backend) => scan(page, backend, 'platform-down') },
    { name: 'information', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('tab-information').click(); } },
    { name: 'consent', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('tab-consent').click(); } },
    { name: 'told', act: async (page, backend) => { await verified(page, backend); await page.getByTestId('tab-notice').click(); } },
    { name: 'certificates', act: async (page, backend) => { await verified(page, backend); await page.keyboard.press('F3'); await opened(page); } },
    { name: 'certificate-failed', act: async (page, backend) => { backend.failNext('verdict/withdrawn'); await scan(page, backend, 'verified'); await page.getByTestId('certificate-failed').waitFor(); } },
    { name: 'records', act: go('records', 'record') },
    { name: 'audit', options: as(officers.auditor), act: go('audit', 'audit-row') },
    { name: 'audit-checked', options: as(officers.auditor), act: async (page) => { await go('audit', 'audit-row')(page); await page.getByTestId('verify-chain').click(); await page.getByTestId('chain-result').waitFor(); } },
    { name: 'audit-entry', options: as(officers.auditor), act: async (page) => { await go('audit', 'audit-row')(page); await page.getByTestId('open-entry').first().click(); await page.getByTestId('entry-section').first().waitFor(); } },
    { name: 'devices', act: go('devices', 'device-detail') },
    { name: 'self-test', act: part('selfTest') },
    { name: 'start-check', act: async (page) => { await part('startCheck')(page); await page.getByTestId('start-scanner').waitFor(); } },
    { name: 'own-kinds', act: part('ownKinds') },
    { name: 'settings', act: go('settings', 'settings') },
    { name: 'help', act: async (page) => { await page.keyboard.press('F1'); await page.getByTestId('help').waitFor(); } },
    { name: 'matters', act: async (page) => { await page.keyboard.press('F2'); await page.getByTestId('matters').waitFor(); } },
    { name: 'notice', act: async (page, backend) => { await verified(page, backend); await page.keyboard.press('F8'); await page.getByTestId('notice').waitFor(); } },
    { name: 'confirm-next', act: async (page, backend) => { await verified(page, backend); await page.keyboard.press('F4'); await page.getByTestId('confirm-next').waitFor(); } },
    { name: 'image', act: async (page) => { await page.getByTestId('open-image').click(); await page.getByTestId('image').waitFor(); } },
    { name: 'chips', act: async (page, backend) => { backend.changeStatus({ platform: { name: '上海市企业服务码平台', state: 'offline', sinceAt: morning - 65_000, roundTripMs: null }, pendingSync: 3, offline: { waiting: 3, failure: 'remote/refused', setApart: 2, refused: 1, lastSyncAt: null } }); await page.getByTestId('chip-platform').click(); } },
  ].map((picture) => ({ ...picture, name: `walk-${theme}-${language}-${picture.name}`, size: 'hall', preferences: { theme, language } })))),
  { name: 'en-waiting', size: 'hall', preferences: { language: 'en' } },
  { name: 'en-verified', size: 'hall', preferences: { language: 'en' }, act: (page, backend) => verified(page, backend) },
  { name: 'en-expired', size: 'hall', preferences: { language: 'en' }, act: (page, backend) => scan(page, backend, 'expired') },
  { name: 'en-settings', size: 'hall', preferences: { language: 'en' }, act: go('settings', 'settings') },
];

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const certificatePdf = await drawSampleLicence(browser);
let problems = 0;
for (const picture of pictures) {
  if (wanted.length > 0 && !wanted.some((part) => picture.name.includes(part))) continue;
  const shift = morning - Date.now();
  const now = () => Date.now() + shift;
  const backend = createCounterBackend({ now, certificatePdf, ...picture.options });
  const server = await serveWindow(window, backend);
  const context = await browser.newContext({ viewport: sizes[picture.size], deviceScaleFactor: picture.size === 'zoom' ? 2 : 1, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  await page.clock.install({ time: now() });
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    problems += 1;
    console.log(`  ${picture.name}: ${message.text().slice(0, 300)}`);
  });
  page.on('pageerror', (error) => {
    problems += 1;
    console.log(`  ${picture.name}: ${error.message}`);
  });
  try {
    if (picture.preferences !== undefined)
      await context.addInitScript((value) => localStorage.setItem('counter-preferences', value), JSON.stringify({ sound: true, ...picture.preferences }));
    await page.goto(server.url);
    await ready(page);
    await page.waitForTimeout(250);
    await picture.act?.(page, backend, server);
    await page.waitForTimeout(350);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (wide) console.log(`  ${picture.name}: scrolls sideways`);
    await page.screenshot({ path: path.join(folder, `${picture.name}.png`) });
    console.log(picture.name);
  } catch (error) {
    problems += 1;
    console.log(`  ${picture.name}: ${String(error).slice(0, 400)}`);
    await page.screenshot({ path: path.join(folder, `${picture.name}.png`) }).catch(() => undefined);
  }
  await context.close();
  await server.close().catch(() => undefined);
}
await browser.close();
process.exitCode = problems === 0 ? 0 : 1;
