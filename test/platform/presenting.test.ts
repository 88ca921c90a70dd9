import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCzqx } from '../../domain/permissions.ts';
import type { CodeStatus, MintReply, PresenterCompany, View } from '../../platform/presenting/contract.ts';
import { enrolCounter, firstCompany, fullGrant, postJson, startPlatform, type TestCounter } from './test-counter.ts';

describe('the presenter interface', () => {
  let running: Awaited<ReturnType<typeof startPlatform>>;
  let counter: TestCounter;
  beforeAll(async () => {
    running = await startPlatform();
    counter = await enrolCounter(running.platform);
  });
  afterAll(() => running.remove());

  const get = async <T>(path: string) => (await (await fetch(`${running.platform.url}${path}`)).json()) as T;
  const post = (body: unknown, headers: Record<string, string> = {}) => postJson(`${running.platform.url}/presenter/codes`, body, headers);
  const mint = async (changes = {}) => (await (await post(fullGrant(changes))).json()) as MintReply;
  const status = async (id: string) => (await get<CodeStatus>(`/presenter/codes/${id}/status`)).state;

  test('lists companies without what only a verified code gives', async () => {
    const { companies } = await get<{ companies: PresenterCompany[] }>('/presenter/companies');
    expect(companies.length).toBeGreaterThanOrEqual(12);
    expect(new Set(companies.map(({ subjectKind }) => subjectKind)).size).toBeGreaterThanOrEqual(6);
    expect(companies.every(({ certificates }) => certificates.length >= 2 && certificates.length <= 5)).toBe(true);
    expect(JSON.stringify(companies)).not.toContain(firstCompany().phone);
  });

  test('mints a code of five minutes with its picture', async () => {
    const reply = await mint();
    expect(Date.parse(reply.expiresAt) - Date.parse(reply.mintedAt)).toBe(5 * 60_000);
    expect(reply.code).toMatch(/^[0-9A-Z]{237}$/);
    expect(reply.qrSvg).toMatch(/^<svg [^>]*viewBox="0 0 69 69"/);
    expect(reply.hanXinSvg).toMatch(/^<svg [^>]*viewBox="0 0 (\d+) \1"/);
    expect((await counter.query(reply.code)).verdict).toBe('valid');
  });

  test.each([
    [{ retain: false, download: false, transfer: false }, 1],
    [{ retain: true, download: false, transfer: false }, 3],
    [{ retain: true, download: true, transfer: true }, 15],
  ])('permissions %o become czqx %i', async (permissions, czqx) => {
    const reply = await counter.query((await mint({ permissions })).code);
    expect(parseCzqx(reply.authRecord?.czqx)?.raw).toBe(czqx);
  });

  test('refuses what the company does not have, a consent to nothing, and half a request', async () => {
    const refused = async (body: unknown) => {
      const response = await post(body);
      return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
    };
    expect(await refused(fullGrant({ companyId: 'nobody' }))).toEqual([400, 'unknown-company']);
    expect(await refused(fullGrant({ certificateTypes: ['00000000000000000X999'] }))).toEqual([400, 'not-held']);
    expect(await refused(fullGrant({ informationGroups: ['1.2.3'] }))).toEqual([400, 'not-held']);
    expect(await refused(fullGrant({ certificateTypes: [], informationGroups: [] }))).toEqual([400, 'nothing-granted']);
    expect(await refused({ companyId: firstCompany().id })).toEqual([400, 'malformed']);
  });

  test('a page of another origin mints and confirms nothing', async () => {
    expect((await post(fullGrant(), { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post(fullGrant(), { origin: running.platform.url })).status).toBe(200);
    const { id } = await mint({ secondAuthentication: true });
    const confirm = (origin: string) => fetch(`${running.platform.url}/presenter/codes/${id}/confirm`, { method: 'POST', headers: { origin } });
    expect((await confirm('http://evil.example')).status).toBe(403);
    expect((await confirm(running.platform.url)).status).toBe(200);
  });

  test('says how a code stands', async () => {
    const several = await mint();
    expect(await status(several.id)).toBe('shown');
    await counter.query(several.code);
    expect(await status(several.id)).toBe('verified');
    const once = await mint({ oneTime: true });
    await counter.query(once.code);
    expect(await status(once.id)).toBe('used');
    const asked = await mint({ secondAuthentication: true });
    expect(await status(asked.id)).toBe('shown');
    await counter.query(asked.code);
    expect(await status(asked.id)).toBe('awaiting-confirmation');
    await fetch(`${running.platform.url}/presenter/codes/${asked.id}/confirm`, { method: 'POST' });
    await counter.query(asked.code);
    expect(await status(asked.id)).toBe('verified');
    running.clock.advance(5 * 60_000);
    expect(await status(several.id)).toBe('expired');
    expect((await fetch(`${running.platform.url}/presenter/codes/nothing/status`)).status).toBe(404);
  });

  test('shows a company who looked in the last seven days, newest first', async () => {
    const company = await get<{ views: View[] }>(`/presenter/companies/${firstCompany().id}/views`);
    expect(company.views.length).toBeGreaterThan(3);
    const times = company.views.map(({ viewedAt }) => viewedAt);
    expect(times).toEqual([...times].toSorted().toReversed());
    running.clock.advance(8 * 24 * 3600_000);
    expect((await get<{ views: View[] }>(`/presenter/companies/${firstCompany().id}/views`)).views).toEqual([]);
  });

  test('every answer forbids foreign scripts and framing', async () => {
    const { headers } = await fetch(`${running.platform.url}/presenter/companies`);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('the presenter page', () => {
  test('is served from its folder, under the policy, and nothing beside it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'presenter-'));
    mkdirSync(path.join(folder, 'page', 'assets'), { recursive: true });
    writeFileSync(path.join(folder, 'page', 'index.html'), '<!doctype html><title>亮码</title>');
    writeFileSync(path.join(folder, 'page', 'assets', 'page.js'), 'export {};');
    writeFileSync(path.join(folder, 'secret.txt'), 'secret');
    const running = await startPlatform({ presenterDir: path.join(folder, 'page') });
    const page = await fetch(`${running.platform.url}/`);
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([200, 'text/html; charset=utf-8', expect.stringContaining('亮码')]);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect((await fetch(`${running.platform.url}/assets/page.js`)).headers.get('content-type')).toMatch(/javascript/);
    for (const beside of ['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/secret.txt', '/keys.json'])
      expect((await fetch(`${running.platform.url}${beside}`)).status).toBe(404);
    await running.remove();
    rmSync(folder, { recursive: true });
  });
});
