import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf } from '../main/running-counter.ts';
import { startWorld, type World } from './world.ts';

const samples = path.resolve(import.meta.dirname, '../../../shared/data/documents');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(samples, name)));
const root = path.join(samples, 'ca-root.der');

const administrator = { id: '10001', name: '韩立', role: 'administrator', passphrase: 'Lantern-harbour-71' } as const;
const security = { id: '10002', name: '陆瑶', role: 'security', passphrase: 'Orchard-violet-88' } as const;
const auditor = { id: '10003', name: '丁一鸣', role: 'auditor', passphrase: 'Granite-meadow-93' } as const;
const clerk = { id: '10387', name: '周敏', role: 'operator', passphrase: 'Apricot kettle 58' } as const;

/** Whoever logs in at the door that stands open or locked, by number and passphrase. */
async function logIn(page: Page, person: { readonly id: string; readonly passphrase: string }): Promise<void> {
  await page.getByTestId('operator-id').fill(person.id);
  await page.getByTestId('passphrase').fill(person.passphrase);
  await page.getByTestId('log-in-go').click();
  await page.getByTestId('door').waitFor({ state: 'detached' });
}

async function lock(page: Page): Promise<void> {
  await page.keyboard.press('F9');
  await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
}

describe.skipIf(!existsSync(root))('whom the counter trusts for seals', () => {
  let world: World;
  let page: Page;
  beforeAll(async () => {
    // The platform's certificates bear a seal whose maker stands under an authority that no counter knows from the start.
    const [ofd, pdf] = [read('syn-cert-sesv4-valid.ofd'), read('syn-sm2-seal.pdf')];
    world = await startWorld({ hasLogIn: true, draw: (_, certificate) => Promise.resolve(certificate.format === 'OFD' ? ofd : pdf) });
    const { access } = world.app;
    expect((await access.setUp([administrator, security, auditor])).ok).toBe(true);
    expect((await access.logIn({ operatorId: security.id, passphrase: security.passphrase })).ok).toBe(true);
    const first = 'Willow-lantern-24';
    expect((await access.add({ ...clerk, passphrase: first })).ok).toBe(true);
    await access.lock('asked');
    expect((await access.logIn({ operatorId: clerk.id, passphrase: first })).ok).toBe(true);
    expect((await access.changePassphrase({ oldPassphrase: first, newPassphrase: clerk.passphrase })).ok).toBe(true);
    await access.lock('asked');
    page = await world.openPage(world.host.address);
    page.setDefaultTimeout(20_000);
    await page.locator('[data-testid="door"][data-state="locked"]').waitFor();
  });
  afterAll(() => world.close());

  /** Scans a code and opens the certificate that is an OFD; its chip. */
  async function openSealed(): Promise<Locator> {
    await page.locator('[data-testid="case-strip"]:not([data-case=""])').waitFor();
    world.wire.send(`${await world.mint()}\r`);
    await page.locator('[data-testid="verdict"][data-state="verified"]').waitFor();
    await page.getByTestId('nav-certificates').click();
    await page.getByTestId('certificate').filter({ hasText: '开户许可证' }).click();
    await page.locator('[data-testid="viewer"][data-format="OFD"] [data-testid="sheet-canvas"][data-drawn="true"]').waitFor();
    return page.getByTestId('signature-chip');
  }

  async function noted(type: string): Promise<unknown[]> {
    const lines = await world.app.store.search({ type, limit: 9 });
    return lines.ok ? lines.value.map(({ line }) => JSON.parse(line) as unknown) : [];
  }

  test('a clerk sees an untrusted seal and the list, and may change nothing', async () => {
    await logIn(page, clerk);
    const chip = await openSealed();
    expect(await chip.getAttribute('data-state')).toBe('untrusted');
    await chip.click();
    const card = page.getByTestId('signature');
    expect(await card.getAttribute('data-state')).toBe('untrusted');
    expect(await card.innerText()).toContain('签发机构未受本机信任');
    await page.keyboard.press('Escape');
    await page.getByTestId('nav-settings').click();
    const list = page.getByTestId('trust');
    await list.getByText('管理员可增减').waitFor();
    expect(await list.locator('input[type="file"]').count()).toBe(0);
    expect(await list.getByText('移除').count()).toBe(0);
    // Whoever goes round the window is refused by the host.
    const call = clientOf(world.app).trust.add({ certificateBase64: Buffer.from(read('ca-root.der')).toString('base64') });
    await expect(call).rejects.toMatchObject({ data: { code: 'access/not-your-role' } });
    expect(await world.app.trust.list()).toEqual([]);
    await lock(page);
  });

  test('what is no certificate is refused in words, and what is one is taken in by the administrator', async () => {
    await logIn(page, administrator);
    await page.getByTestId('nav-settings').click();
    const list = page.getByTestId('trust');
    const file = list.locator('input[type="file"]');
    await file.setInputFiles({ name: 'root.cer', mimeType: 'application/pkix-cert', buffer: Buffer.from('no certificate') });
    await list.locator('.note-refused').waitFor();
    await file.setInputFiles(root);
    await list.locator('.trust-list li').filter({ hasText: '签发机构' }).waitFor();
    expect(await list.locator('.note-refused').count()).toBe(0);
    await lock(page);
  });

  test('then the same seal is valid, in the chip, in the panel and in the list', async () => {
    await logIn(page, clerk);
    const chip = await openSealed();
    await expect.poll(() => chip.getAttribute('data-state')).toBe('valid');
    expect(await chip.innerText()).toBe('签章有效');
    await chip.click();
    const card = page.getByTestId('signature');
    expect(await card.getAttribute('data-state')).toBe('valid');
    expect(await card.locator('img').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await noted('trust.added')).toMatchObject([{ actor: administrator.id, result: 'imported' }]);
    expect(await noted('permission.refused')).toMatchObject([{ actor: clerk.id, ref: 'trust.add' }]);
    expect(world.pageFaults).toEqual([]);
  });
});
