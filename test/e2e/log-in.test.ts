import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { kdfFloor } from '../../domain/key-slot.ts';
import { createKeyFile } from '../../main/access/key-file.ts';
import { doSlotJob } from '../../main/access/slot-work.ts';
import { createMinting, type RunningProgram, startProgram } from '../fakes/running-platform.ts';
import { launchChromium } from './chromium.ts';
import { laySerialWire, type SerialWire } from './serial-wire.ts';
import { typeAsScanner } from './wedge-scanner.ts';

interface Facts {
  readonly address: string;
  readonly platform: string;
}

const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-log-in-'));
const passphrase = 'Apricot kettle 58';
let wire: SerialWire;
let browser: Browser;
let program: RunningProgram<Facts>;
let page: Page;
let mint: (round: number) => Promise<string>;
const faults: string[] = [];

beforeAll(async () => {
  [wire, browser] = await Promise.all([laySerialWire(scratch), launchChromium()]);
  await start();
});
afterAll(async () => {
  await browser.close();
  await program.stop();
  wire.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** The program as it is started at a window, and its page in a real browser. */
async function start(...how: readonly string[]): Promise<void> {
  program = await startProgram<Facts>('kiosk', ...(how.length === 0 ? ['--embedded', '--log-in', '--data', path.join(scratch, 'data')] : how), '--no-window', '--port', '0', '--serial', wire.port);
  if (how.length === 0) mint = await createMinting(program.facts.platform);
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
  page.on('pageerror', (error) => void faults.push(error.message));
  await page.goto(program.facts.address);
}

async function restart(...how: readonly string[]): Promise<void> {
  await page.close();
  await program.stop();
  await start(...how);
}

/** Types where the focus is, at a person's pace. */
async function typeAsPerson(text: string): Promise<void> {
  await page.keyboard.type(text, { delay: 45 });
}

/** Tries a passphrase that is not right, from the keyboard, and gives what the door says once it has answered. */
async function tryWrong(): Promise<string> {
  await typeAsPerson('not it');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('passphrase').inputValue()).toBe('');
  return page.getByTestId('access-problem').innerText();
}

/** What another page gets from the clipboard. */
async function pasted(): Promise<string> {
  const other = await browser.newPage();
  await other.setContent('<textarea autofocus></textarea>');
  await other.locator('textarea').focus();
  await other.keyboard.press('Control+v');
  const text = await other.locator('textarea').inputValue();
  await other.close();
  await page.bringToFront();
  return text;
}

async function focusedField(): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
}

test('a first set-up, log-in, lock and unlock, all from the keyboard; while locked a scan does nothing and says why', async () => {
  await page.locator('[data-testid="door"][data-state="set-up"]').waitFor();
  expect(await focusedField()).toBe('person-name-0');
  await typeAsPerson('周敏');
  await page.keyboard.press('Tab');
  await typeAsPerson('10387');
  await page.keyboard.press('Tab');
  await typeAsPerson(passphrase);
  // Past the eye that shows it, to the same once more.
  for (const _ of ['eye', 'again']) await page.keyboard.press('Tab');
  expect(await focusedField()).toBe('person-again-0');
  await typeAsPerson(passphrase);
  await page.keyboard.press('Enter');
  await page.getByTestId('waiting').waitFor();

  await page.keyboard.press('F9');
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  expect(await focusedField()).toBe('passphrase');
  expect(await tryWrong()).toBe('工号、口令或密钥不正确');
  expect(await focusedField()).toBe('passphrase');
  await typeAsPerson(passphrase);
  await page.keyboard.press('Enter');
  await page.getByTestId('waiting').waitFor();

  // The case opens when the platform has answered; a scan before that has none to belong to.
  await page.locator('[data-testid="case-strip"]:not([data-case=""])').waitFor();
  wire.send(`${await mint(0)}\r`);
  await page.locator('[data-testid="verdict"][data-state="verified"]').waitFor();
  const granted = (await page.getByTestId('verdict').innerText()).split('\n').find((line) => line.includes('公司')) ?? 'no company shown';
  expect(granted).toContain('公司');

  await page.evaluate(() => getSelection()?.selectAllChildren(document.querySelector('[data-testid="verdict"]') ?? document.body));
  await page.keyboard.press('Control+c');
  expect(await pasted()).toContain('公司');

  await page.keyboard.press('F9');
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await expect.poll(pasted).toBe('');
  expect(await page.content()).not.toContain(granted);
  wire.send(`${await mint(1)}\r`);
  await page.getByTestId('scan-refused').waitFor();
  expect(await page.getByTestId('scan-refused').innerText()).toBe('本机已锁定，扫码未处理。请先登录');
  expect(await page.getByTestId('verdict').count()).toBe(0);

  await typeAsPerson(passphrase);
  await page.keyboard.press('Enter');
  await page.getByTestId('waiting').waitFor();
  await page.getByTestId('nav-records').click();
  await expect.poll(() => page.getByTestId('record').count()).toBe(1);
});

const makeKeyFile = (pin: string): Promise<string> => createKeyFile({ slots: { do: (job) => doSlotJob(job) as never }, cost: kdfFloor, random: systemRandom }, pin);

test('a key file bound in the window is asked for at the door, until its owner lets go of it', async () => {
  const pin = 'Copper meadow 41';
  const file = path.join(scratch, 'own.key.json');
  writeFileSync(file, await makeKeyFile(pin));
  const fillIn = async (): Promise<void> => {
    await page.getByTestId('key-file').setInputFiles(file);
    await page.getByTestId('key-pin').focus();
    await typeAsPerson(pin);
  };
  const unlockByFile = async (): Promise<void> => {
    await page.getByTestId('key-kind').getByText('密钥文件').click();
    await fillIn();
    await page.getByTestId('passphrase').focus();
    await typeAsPerson(passphrase);
    await page.keyboard.press('Enter');
    await page.getByTestId('door').waitFor({ state: 'detached' });
  };
  await page.getByTestId('open-key').click();
  await page.getByTestId('bind-passphrase').focus();
  await typeAsPerson(passphrase);
  await fillIn();
  await page.getByTestId('bind-key-go').click();
  await page.getByTestId('key-dialog').waitFor({ state: 'detached' });

  await page.keyboard.press('F9');
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await typeAsPerson(passphrase);
  await page.keyboard.press('Enter');
  await page.getByTestId('access-problem').waitFor();
  await unlockByFile();

  // Its stick is pulled out, and put in again.
  const text = readFileSync(file);
  rmSync(file);
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor({ timeout: 10_000 });
  expect(await page.locator('[data-testid="door"]').innerText()).toContain('本人密钥已拔出，已锁定');
  writeFileSync(file, text);
  await unlockByFile();

  // A window that was reloaded asks for the file again, takes no other, and locks as before once it is pulled out.
  await page.reload();
  const again = page.getByTestId('key-file-again');
  await again.waitFor();
  expect(await again.innerText()).toMatch(/请再选一次，否则 \d+ 秒后锁定/);
  const other = path.join(scratch, 'other.key.json');
  writeFileSync(other, await makeKeyFile(pin));
  await page.getByTestId('key-file-again-pick').setInputFiles(other);
  await page.getByTestId('key-file-other').waitFor();
  await page.getByTestId('key-file-again-pick').setInputFiles(file);
  await again.waitFor({ state: 'detached' });
  rmSync(file);
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor({ timeout: 10_000 });
  writeFileSync(file, text);
  await unlockByFile();

  await page.getByTestId('open-key').click();
  await page.getByTestId('bind-passphrase').focus();
  await typeAsPerson(passphrase);
  await page.getByTestId('key-dialog').getByText('不使用').click();
  await page.getByTestId('bind-key-go').click();
  await page.getByTestId('key-dialog').waitFor({ state: 'detached' });
});

test('a keyboard scanner at the locked door writes nothing into the passphrase and costs no try', async () => {
  await page.keyboard.press('F9');
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await typeAsScanner(page, await mint(2));
  await page.getByTestId('scan-refused').waitFor();
  expect(await page.getByTestId('passphrase').inputValue()).toBe('');
  expect(await page.getByTestId('access-problem').count()).toBe(0);
});

test('after a restart: no second set-up, the earlier records, and a lock-out that lasts', async () => {
  await restart();
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  expect(await focusedField()).toBe('operator-id');
  await typeAsPerson('10387');
  await page.keyboard.press('Tab');
  await typeAsPerson(passphrase);
  await page.keyboard.press('Enter');
  await page.getByTestId('waiting').waitFor();
  await page.getByTestId('nav-records').click();
  await expect.poll(() => page.getByTestId('record').count()).toBe(1);

  await page.keyboard.press('F9');
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  for (let tries = 1; tries < 5; tries += 1) expect(await tryWrong()).toBe('工号、口令或密钥不正确');
  expect(await tryWrong()).toMatch(/^连续输错，\d{2}:\d{2}.* 之后再试$/);

  await restart();
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await typeAsPerson('10387');
  await page.keyboard.press('Tab');
  await typeAsPerson(passphrase);
  await page.keyboard.press('Enter');
  await page.getByTestId('access-problem').waitFor();
  expect(await page.getByTestId('access-problem').innerText()).toMatch(/^连续输错，\d{2}:\d{2}.* 之后再试$/);
  expect(faults).toEqual([]);
});

/** Three administrators, first with a fault in every column; then the recovery code, once. */
async function setUpThree(): Promise<void> {
  const fill = async (people: readonly (readonly [string, string, string, string?])[]): Promise<void> => {
    for (const [at, [name, id, passphrase, again = passphrase]] of people.entries())
      for (const [part, value] of Object.entries({ name, id, passphrase, again })) await page.getByTestId(`person-${part}-${at}`).fill(value);
    await page.getByTestId('set-up-go').click();
  };
  await fill([['韩立', '10001', '短'], ['韩 立', '10001', 'Password1234'], ['丁一鸣', 'code', '丁一鸣的口令Ab12#kqz']]);
  const said = page.locator('[data-testid="set-up"] .ant-form-item-explain-error');
  await expect.poll(() => said.allInnerTexts()).toEqual(['口令至少 12 个字符', '工号与前面一人相同', '口令过于常见，容易猜到', 'code 是恢复码专用，请用别的工号', '口令不得包含姓名或工号']);
  await fill([['韩立', '10001', 'Lantern-harbour-71'], ['陆瑶', '10002', 'Orchard-violet-88'], ['丁一鸣', '10003', 'Orchard-violet-88']]);
  await expect.poll(() => said.allInnerTexts()).toEqual(['口令不得与其他口令相同']);
  // Nobody is set up with a passphrase that they did not mean, and a slip is said where it stands.
  await fill([['韩立', '10001', 'Lantern-harbour-71', 'Lantern-harbour-17'], ['陆瑶', '10002', 'Orchard-violet-88'], ['丁一鸣', '10003', 'Granite-meadow-93', '']]);
  await expect.poll(() => said.allInnerTexts()).toEqual(['两次输入的口令不同，请重新输入', '必填']);
  await page.getByTestId('person-again-0').fill('Lantern-harbour-71');
  await page.getByTestId('person-again-2').fill('Granite-meadow-93');
  await page.getByTestId('set-up-go').click();
  expect(await page.getByTestId('recovery-code-text').innerText()).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
  await page.reload();
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  expect(await page.getByTestId('recovery-code').count()).toBe(0);
}

test('no start goes round the log-in: neither practice on these records nor a counter without --log-in', async () => {
  await restart('--embedded', '--data', path.join(scratch, 'data'));
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await restart('--data', path.join(scratch, 'real'));
  await page.locator('[data-testid="door"][data-state="set-up"]').waitFor();
  expect(await page.locator('[data-testid="set-up"] fieldset').count()).toBe(3);
  await setUpThree();
  // What served a real platform is no folder for practice.
  await restart('--embedded', '--data', path.join(scratch, 'real'));
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  await restart('--embedded', '--data', path.join(scratch, 'practice'));
  await page.getByTestId('practice').waitFor();
  expect(faults).toEqual([]);
});

test('one person alone puts no earlier records back where people log in', async () => {
  await page.close();
  await program.stop();
  const data = path.join(scratch, 'data');
  const made = await counter('store', 'backup', '--data', data, '--json');
  expect(made.code).toBe(0);
  const { name } = JSON.parse(made.out) as { name: string };
  const refused = await counter('store', 'restore', name, '--data', data, '--reason', 'to forget today');
  expect(refused.code).not.toBe(0);
  expect(refused.err).toMatch(/two administrators/i);
});

/** The program run to its end. */
function counter(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const cli = path.resolve(import.meta.dirname, '../../main/cli.ts');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...args], (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}
