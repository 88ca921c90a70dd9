import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isCertificateIdentifier,
  readAppRegisterReply,
  readCatalogueReply,
  readCodeVerifyReply,
  readEnterpriseReply,
  readFileReply,
  readFileVerifyReply,
  readInfoReply,
  readPersonTokenReply,
  readScenariosReply,
  readSearchReply,
  takeOnly,
} from '../../domain/sharing-reply.ts';
import { isOkCode, isOkStatus, printCode, printResult, printStatus } from '../../domain/success.ts';
import { vector } from './fixtures.ts';

const hit = { certificateID: 'c1', certificateType: '营业执照', issueDept: '市监局', certificateNumber: '91310000MA1K000006', issueDate: '20200101' };
const catalogueEntry = {
  certificateType: '营业执照',
  certificateTypeCode: '11100000000013338W032',
  updateTime: '20200101',
  certificateDefineAuthorityName: '国家市场监督管理总局',
  certificateDefineAuthorityCode: '11100000MB0143028R',
  relatedItemName: '开办企业',
  relatedItemCode: 'I1',
};
const listOf = <T>(...dataList: T[]) => ({ ok: true, value: { total: dataList.length, dataList } });
const without = <T extends object>(object: T, ...names: string[]): Partial<T> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name))) as Partial<T>;

describe('success', () => {
  const anythingElse = ['0 ', '00', '+0', '', ' ', null, undefined, false, true, [], [0], {}, '1', 1, -1, Number.NaN, 'ok', 'success', 200, '200', 0n];

  it('of head.status is "0" or 0 and nothing else', () => {
    expect([isOkStatus('0'), isOkStatus(0)]).toEqual([true, true]);
    expect(anythingElse.filter(isOkStatus)).toEqual([]);
  });

  it('of code and result is 1 or "1" and nothing else', () => {
    expect([isOkCode(1), isOkCode('1')]).toEqual([true, true]);
    expect(['0', 0, true, '01', ' 1', '1.0', 2, [1], '', null, undefined, {}, 'true', 1n].filter(isOkCode)).toEqual([]);
  });

  it('is printed as each table types it, and read back', () => {
    expect([printStatus(true), printCode(true), printResult(true)]).toEqual(['0', 1, '1']);
    for (const isOk of [true, false]) {
      expect([isOkStatus(printStatus(isOk)), isOkCode(printCode(isOk)), isOkCode(printResult(isOk))]).toEqual([isOk, isOk, isOk]);
    }
  });
});

describe('a list', () => {
  it.each([
    ['an array', [hit]],
    ['dataList', { dataList: [hit] }],
    ['total and dataList', { total: '1', dataList: [hit] }],
    ['the same under data', { data: { total: 1, dataList: [hit] } }],
    ['an array under data', { data: [hit] }],
  ])('is read from %s', (_, value) => {
    expect(readSearchReply(value)).toEqual(listOf(hit));
  });

  it('may be empty; its total is what is in it', () => {
    expect(readSearchReply({ total: 7, dataList: [] })).toEqual(listOf());
  });

  it.each([null, 'x', {}, { total: 0 }, { dataList: 'x' }, { dataList: [1] }, { dataList: [{}] }, [without(hit, 'certificateID')], [{ ...hit, issueDept: ['x'] }], [{ ...hit, issueDate: 'x'.repeat(4001) }]])(
    'is refused as %o',
    (value) => {
      expect(readSearchReply(value)).toMatchObject({ ok: false, failure: { code: 'remote/malformed' } });
    },
  );

  it('gives the one entry of a call by id', () => {
    const take = (value: unknown) => {
      const list = readSearchReply(value);
      if (!list.ok) throw new Error('list');
      return takeOnly(list.value);
    };
    expect(take([hit])).toEqual({ ok: true, value: hit });
    expect(take([])).toMatchObject({ failure: { code: 'certificate/not-found' } });
    expect(take([hit, hit])).toMatchObject({ failure: { code: 'remote/malformed' } });
  });
});

describe('names and types of fields', () => {
  it('read ertificateType, spaced, snake and other spellings, and numbers as text', () => {
    const { certificateType, certificateDefineAuthorityName, ...rest } = catalogueEntry;
    const misprinted = { ...rest, ertificateType: certificateType, 'certificateDefine AuthorityName': certificateDefineAuthorityName };
    expect(readCatalogueReply([misprinted])).toEqual(listOf(catalogueEntry));
    const snake = { certificate_id: 'c1', certificate_type: '营业执照', issue_dept: '市监局', certificate_number: '91310000MA1K000006', issue_date: 20200101 };
    expect(readSearchReply([snake])).toEqual(listOf(hit));
    expect(readSearchReply([{ ...without(hit, 'certificateID'), certificateId: 'c1' }])).toEqual(listOf(hit));
  });

  it('prefer the exact name, and drop what is unknown', () => {
    expect(readSearchReply([{ ...hit, certificate_id: 'wrong', ertificateType: 'wrong', secret: 'x' }])).toEqual(listOf(hit));
  });

  it('read a scenario alone or in a list', () => {
    const scenario = { itemName: '公司变更登记', itemCode: 'S1', updateTime: '20200101', dataList: [{ certificateType: '营业执照', certificateTypeCode: 'T1' }] };
    expect(readScenariosReply(scenario)).toEqual(listOf(scenario));
    expect(readScenariosReply({ dataList: [scenario] })).toEqual(listOf(scenario));
    expect(readScenariosReply([{ ...scenario, dataList: [{ ertificateType: '营业执照', certificateTypeCode: 'T1' }] }])).toEqual(listOf(scenario));
    expect(readScenariosReply([{ ...scenario, dataList: undefined }]).ok).toBe(false);
  });

  it('read the file format in any case, and no other format', () => {
    const file = { ...without(hit, 'certificateID'), fileFormat: 'PDF', fileUrl: 'http://f/1', fileSm3: 'ab'.repeat(32) };
    expect(readFileReply([{ ...file, fileFormat: '.pdf' }])).toEqual(listOf(file));
    expect(readFileReply([without(file, 'fileSm3')])).toEqual(listOf(without(file, 'fileSm3')));
    expect(readFileReply([{ ...file, fileFormat: 'EXE' }]).ok).toBe(false);
    expect(readFileReply([{ ...file, fileSm3: 'ab' }]).ok).toBe(false);
  });

  it('read the holder under spaced names and surface as object or text, its values as text in order', () => {
    const info = {
      ...without(hit, 'certificateID'),
      certificateHolder: '测试企业有限公司',
      'certificateHolder code': '91310000MA1K000006',
      certificate_holder_type: '统一社会信用代码',
      certificateValidateStart: '20200101',
    };
    const surface = { 名称: '测试', 注册资本: 100, 明细: { a: [1] }, 空: null };
    const expected = { 名称: '测试', 注册资本: '100', 明细: '{"a":[1]}', 空: 'null' };
    for (const spelled of [surface, JSON.stringify(surface)]) {
      const reply = readInfoReply([{ ...info, surface: spelled }]);
      expect(reply).toMatchObject({ ok: true, value: { dataList: [{ certificateHolderCode: '91310000MA1K000006', certificateHolderType: '统一社会信用代码', certificateValidateEnd: '', surface: expected }] } });
      expect(reply.ok && Object.keys(reply.value.dataList[0]?.surface ?? {})).toEqual(['名称', '注册资本', '明细', '空']);
    }
    for (const none of ['', '{', '[]', '{"__proto__":1}', null, 7]) {
      expect(readInfoReply([{ ...info, surface: none }])).toMatchObject({ ok: true, value: { dataList: [{ surface: {} }] } });
    }
  });

  it('tell a certificate identifier from a printed number', () => {
    expect(isCertificateIdentifier('1.2.156.3005.2.11100000000013338W032.1')).toBe(true);
    expect(isCertificateIdentifier('91310000MA1K000006')).toBe(false);
  });
});

describe('a yes or no', () => {
  it('about a file is authentic only for 1, and no answer without a result', () => {
    expect(readFileVerifyReply({ result: '1' })).toEqual({ ok: true, value: { authentic: true } });
    expect(readFileVerifyReply({ data: { result: 1 } })).toEqual({ ok: true, value: { authentic: true } });
    for (const result of ['0', 0, 'true', true, '1 ', [], {}]) {
      expect(readFileVerifyReply({ result })).toEqual({ ok: true, value: { authentic: false } });
    }
    for (const value of [{}, null, [], { result: null }, 'x']) expect(readFileVerifyReply(value).ok).toBe(false);
  });

  it.each([
    [{ code: 1, msg: '注册成功', data: { token: 't' } }, { accepted: true, message: '注册成功', token: 't' }],
    [{ code: '1', msg: 'ok', appToken: 't' }, { accepted: true, message: 'ok', token: 't' }],
    [{ code: 1, msg: 'ok', data: { trustedToken: 't' } }, { accepted: true, message: 'ok', token: 't' }],
    [{ code: 1, msg: 'eyJhbGciOi1234567890' }, { accepted: true, message: 'eyJhbGciOi1234567890', token: 'eyJhbGciOi1234567890' }],
    [{ code: 1, msg: 'registration-succeeded' }, { accepted: true, message: 'registration-succeeded' }],
    [{ code: 1, msg: '成功' }, { accepted: true, message: '成功' }],
    [{ code: 0, msg: '失败', data: { token: 't' } }, { accepted: false, message: '失败' }],
    [{ code: true, msg: 'x', data: { token: 't' } }, { accepted: false, message: 'x' }],
  ])('about a registration %o', (value, expected) => {
    expect(readAppRegisterReply(value)).toEqual({ ok: true, value: expected });
    expect(readPersonTokenReply(value)).toEqual({ ok: true, value: expected });
  });

  it('needs a code', () => {
    expect(readAppRegisterReply({ msg: 'x' }).ok).toBe(false);
    expect(readAppRegisterReply(null).ok).toBe(false);
  });
});

describe('the answer to a government service code', () => {
  const userInfo = { userName: '张三', idCard: '110101199003078890', trustedToken: 't' };
  const certificates = [{ certificateId: 'c1', ...without(hit, 'certificateID') }];

  it('is read nested or flat, with or without certificates', () => {
    const expected = { ok: true, value: { userInfo, certificateList: certificates } };
    expect(readCodeVerifyReply({ userInfo, certificateList: [hit] })).toEqual(expected);
    expect(readCodeVerifyReply({ ...userInfo, certificateList: certificates })).toEqual(expected);
    expect(readCodeVerifyReply({ data: { userInfo, certificateList: certificates } })).toEqual(expected);
    expect(readCodeVerifyReply({ userInfo })).toEqual({ ok: true, value: { userInfo } });
  });

  it('needs an identity and a token', () => {
    expect(readCodeVerifyReply({ userInfo: without(userInfo, 'trustedToken') }).ok).toBe(false);
    expect(readCodeVerifyReply({ userInfo: without(userInfo, 'idCard') }).ok).toBe(false);
    expect(readCodeVerifyReply([]).ok).toBe(false);
  });
});

describe('the answer to an enterprise query', () => {
  const authRecord = JSON.parse(vector.authRecordCanonical) as Record<string, unknown>;
  const reply = { verdict: 'valid', verifiedAt: '2026-01-01T09:04:30+08:00', oneTime: false, expiresAt: '2026-01-01T09:05:00+08:00', authRecord, certList: [hit] };

  it('keeps the consent record as it came beside the one that was read', () => {
    const received = { ...authRecord, xxlb: '1.2.3,1.2.4', extra: 1 };
    const read = readEnterpriseReply({ ...reply, authRecord: received });
    expect(read).toMatchObject({ ok: true, value: { reply: { authRecord: { xxlb: ['1.2.3', '1.2.4'] } }, receivedRecord: received } });
    expect(read.ok && read.value.reply.authRecord).not.toHaveProperty('extra');
  });

  it('reads certificates under either spelling of their id, and null as absent', () => {
    const value = { ...reply, certList: [{ ...without(hit, 'certificateID'), certificateId: 'c1', certificateTypeCode: 'T1', validUntil: '20300101' }], usedAt: null, data: null };
    expect(readEnterpriseReply(value)).toMatchObject({ ok: true, value: { reply: { certList: [{ ...hit, certificateTypeCode: 'T1', validUntil: '20300101' }] } } });
  });

  it.each([null, [], {}, { ...reply, verdict: 'VALID' }, { ...reply, verdict: true }, { ...reply, oneTime: 'false' }, { ...reply, authRecord: {} }, { ...reply, authRecord: 'x' }, { ...reply, verifiedAt: undefined }])(
    'is refused as %o',
    (value) => {
      expect(readEnterpriseReply(value)).toMatchObject({ ok: false, failure: { code: 'remote/malformed' } });
    },
  );
});

describe('any value at all', () => {
  it('is answered with a result, never thrown on', () => {
    const readers = [readAppRegisterReply, readCatalogueReply, readCodeVerifyReply, readEnterpriseReply, readFileReply, readFileVerifyReply, readInfoReply, readPersonTokenReply, readScenariosReply, readSearchReply];
    const names = fc.constantFrom('data', 'dataList', 'total', 'code', 'msg', 'result', 'userInfo', 'certificateList', 'surface', 'authRecord', 'sqzt', 'sqqx', 'itemCode', 'certificateID', '__proto__', 'constructor', 'toString');
    const { value: values } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, fc.constantFrom(null, 0, 1, '0', '1', 'x', true), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(names, tie('value'), { maxKeys: 5 })),
    }));
    fc.assert(
      fc.property(values, fc.constantFrom(...readers), (value, read) => {
        expect(typeof read(value).ok).toBe('boolean');
      }),
      { numRuns: 20_000 },
    );
  });
});
