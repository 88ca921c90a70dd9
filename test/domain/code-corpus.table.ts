import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { CodeKindId } from '../../domain/code-kind.ts';
import { vector } from './fixtures.ts';
import { encodeBase32, encodeOctetCode } from './octet-form.ts';

/** Something that was scanned, with what the scanner said of the symbol. */
export interface Payload {
  readonly text: string;
  readonly symbology?: string;
  readonly bytes?: Uint8Array;
}

const all = (...texts: readonly string[]): Payload[] => texts.map((text) => ({ text }));
const as = (symbology: string, ...texts: readonly string[]): Payload[] => texts.map((text) => ({ text, symbology }));

const octets = (width: 4 | 8 | 14): Uint8Array =>
  encodeOctetCode({ uscc: '91310000MA1K000006', platformId: '310000', expiresAt: 1_800_000_000_000, width, digest: new Uint8Array(32).fill(7), sign: () => new Uint8Array(64).fill(9) });

/**
 * What people hold up at a counter, and what attackers would: 240 payloads by the kind each is meant to be named. All made
 * up for this table; whatever looks personal is synthetic, with right check characters.
 */
export const codeCorpus: Record<CodeKindId, readonly Payload[]> = {
  'enterprise-service-code': [
    ...all(vector.code, `${vector.code.toLowerCase()}\r`, vector.code.slice(0, 120), `${vector.code}\r\n`, vector.code.slice(0, -2)),
    ...([4, 8, 14] as const).flatMap((width) => all(encodeHexUpper(octets(width)), encodeBase32(octets(width), width === 4))),
    ...([4, 8, 14] as const).map((width) => ({ text: '', bytes: octets(width) })),
  ],
  empty: all('', ' \r\n', '\t', '\u3000\u3000'),
  'hidden-characters': all(
    'https://s.sh.gov.cn/\u202egnp.exe',
    'https://evil.test/\u2066hidden\u2069',
    '91310000MA1K\u200b000006',
    '\u200f12345',
    'ab\u2060cd',
    'https://gov\u00ad.cn/',
  ),
  'shanghai-resident-code': [
    ...all('https://s.sh.gov.cn/d9198c6243c8a55707caa16dd85508161664572161358', 'https://s.sh.gov.cn/\u0000\u0001\ufffd\ufffd', 'HTTPS://S.SH.GOV.CN/ABC', 'https://s.sh.gov.cn/'),
    { text: '', bytes: Uint8Array.of(...encodeUtf8('https://s.sh.gov.cn/'), 0xff, 0x80, 0x00, 0xfe) },
  ],
  'jiangsu-resident-code': all('https://jsstm.jszwfw.gov.cn/jkmIndex.html?token=aa&uuid=bb', 'https://www.jszwfw.gov.cn/', 'http://jszwfw.gov.cn/sfm?c=1#x'),
  'anhui-resident-code': all('https://akm.ahzwfw.gov.cn/akm-sj-user/index.html?code=1', 'https://www.ahzwfw.gov.cn/wsm', 'https://ahm.anhuizwfw.gov.cn/x'),
  'zhejiang-certificate-code': all('https://mapi.zjzwfw.gov.cn/web/mgop/cert?c=1', 'https://puser.zjzwfw.gov.cn:443/sso', 'https://zjzwfw.gov.cn'),
  'delta-certificate-code': all('1.2.156.3005.2.11100000000013338W032.11310000MB2F30000X.0001.000.5', 'urn:oid:1.2.156.3005.2.1.2.3', '1.2.156.3005.2.abc'),
  'shanghai-certificate-code': all('https://zwdt.sh.gov.cn/dzzz/q?c=1', 'https://zzk.sh.gov.cn/v/1', 'https://dzzz.sh.gov.cn/1'),
  'shanghai-certificate-barcode': [...as(']C0', '31202601010000000012', '31000000000000000000000001'), ...as('Code128', '31010120260101000001')],
  'alipay-id-card-code': all('alipays://platformapi/startapp?appId=1&page=idcard', 'https://certhub.alipay.com/v?c=1', 'https://idcard.alipay.com/x'),
  'electronic-business-licence': all('https://zzapp.gsxt.gov.cn/qr?c=1', 'https://dzyyzz.samr.gov.cn/p?x=1', 'dzyyzz:abc', 'https://www.dzyyzz.gov.cn/'),
  'market-subject-identity-code': all('https://qym.example.gov.cn/e/91310000MA1K000006', 'http://sczt.scjgj.example.gov.cn/x', 'https://qiyema.example.com/1', 'https://jyztsfm.example.org.cn/1'),
  'business-licence-link': all('http://www.gsxt.gov.cn/index.html?uniscid=91310000MA1K000006', 'https://bt.gsxt.gov.cn/%7B9F024A%7D', 'https://gsxt.gov.cn/'),
  'social-security-link': all('https://si.12333.gov.cn/x', 'https://www.12333.gov.cn/portal'),
  'medical-insurance-link': all('https://fuwu.nhsa.gov.cn/nationalHallSt/', 'https://www.nhsa.gov.cn/'),
  'tax-link': all('https://inv-veri.chinatax.gov.cn/', 'https://shanghai.chinatax.gov.cn/tax'),
  'other-government-link': all('https://www.beijing.gov.cn/x', 'http://www.pudong.gov.cn', 'https://sh.122.gov.cn/x', 'HTTP://WWW.GOV.CN/'),
  'identity-number': all('310101198506150016', '320502199912311238', '11010520000229002X'.replace('2X', '21'), '440306197001019917', '650102196011054327', '11010119900307889X', '11010119900307889x'),
  'wechat-payment-code': [...all('134512345678901234', '101234567890123456', '159999999999999999'), ...as('Code128', '121234567890123456'), ...as(']Q1', '141234567890123456')],
  'alipay-payment-code': all('281234567890123456', '301234567890123456789012', '2512345678901234', '271234567890123456', '2999999999999999999'),
  'unionpay-payment-code': [...as(']Q1', '6212345678901234567', '6299999999999999999'), ...all('6212345678901234567')],
  'digital-yuan-payment-code': all('0112345678901234567', '0199999999999999999'),
  'wechat-collection-code': all('wxp://f2f0abcdef', 'WXP://F2F1'),
  'alipay-collection-code': all('https://qr.alipay.com/fkx123', 'HTTPS://QR.ALIPAY.COM/FKX123', 'alipayqr://platformapi/startapp?saId=1', 'alipays://platformapi/startapp?appId=20000123', 'https://m.alipay.com/x'),
  'unionpay-collection-code': all('https://qr.95516.com/00010000/123', 'https://pay.95516.com/x'),
  'emv-collection-code': all('00020101021226290010A000000677', '000201010211'),
  'emv-payment-code': all('hQVDUFYwMWEaTwigAAADMwEBAQ==', 'hQVDUFYwMQ=='),
  'wechat-personal-code': all('https://u.wechat.com/abc', 'https://work.weixin.qq.com/u/vc1', 'http://weixin.qq.com/r/AbC', 'https://weixin.qq.com/g/AbC'),
  'wechat-link': all('https://mp.weixin.qq.com/a/~x', 'weixin://dl/business/?t=1', 'https://wxaurl.cn/abc', 'https://mp.weixin.qq.com/s/abc'),
  'contact-card': all('BEGIN:VCARD\nVERSION:3.0\nEND:VCARD', 'MECARD:N:Zhou;;', 'BIZCARD:N:Min;X:Zhou;;', 'begin:vcard\r\nFN:\u200dAnna\r\nend:vcard', 'BEGIN:VCARD\nVERSION:4.0\nFN:测试甲\nTEL:+8613800000000\nEND:VCARD'),
  wifi: all('WIFI:T:WPA;S:hall;P:x;;', 'WIFI:S:政务大厅;T:nopass;;', 'wifi:T:WPA;S:a;P:b;;'),
  'calendar-event': all('BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT', 'BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR'),
  'phone-number': all('tel:+862112345', '13812345678', '+8613812345678', '8619912345678', 'TEL:10086'),
  'text-message': all('SMSTO:10086:hi', 'sms:10010', 'mmsto:a@b.cn'),
  email: all('mailto:a@b.cn', 'someone@example.com', 'MATMSG:TO:a@b.cn;SUB:x;;', 'SMTP:a@b.cn:x'),
  location: all('geo:31.2,121.5', 'GEO:31.2,121.5,10?q=x'),
  'one-time-password': all('otpauth://totp/x?secret=A', 'otpauth-migration://offline?data=A'),
  'boarding-pass': all('M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 326J001A0025 100', 'M1TEST/PASSENGER      E0AB1CD SHAPEKMU 5101 325Y012C0042 147'),
  invoice: all('01,10,031001900104,12345678,100.00,20260101,12345678901234567890,ABCD,', '01,32,,26312000000000000001,100.00,20260101,,ABCD', '01,04,3100191130,00000001,1.00,20260101,00000000000000000001,0000'),
  'uscc-text': all('91310000MA1K000006', '91310000ma1k000006', '92320500MA1W123453', '93330106MA2B00001Q', '12310115MB2F34567J', '91110000000000000E'),
  'gs1-element-string': [...all('(01)06901234567892(10)ABC', 'https://id.example.com/01/06901234567892', '0106901234567892\u001d10ABC', '(00)069012345678901234'), ...as(']C1', '0106901234567892', '00069012345678901234'), ...as(']Q3', '010690123456789217261231')],
  'retail-barcode': [...all('6901234567892', '9787111111115', '012345678905', '12345670'), ...as(']E0', '6901234567890', '6922143456787'), ...as('EAN-13', '9771234567003')],
  'bank-card-number': all('6228480000000000018', '6217000000000000020', '4367420000000009', '5555555555554444', '3566000020360509', '6222020200112230301', '4111111111111111'),
  'parcel-label': all('SF1234567890123', 'EA123456789CN', 'YT1234567890123', 'JD0001234567890', '781234567890123', 'JT0001234567890'),
  'case-number': all('PD-2026-1121-0387', 'A012', 'B1234', 'XH-000123'),
  'scanner-setting': [...as(']C0', '@SETUPE1', 'NLS0006010', '$%B'), ...all('@FACDEF', '^3001^')],
  digits: all('123', '99999999999999999999999999', '0', '20261123', '7777777'),
  'web-link': all('https://evil.test/?code=x', 'www.example.com/x', 'https://s.sh.gov.cn@evil.test/', 'http://192.0.2.1:8080/', 'https://xn--fiq228c.example/', 'URLTO:https://example.com', 'example.com', 'https://s.sh.gov.cn.evil.test/', 'https://gov.cn.evil.test/', 'http://localhost/'),
  'script-link': all('javascript:alert(1)', 'data:text/html,<b>', 'JAVASCRIPT:alert(1)', 'vbscript:x', 'file:///etc/passwd', 'intent://x#Intent;end', 'view-source:https://x.test', 'about:blank', ' javascript:alert(1)'),
  'app-link': all('ftp://x/y', 'dingtalk://x', 'market://details?id=x', 'ssh://root@192.0.2.1'),
  'structured-data': all('{"mn":"805321013240983139"}', '<?xml version="1.0"?><a/>', '{"__proto__":{"a":1}}', '<img src=x onerror=alert(1)>', '[1,2,3]', '<script>alert(1)</script>', '{"a":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}'),
  'encoded-data': all('e6e324398e1f2925927c53c60ae9e06a', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk', 'TWFuIGlzIGRpc3Rpbmd1aXNoZWQsIG5vdCBvbmx5', 'A'.repeat(237)),
  'other-barcode': as(']A0', 'LOT 42', 'ROOM 12', '=cmd|x!A0', "x' OR 1=1"),
  'chinese-text': all('欢迎光临', '请到十二号窗口', '业务办理：变更登记', '测试 test 测试'),
  binary: [...all('a\u0001b', '\ufffd\ufffd\ufffd', 'x\u0000'), { text: '', bytes: Uint8Array.of(1, 2, 3) }, { text: '', bytes: Uint8Array.of(0xff, 0xfe, 0xfd) }],
  unknown: all('hello', "'; DROP TABLE scans;--", '=HYPERLINK("x")', '%00%0d%0a', '../../../etc/passwd', '{{7*7}}', '${7*7}', '%n%n%n', 'QYM1', 'x'.repeat(20)),
};
