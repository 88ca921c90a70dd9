import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCzqx } from '../../domain/permissions.ts';
import { FileReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { printChinaTime } from '../../domain/time.ts';
import type { CodeStatus, GrantLine, MintReply, PresenterCompany, View } from '../../platform/presenting/contract.ts';
import { firstCompany, fullGrant, logIn, purpose, queryOf, startPlatform } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

describe('the presenter interface', () => {
  const { counter, running } = usePlatform();

  let legal: Awaited<ReturnType<typeof logIn>>;
  beforeAll(async () => {
    legal = await logIn(running.platform.url);
  });
  const get = async <T>(path: string) => (await (await fetch(`${running.platform.url}${path}`)).json()) as T;
  const ask = async <T>(path: string, holder = legal) => (await (await holder.get(path)).json()) as T;
  const post = (body: unknown, headers: Record<string, string> = {}) => legal.post('codes', body, headers);
  const mint = async (changes = {}) => (await (await post(fullGrant(changes))).json()) as MintReply;
  const status = async (id: string) => (await ask<CodeStatus>(`codes/${id}/status`)).state;

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
    expect(await refused(fullGrant({ companyId: 'suling' }))).toEqual([403, 'other-company']);
    expect(await refused(fullGrant({ certificateTypes: ['00000000000000000X999'] }))).toEqual([400, 'not-held']);
    expect(await refused(fullGrant({ informationGroups: ['1.2.3'] }))).toEqual([400, 'not-held']);
    expect(await refused(fullGrant({ certificateTypes: [], informationGroups: [] }))).toEqual([400, 'nothing-granted']);
    expect(await refused({ companyId: firstCompany().id })).toEqual([400, 'malformed']);
  });

  test('a page of another origin mints and confirms nothing', async () => {
    expect((await post(fullGrant(), { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post(fullGrant(), { origin: running.platform.url })).status).toBe(200);
    const { id } = await mint({ secondAuthentication: true });
    const confirm = (origin: string) => legal.post(`codes/${id}/confirm`, {}, { origin });
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
    await legal.post(`codes/${asked.id}/confirm`);
    await counter.query(asked.code);
    expect(await status(asked.id)).toBe('verified');
    running.clock.advance(5 * 60_000);
    expect(await status(several.id)).toBe('expired');
    expect((await legal.get('codes/nothing/status')).status).toBe(404);
  });

  test('shows a company who looked in the last seven days, newest first', async () => {
    const company = await ask<{ views: View[] }>('views');
    expect(company.views.length).toBeGreaterThan(3);
    const times = company.views.map(({ viewedAt }) => viewedAt);
    expect(times).toEqual([...times].toSorted().toReversed());
    running.clock.advance(8 * 24 * 3600_000);
    legal = await logIn(running.platform.url);
    expect((await ask<{ views: View[] }>('views')).views).toEqual([]);
    expect((await ask<{ grants: GrantLine[] }>('grants')).grants).toEqual([]);
  });

  test('nothing without a session, nothing of another company, nothing after log-out or two hours', async () => {
    const { id } = await mint();
    const bare = (path: string, method = 'GET') => fetch(`${running.platform.url}/presenter/${path}`, { method, headers: { authorization: `Bearer ${'0'.repeat(64)}` } });
    for (const path of ['grants', 'views', `codes/${id}/status`, `codes/${id}/views`]) expect((await bare(path)).status).toBe(401);
    for (const path of ['codes', `codes/${id}/confirm`, `codes/${id}/refuse`, `codes/${id}/withdraw`]) expect((await bare(path, 'POST')).status).toBe(401);
    const other = await logIn(running.platform.url, 'suling');
    expect((await other.get(`codes/${id}/status`)).status).toBe(404);
    expect((await ask<{ views: View[] }>(`codes/${id}/views`, other)).views).toEqual([]);
    for (const word of ['confirm', 'refuse', 'withdraw']) expect((await other.post(`codes/${id}/${word}`)).status).toBe(404);
    expect((await ask<{ grants: GrantLine[] }>('grants', other)).grants.some((grant) => grant.id === id)).toBe(false);
    await other.end();
    expect((await other.get('grants')).status).toBe(401);
    const late = await logIn(running.platform.url);
    running.clock.advance(2 * 3600_000);
    expect((await late.get('grants')).status).toBe(401);
    legal = await logIn(running.platform.url);
  });

  test('second authentication is the legal representative’s alone; yes and no are final; the window that waited is told the end', async () => {
    const agent = await logIn(running.platform.url, firstCompany().id, 'agent');
    const wait = async () => {
      const minted = (await (await agent.post('codes', fullGrant({ secondAuthentication: true }))).json()) as MintReply;
      const query = queryOf(minted.code);
      expect((await counter.query(minted.code, query)).verdict).toBe('secondAuthentication');
      return { ...minted, again: async () => (await counter.query(minted.code, query)).verdict, query };
    };
    const refused = await wait();
    expect((await agent.post(`codes/${refused.id}/confirm`)).status).toBe(403);
    expect((await legal.post(`codes/${refused.id}/refuse`)).status).toBe(200);
    expect((await legal.post(`codes/${refused.id}/confirm`)).status).toBe(404);
    expect([await refused.again(), await status(refused.id)]).toEqual(['confirmationRefused', 'refused']);
    const granted = await wait();
    for (let n = 0; n < 3; n++) expect(await granted.again()).toBe('secondAuthentication');
    await legal.post(`codes/${granted.id}/confirm`);
    expect((await legal.post(`codes/${granted.id}/refuse`)).status).toBe(404);
    expect(await granted.again()).toBe('valid');
    // The window asked five times; the holder sees that it waited, once, and that it looked.
    const { views } = await ask<{ views: View[] }>(`codes/${granted.id}/views`);
    expect(views.map(({ verdict }) => verdict).toSorted()).toEqual(['secondAuthentication', 'valid']);
    const late = await wait();
    running.clock.advance(5 * 60_000);
    expect(await late.again()).toBe('confirmationTimeout');
    expect((await counter.query(late.code)).verdict).toBe('expired');
  });

  test('a grant that is withdrawn ends at once: code, answers given before, tokens, certificate ids and download addresses', async () => {
    const minted = await mint();
    const query = queryOf(minted.code);
    const reply = await counter.query(minted.code, query);
    const certificateID = reply.certList?.[0]?.certificateID ?? '';
    const trustedToken = reply.trustedToken ?? '';
    const file = v.parse(FileReplySchema, (await counter.call(sharingPaths.fileById, { certificateID, ...purpose })).payload).dataList[0]?.fileUrl ?? '';
    expect((await legal.post(`codes/${minted.id}/withdraw`)).status).toBe(200);
    expect(await status(minted.id)).toBe('withdrawn');
    const again = await counter.query(minted.code, query);
    expect(again.verdict).toBe('withdrawn');
    expect(again.data ?? again.certList ?? again.trustedToken ?? again.authRecord).toBeUndefined();
    expect((await counter.query(minted.code)).verdict).toBe('withdrawn');
    for (const [path, words] of [
      [sharingPaths.search, { trustedToken }], [sharingPaths.fileByHolder, { trustedToken }], [sharingPaths.infoByHolder, { trustedToken }],
      [sharingPaths.fileById, { certificateID }], [sharingPaths.infoById, { certificateID }], [sharingPaths.codeVerify, { qrCode: minted.code }],
    ] as const)
      expect(await counter.call(path, { ...words, ...purpose })).toMatchObject({ status: '33', message: '持证主体已撤回授权', payload: undefined });
    expect((await fetch(file)).status).toBe(404);
    // Another grant of the same company is none of that.
    expect((await counter.query((await mint()).code)).verdict).toBe('valid');
  });

  test('a grant lasts as long as the holder says, and no longer than a code lives', async () => {
    const minted = await mint({ minutes: 1 });
    const reply = await counter.query(minted.code);
    expect(Date.parse(minted.expiresAt) - Date.parse(minted.mintedAt)).toBe(60_000);
    expect(reply.authRecord?.sqqx.sqjzsj).toBe(printChinaTime(Date.parse(minted.expiresAt)));
    running.clock.advance(60_000);
    expect((await counter.query(minted.code)).verdict).toBe('expired');
    expect((await post(fullGrant({ minutes: 6 }))).status).toBe(400);
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
