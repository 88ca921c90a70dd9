import { describe, expect, it } from 'vitest';
import { countModules, printFileTime } from '../../platform/presenter/code-image.ts';
import { markArrival, printClock, remainingOf } from '../../platform/presenter/countdown.ts';
import { createGrant, findGrantFault, printMintRequest } from '../../platform/presenter/grant.ts';
import { createPresenterApi } from '../../platform/presenter/presenter-api.ts';
import { readPreset } from '../../platform/presenter/preset.ts';
import { words } from '../../platform/presenter/words.table.ts';
import type { PresenterCompany } from '../../platform/presenting/contract.ts';

const company: PresenterCompany = {
  id: 'yunfan',
  name: '上海云帆智能科技有限公司',
  uscc: '91310000MA1K35T44M',
  type: '有限责任公司',
  subjectKind: 'company',
  presenter: '刘思远',
  information: [
    { oid: '1.2.156.3002.1', title: '基本信息' },
    { oid: '1.2.156.3002.2', title: '人员信息' },
  ],
  certificates: [{ typeCode: 'A', type: '营业执照', issueDept: '上海市市场监督管理局', validUntil: '长期', format: 'OFD' }],
};

describe('the grant', () => {
  const grant = createGrant(company);

  it('starts without anything of a person, to look at and to file, and is asked for in the company’s order', () => {
    expect(findGrantFault(grant)).toBeNull();
    expect(printMintRequest(company, grant)).toEqual({
      companyId: 'yunfan',
      certificateTypes: ['A'],
      informationGroups: ['1.2.156.3002.1'],
      permissions: { retain: true, download: false, transfer: false },
      oneTime: false,
      minutes: 5,
    });
  });

  it('is refused when it grants nothing, or names a unit without a right code', () => {
    expect(findGrantFault({ ...grant, certificates: new Set(), information: new Set() })).toBe('nothing-granted');
    const named = { ...grant, granteeMode: 'named', granteeName: '', granteeCode: '' } as const;
    expect(findGrantFault(named)).toBe('grantee-name');
    expect(findGrantFault({ ...named, granteeName: '中心', granteeCode: '91310000MA1K35T44N' })).toBe('grantee-code');
    const right = { ...named, granteeName: ' 中心 ', granteeCode: '91 310000 ma1k35t44 m' };
    expect(findGrantFault(right)).toBeNull();
    expect(printMintRequest(company, right).grantee).toEqual({ name: '中心', code: '91310000MA1K35T44M' });
    expect(printMintRequest(company, { ...right, granteeMode: 'any' }).grantee).toBeUndefined();
  });
});

describe('the picture of a code', () => {
  it('is named by the time in Shanghai, midnight being 00', () => {
    expect(printFileTime('2026-11-21T16:05:59.000Z')).toBe('0005');
    expect(printFileTime('2026-11-21T10:27:40.000+08:00')).toBe('1027');
  });

  it('knows its modules from the drawing', () => {
    expect(countModules('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 73 73">')).toBe(73);
  });
});

describe('the countdown', () => {
  const code = { id: 'c', mintedAt: '2026-11-21T10:00:00Z', now: '2026-11-21T10:00:01Z', expiresAt: '2026-11-21T10:05:00Z', qrSvg: '', hanXinSvg: '' };
  const arrival = { wall: 5_000_000, monotonic: 1000 };

  it('runs by the platform’s clock, whatever the page’s own says', () => {
    expect(remainingOf(code, arrival, arrival)).toEqual({ seconds: 299, part: 299 / 300 });
    expect(remainingOf(code, arrival, { wall: 5_298_000, monotonic: 299_000 }).seconds).toBe(1);
    expect(remainingOf(code, arrival, { wall: 5_299_000, monotonic: 300_000 })).toEqual({ seconds: 0, part: 0 });
  });

  it('takes the clock that has run further: a phone that slept, a clock set back', () => {
    expect(remainingOf(code, arrival, { wall: 9_000_000, monotonic: 1010 }).seconds).toBe(0);
    expect(remainingOf(code, arrival, { wall: 0, monotonic: 400_000 }).seconds).toBe(0);
  });

  it('prints minutes and seconds and reads both clocks', () => {
    expect([printClock(300), printClock(61), printClock(0)]).toEqual(['05:00', '01:01', '00:00']);
    expect(markArrival().wall).toBeGreaterThan(markArrival().monotonic);
  });
});

describe('the interface of the page', () => {
  it('keeps the picture of a code and not its text', async () => {
    const reply = { id: 'c', code: 'SECRET', mintedAt: 'a', expiresAt: 'b', now: 'n', qrSvg: '<svg/>', hanXinSvg: '<svg/>' };
    const api = createPresenterApi(async () => Response.json(reply));
    const answer = await api.mint(printMintRequest(company, createGrant(company)));
    expect(JSON.stringify(answer)).not.toContain('SECRET');
    expect(answer).toEqual({ ok: true, value: { id: 'c', mintedAt: 'a', expiresAt: 'b', now: 'n', qrSvg: '<svg/>', hanXinSvg: '<svg/>' } });
  });

  it('gives the platform’s words of refusal, and none where it did not answer or not in JSON', async () => {
    const refused = createPresenterApi(async () => Response.json({ error: { code: 'x', message: '没有这个码' } }, { status: 404 }));
    expect(await refused.status('a/b')).toEqual({ ok: false, message: '没有这个码' });
    const down = createPresenterApi(() => Promise.reject(new Error('down')));
    expect(await down.companies()).toEqual({ ok: false, message: null });
    const odd = createPresenterApi(async () => new Response('<html>'));
    expect(await odd.companies()).toEqual({ ok: false, message: null });
  });

  it('reads its address and has the same texts in both languages', () => {
    expect(readPreset('?company=yunfan&auto=1&lang=en')).toEqual({ companyId: 'yunfan', role: 'legal', auto: true, language: 'en' });
    expect(readPreset('?company=yunfan&role=agent').role).toBe('agent');
    expect(readPreset('?company=yunfan&role=root').role).toBeNull();
    expect(readPreset('')).toEqual({ companyId: null, role: null, auto: false, language: 'zh-CN' });
    expect(Object.keys(words.en)).toEqual(Object.keys(words['zh-CN']));
  });
});
