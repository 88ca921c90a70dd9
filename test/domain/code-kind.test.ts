import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeKindTable } from '../../domain/code-kind.table.ts';
import { classifyCode, type CodeKindId, codeKindIds } from '../../domain/code-kind.ts';
import { symbolFamily } from '../../domain/code-symbol.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { verifyLocally } from '../../domain/local-verification.ts';
import { localInput, vector } from './fixtures.ts';

interface Sample {
  readonly text: string;
  readonly symbology?: string;
  readonly bytes?: Uint8Array;
}

/** What people hold up at a counter, by kind; each kind has at least one. */
const samples: Record<CodeKindId, readonly Sample[]> = {
  'enterprise-service-code': [{ text: vector.code }, { text: `${vector.code.toLowerCase()}\r` }, { text: vector.code.slice(0, 120) }],
  empty: [{ text: '' }, { text: ' \r\n' }],
  'shanghai-resident-code': [{ text: 'https://s.sh.gov.cn/d9198c6243c8a55707caa16dd85508161664572161358' }, { text: 'https://s.sh.gov.cn/\u0000\u0001\ufffd\ufffd' }],
  'jiangsu-resident-code': [{ text: 'https://jsstm.jszwfw.gov.cn/jkmIndex.html?token=aa&uuid=bb' }],
  'anhui-resident-code': [{ text: 'https://akm.ahzwfw.gov.cn/akm-sj-user/index.html?code=1' }],
  'zhejiang-certificate-code': [{ text: 'https://mapi.zjzwfw.gov.cn/web/mgop/cert?c=1' }],
  'delta-certificate-code': [{ text: '1.2.156.3005.2.11100000000013338W032.11310000MB2F30000X.0001.000.5' }],
  'shanghai-certificate-code': [{ text: 'https://zwdt.sh.gov.cn/dzzz/q?c=1' }],
  'shanghai-certificate-barcode': [{ text: '31202601010000000012', symbology: ']C0' }],
  'alipay-id-card-code': [{ text: 'alipays://platformapi/startapp?appId=1&page=idcard' }],
  'electronic-business-licence': [{ text: 'https://zzapp.gsxt.gov.cn/qr?c=1' }],
  'market-subject-identity-code': [{ text: 'https://qym.example.gov.cn/e/91310000MA1K000006' }, { text: 'http://sczt.scjgj.example.gov.cn/x' }],
  'business-licence-link': [{ text: 'http://www.gsxt.gov.cn/index.html?uniscid=91310000MA1K000006' }, { text: 'https://bt.gsxt.gov.cn/%7B9F024A%7D' }],
  'other-government-link': [{ text: 'https://www.beijing.gov.cn/x' }],
  'identity-number': [{ text: '11010119900307889X' }, { text: '11010119900307889x' }],
  'wechat-payment-code': [{ text: '134512345678901234' }, { text: '101234567890123456', symbology: 'Code128' }],
  'alipay-payment-code': [{ text: '281234567890123456' }, { text: '301234567890123456789012' }],
  'unionpay-payment-code': [{ text: '6212345678901234567', symbology: ']Q1' }],
  'digital-yuan-payment-code': [{ text: '0112345678901234567' }],
  'wechat-collection-code': [{ text: 'wxp://f2f0abcdef' }],
  'alipay-collection-code': [{ text: 'https://qr.alipay.com/fkx123' }, { text: 'HTTPS://QR.ALIPAY.COM/FKX123' }],
  'unionpay-collection-code': [{ text: 'https://qr.95516.com/00010000/123' }],
  'emv-collection-code': [{ text: '00020101021226290010A000000677' }],
  'emv-payment-code': [{ text: 'hQVDUFYwMWEaTwigAAADMwEBAQ==' }],
  'wechat-personal-code': [{ text: 'https://u.wechat.com/abc' }, { text: 'https://work.weixin.qq.com/u/vc1' }],
  'wechat-link': [{ text: 'https://mp.weixin.qq.com/a/~x' }, { text: 'weixin://dl/business/?t=1' }],
  'contact-card': [{ text: 'BEGIN:VCARD\nVERSION:3.0\nEND:VCARD' }, { text: 'MECARD:N:Zhou;;' }],
  wifi: [{ text: 'WIFI:T:WPA;S:hall;P:x;;' }],
  'calendar-event': [{ text: 'BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT' }],
  'phone-number': [{ text: 'tel:+862112345' }, { text: '13812345678' }],
  'text-message': [{ text: 'SMSTO:10086:hi' }],
  email: [{ text: 'mailto:a@b.cn' }, { text: 'someone@example.com' }],
  location: [{ text: 'geo:31.2,121.5' }],
  'one-time-password': [{ text: 'otpauth://totp/x?secret=A' }],
  'boarding-pass': [{ text: 'M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100' }],
  invoice: [{ text: '01,10,031001900104,12345678,100.00,20260101,12345678901234567890,ABCD,' }, { text: '01,32,,26312000000000000001,100.00,20260101,,ABCD' }],
  'uscc-text': [{ text: '91310000MA1K000006' }, { text: '91310000ma1k000006' }],
  'gs1-element-string': [{ text: '(01)06901234567892(10)ABC' }, { text: '0106901234567892', symbology: ']C1' }, { text: 'https://id.example.com/01/06901234567892' }],
  'retail-barcode': [{ text: '6901234567892' }, { text: '6901234567890', symbology: ']E0' }],
  'bank-card-number': [{ text: '6222020200112230301' }, { text: '4111111111111111' }],
  'parcel-label': [{ text: 'SF1234567890123' }, { text: 'EA123456789CN' }],
  'case-number': [{ text: 'PD-2026-1121-0387' }, { text: 'A012' }],
  'scanner-setting': [{ text: '@SETUPE1', symbology: ']C0' }],
  digits: [{ text: '123' }, { text: '99999999999999999999999999' }],
  'web-link': [{ text: 'https://evil.test/?code=x' }, { text: 'www.example.com/x' }, { text: 'https://s.sh.gov.cn@evil.test/' }],
  'script-link': [{ text: 'javascript:alert(1)' }, { text: 'data:text/html,<b>' }],
  'app-link': [{ text: 'ftp://x/y' }, { text: 'dingtalk://x' }],
  'structured-data': [{ text: '{"mn":"805321013240983139"}' }, { text: '<?xml version="1.0"?><a/>' }],
  'encoded-data': [{ text: 'e6e324398e1f2925927c53c60ae9e06a' }, { text: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk' }],
  'other-barcode': [{ text: 'LOT 42', symbology: ']A0' }],
  'chinese-text': [{ text: '欢迎光临' }],
  binary: [{ text: '', bytes: Uint8Array.of(1, 2, 3) }, { text: 'a\u0001b' }],
  unknown: [{ text: 'hello' }],
};

describe('the table of kinds', () => {
  it('has at least 24 kinds, each once, each with its source', () => {
    expect(codeKindIds.length).toBeGreaterThanOrEqual(24);
    expect(codeKindIds).toHaveLength(codeKindTable.length);
    expect(codeKindTable.filter((row) => row.sourceNote.length < 5)).toEqual([]);
    expect(codeKindTable.at(-1)?.id).toBe('unknown');
  });

  it.each(Object.entries(samples).flatMap(([kind, list]) => list.map((sample) => [kind, sample] as const)))('tells %s in %o', (kind, sample) => {
    expect(classifyCode(sample).kind).toBe(kind);
  });

  it('gives every kind but ours a refusal that is never "expired"', () => {
    for (const [kind, list] of Object.entries(samples)) {
      if (kind === 'enterprise-service-code') continue;
      for (const { text, ...rest } of list) {
        const supportCode = kind === 'unknown' ? 'E-KIND-02' : 'E-KIND-01';
        expect(verifyLocally(localInput(text, rest))).toMatchObject({ passed: false, state: 'not-a-service-code', kind, supportCode });
      }
    }
  });

  it('routes the families of YD 12.2.2 to code verification', () => {
    const sharing = codeKindTable.filter((row) => row.route === 'sharing').map((row) => row.id);
    expect(sharing).toHaveLength(9);
    expect(codeKindTable.filter((row) => row.route === 'enterprise').map((row) => row.id)).toEqual(['enterprise-service-code']);
  });

  it('answers any content with a kind, quickly, and never throws', () => {
    const started = performance.now();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4096 }), fc.constantFrom(undefined, ']Q1', ']C0', 'EAN13', 'x'), (text, symbology) => {
        expect(codeKindIds).toContain(classifyCode({ text, symbology, bytes: encodeUtf8(text) }).kind);
      }),
      { numRuns: 5000 },
    );
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it.each(['a', '0', 'A-', '1.2.156.3005.2.', 'M1A', 'http://a.', '(01)', '<a', '{', '01,10,', 'QYM1', '01A', 'https://qym.', 'eyJhbGciOiJIUzI1.'])(
    'takes no long time for 4,096 characters of %s',
    (part) => {
      const text = part.repeat(4096).slice(0, 4096);
      const started = performance.now();
      classifyCode({ text });
      classifyCode({ text: `${text.slice(1)}!` });
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );
});

describe('the family of a symbol', () => {
  it.each([
    [']E0', 'retail'],
    [']C0', 'linear'],
    [']C1', 'gs1'],
    [']Q1', 'matrix'],
    [']Q3', 'gs1'],
    [']h0', 'matrix'],
    [']d2', 'gs1'],
    ['QRCode', 'matrix'],
    ['Code128', 'linear'],
    ['EAN-13', 'retail'],
    ['DataBarExpanded', 'gs1'],
    ['HanXin', 'matrix'],
    ['', 'unknown'],
    [undefined, 'unknown'],
    ['something', 'unknown'],
  ])('of %s is %s', (symbology, family) => {
    expect(symbolFamily(symbology)).toBe(family);
  });
});

it('no content makes the table think for long, however it is built to', () => {
  const [a, blanks] = ['A'.repeat(2000), ' '.repeat(2000)];
  const built = [`M1${a}${blanks}ABCDE a`, `M1${a}${a}`, `M1A${blanks}${blanks}!`, `https://${'qym.'.repeat(1000)}_`, `a@${'a.'.repeat(2000)}1`, `https://x/${'01/'.repeat(1300)}`, `1.2.156.3005.2${'.A'.repeat(2000)}_`];
  for (const text of built) {
    const startedAt = performance.now();
    classifyCode({ text });
    expect(performance.now() - startedAt, text.slice(0, 20)).toBeLessThan(250);
  }
}, 60_000);
