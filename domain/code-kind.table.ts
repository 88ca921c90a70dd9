import { hasEanCheckDigit, hasHiddenCharacter, isChinaCellNumber, isGs1Elements, isIdentityNumber, isLuhnNumber } from './code-kind-checks.ts';
import type { KindInput } from './code-symbol.ts';
import { isUscc } from './uscc.ts';

/** Which provider a kind belongs to (wire notes A2): the enterprise query, code verification of YD 12.2.2, or none. */
export type CodeRoute = 'enterprise' | 'sharing' | 'none';

/** One kind of content: how it is told, and where that knowledge comes from. The first fitting row wins. */
interface KindRow<Id extends string> {
  readonly id: Id;
  readonly route: CodeRoute;
  readonly sourceNote: string;
  readonly fits: (input: KindInput) => boolean;
}

const row = <Id extends string>(
  id: Id,
  route: CodeRoute,
  sourceNote: string,
  fits: (input: KindInput) => boolean,
): KindRow<Id> => ({ id, route, sourceNote, fits });

const byText =
  (pattern: RegExp) =>
  ({ text }: KindInput): boolean =>
    pattern.test(text);

const byLower =
  (pattern: RegExp) =>
  ({ lower }: KindInput): boolean =>
    pattern.test(lower);

/** A link to one of the hosts, or to a subdomain of one that starts with a dot. */
const byHost =
  (...hosts: readonly string[]) =>
  ({ lower }: KindInput): boolean => {
    const host = /^https?:\/\/([a-z0-9.-]+)(?::[0-9]+)?(?:[/?#]|$)/.exec(lower)?.[1];
    return host !== undefined && hosts.some((known) => host === known || (known.startsWith('.') && `.${host}`.endsWith(known)));
  };

const anyOf =
  (...tests: readonly ((input: KindInput) => boolean)[]) =>
  (input: KindInput): boolean =>
    tests.some((test) => test(input));

const rows = [
  row('enterprise-service-code', 'enterprise', 'C 0300-2021 6.1.1; told by parseServiceCode before this table is asked', () => false),
  row('empty', 'none', 'nothing but blanks', ({ text, bytes }) => text === '' && (bytes?.length ?? 0) === 0),

  // Before everything that looks at how a text begins: nothing with a hidden part is what it seems.
  row('hidden-characters', 'none', 'threat T7: bidirectional or zero-width characters outside of cards, which write names with them', ({ text, lower }) => hasHiddenCharacter(text) && !/^(?:begin:v|mecard:|wifi:|bizcard:)/.test(lower)),

  // Government codes: the families of YD 12.2.2. Hosts are what the codes are seen to carry; no document fixes them.
  row('shanghai-resident-code', 'sharing', '随申码: starts with the 20 characters https://s.sh.gov.cn/, then token or signed octets', byLower(/^https?:\/\/s\.sh\.gov\.cn\//)),
  row('jiangsu-resident-code', 'sharing', '苏服码: hosts of jszwfw.gov.cn', byHost('.jszwfw.gov.cn', 'jszwfw.gov.cn')),
  row('anhui-resident-code', 'sharing', '安徽码/安康码: hosts of ahzwfw.gov.cn, anhuizwfw.gov.cn', byHost('.ahzwfw.gov.cn', 'ahzwfw.gov.cn', '.anhuizwfw.gov.cn')),
  row('zhejiang-certificate-code', 'sharing', '浙江电子证照码: hosts of zjzwfw.gov.cn', byHost('.zjzwfw.gov.cn', 'zjzwfw.gov.cn')),
  row('delta-certificate-code', 'sharing', '长三角证照二维码: certificate identifier of GB/T 36904, 1.2.156.3005.2.…', byText(/^(?:urn:oid:)?1\.2\.156\.3005\.2(?:\.[0-9A-Z]+)+$/i)),
  row('shanghai-certificate-code', 'sharing', '上海电子证照二维码: other hosts of zwdt.sh.gov.cn, zzk', byHost('zwdt.sh.gov.cn', '.zwdt.sh.gov.cn', 'zzk.sh.gov.cn', 'dzzz.sh.gov.cn')),
  row('shanghai-certificate-barcode', 'sharing', '上海电子证照条码: 1-D, region 31 and 18 or more digits that are no retail or payment number (own reading)', ({ text, symbol }) => symbol === 'linear' && /^31[0-9]{18,26}$/.test(text)),
  row('alipay-id-card-code', 'sharing', '支付宝卡包身份证: Alipay certificate links', anyOf(byHost('certhub.alipay.com', 'idcard.alipay.com'), byLower(/^alipays?:\/\/platformapi\/startapp\?.*(?:idcard|certificate|certhub)/))),
  row('electronic-business-licence', 'sharing', '电子营业执照: hosts of the e-licence system of SAMR', anyOf(byHost('zzapp.gsxt.gov.cn', 'dzyyzz.samr.gov.cn', 'dzyz.samr.gov.cn', 'yyzz.samr.gov.cn', '.dzyyzz.gov.cn'), byLower(/^(?:dzyyzz|elicense|elicence):/))),
  row('market-subject-identity-code', 'none', '企业码/经营主体身份码, static: hosts whose name says qym or jyztsfm', byLower(/^https?:\/\/(?:[a-z0-9-]+\.)*(?:qym|qiyema|jyztsfm|sczt|sfm)[a-z0-9-]*\.(?:[a-z0-9-]+\.)*(?:gov\.cn|org\.cn|com|cn)(?:[/:?#]|$)/)),
  row('business-licence-link', 'none', '营业执照 on paper: publicity system link, gsxt.gov.cn/index.html?uniscid=', byHost('.gsxt.gov.cn', 'gsxt.gov.cn')),
  row('social-security-link', 'none', '电子社保卡/人社服务: hosts of 12333.gov.cn', byHost('.12333.gov.cn', '12333.gov.cn')),
  row('medical-insurance-link', 'none', '医保服务: hosts of nhsa.gov.cn', byHost('.nhsa.gov.cn', 'nhsa.gov.cn')),
  row('tax-link', 'none', '税务服务、发票查验: hosts of chinatax.gov.cn', byHost('.chinatax.gov.cn', 'chinatax.gov.cn')),
  row('other-government-link', 'none', 'any other host under gov.cn', byHost('.gov.cn')),

  // Before the payment codes: a birthday and a check character say more than the first two digits.
  row('identity-number', 'none', 'GB 11643 with check character: the person shows a number, not a code', ({ text }) => isIdentityNumber(text)),

  // Payment. Number ranges are those that the payment providers print for merchants.
  row('wechat-payment-code', 'none', '微信付款码: 18 digits, first two 10–15', byText(/^1[0-5][0-9]{16}$/)),
  row('alipay-payment-code', 'none', '支付宝付款码: 16–24 digits, first two 25–30', ({ text, symbol }) => symbol !== 'retail' && /^(?:2[5-9]|30)[0-9]{14,22}$/.test(text)),
  row('unionpay-payment-code', 'none', '银联/云闪付付款码: 19 digits, first two 62', ({ text, symbol }) => /^62[0-9]{17}$/.test(text) && (symbol !== 'unknown' || !isLuhnNumber(text))),
  row('digital-yuan-payment-code', 'none', '数字人民币付款码: 19 digits, first two 01', byText(/^01[0-9]{17}$/)),
  row('wechat-collection-code', 'none', '微信收款码: wxp://', byLower(/^wxp:\/\//)),
  row('alipay-collection-code', 'none', '支付宝收款码/个人码: qr.alipay.com', anyOf(byHost('qr.alipay.com', 'm.alipay.com', 'render.alipay.com'), byLower(/^alipays?:\/\//), byLower(/^alipayqr:/))),
  row('unionpay-collection-code', 'none', '银联收款码: qr.95516.com', byHost('qr.95516.com', '.95516.com')),
  row('emv-collection-code', 'none', 'EMVCo merchant-presented QR: 000201', byText(/^000201[0-9]{2}[0-9]{2}/)),
  row('emv-payment-code', 'none', 'EMVCo consumer-presented QR: Base64 of tag 85, hQVDUFY', byText(/^hQVDUFY[0-9A-Za-z+/]+=*$/)),

  // Personal and application links.
  row('wechat-personal-code', 'none', '微信个人码/企业微信: u.wechat.com, work.weixin.qq.com', anyOf(byHost('u.wechat.com', 'work.weixin.qq.com'), byLower(/^https?:\/\/weixin\.qq\.com\/(?:r|g|x|q)\//))),
  row('wechat-link', 'none', '微信小程序/公众号: wxaurl.cn, mp.weixin.qq.com, weixin://', anyOf(byHost('wxaurl.cn', 'mp.weixin.qq.com', 'weixin.qq.com', '.weixin.qq.com'), byLower(/^weixin:\/\//))),
  row('contact-card', 'none', 'vCard (RFC 6350), MECARD, BIZCARD', byText(/^(?:BEGIN:VCARD|MECARD:|BIZCARD:)/i)),
  row('wifi', 'none', 'Wi-Fi configuration text', byText(/^WIFI:/i)),
  row('calendar-event', 'none', 'iCalendar (RFC 5545)', byText(/^BEGIN:(?:VEVENT|VCALENDAR)/i)),
  row('phone-number', 'none', 'tel: (RFC 3966), or a mainland mobile number', ({ text, lower }) => lower.startsWith('tel:') || isChinaCellNumber(text)),
  row('text-message', 'none', 'sms:, smsto:, mms: (RFC 5724)', byLower(/^(?:sms|smsto|mms|mmsto):/)),
  row('email', 'none', 'mailto: (RFC 6068), MATMSG, SMTP', byText(/^(?:mailto:|MATMSG:|SMTP:|[^\s@]+@[^\s@]+\.[A-Za-z]{2,}$)/i)),
  row('location', 'none', 'geo: (RFC 5870)', byLower(/^geo:/)),
  row('one-time-password', 'none', 'otpauth:', byLower(/^otpauth(?:-migration)?:\/\//)),
  row('boarding-pass', 'none', 'IATA Resolution 792 BCBP, fixed widths: M, number of legs, name, E, booking, from, to, carrier, flight', byText(/^M[1-4][A-Z][A-Z/ .-]{19}[E ][A-Z0-9 ]{7}[A-Z]{6}[A-Z0-9 ]{3}[0-9]{4}[A-Z ]/)),
  row('invoice', 'none', '发票二维码: 01,kind,code,number,amount,date…', byText(/^01,[0-9]{2},[0-9]{0,12},[0-9]{8,20},/)),

  // Plain numbers that mean something.
  row('uscc-text', 'none', 'GB 32100-2015 number alone: no authorisation in it', ({ text }) => isUscc(text.toUpperCase())),
  row('gs1-element-string', 'none', 'GS1 General Specifications: application identifiers, or a GS1 Digital Link', ({ text, symbol }) => isGs1Elements(text, symbol)),
  row('retail-barcode', 'none', 'EAN-13, EAN-8, UPC-A with check digit', ({ text, symbol }) => symbol === 'retail' || ((symbol === 'unknown' || symbol === 'linear') && hasEanCheckDigit(text))),
  row('bank-card-number', 'none', 'ISO/IEC 7812: 16–19 digits with Luhn digit, issuer 3–6', ({ text }) => /^[3-6][0-9]{15,18}$/.test(text) && isLuhnNumber(text)),
  row('parcel-label', 'none', '快递单号: SF, YT, ZTO, JD, EMS and S10 of the UPU', byText(/^(?:SF[0-9]{12,15}|YT[0-9]{13,18}|JD[A-Z]{0,2}[0-9]{11,16}(?:-[0-9]+-[0-9]+-?)?|JT[0-9]{13}|ZTO[0-9]{10,15}|7[0-9]{14}|[A-Z]{2}[0-9]{9}[A-Z]{2})$/)),
  row('case-number', 'none', '业务编号/排队号: letters, digits and hyphens in groups, as printed on queue tickets', byText(/^(?:[A-Z]{1,6}-(?:[0-9]{1,8}-){0,3}[0-9]{2,10}|[A-Z][0-9]{3,4})$/)),
  row('scanner-setting', 'none', 'configuration codes of scanner makers', byText(/^(?:@[A-Z]{3,}|\$%[A-Z]|\.\.?[A-Z]{3,6}[0-9]|NLS[0-9A-Z]{6,}|W?SETUP[0-9]*|\^[0-9A-Z]{4,}\^)/)),
  row('digits', 'none', 'digits that fit nothing above', byText(/^[0-9]+$/)),

  // Links and the rest.
  row('web-link', 'none', 'http, https, www. or a bare host name', byLower(/^(?:https?:\/\/|urlto:|www\.[a-z0-9-]+\.|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|gov)(?:[/?#]|$))/)),
  row('script-link', 'none', 'schemes that act instead of pointing: javascript:, data:, file:, intent:', byLower(/^(?:javascript|vbscript|data|file|intent|blob|view-source|about):/)),
  row('app-link', 'none', 'any other scheme with //', byLower(/^[a-z][a-z0-9+.-]{1,30}:\/\//)),
  row('structured-data', 'none', 'JSON or XML text', byText(/^(?:\{\s*(?:"[\s\S]*)?\}|\[[\s\S]*\]|<\?xml[\s\S]*|<[A-Za-z][\s\S]*>)$/)),
  row('encoded-data', 'none', 'hex, Base64 or JWT of 32 characters and more', byText(/^(?:[0-9A-Fa-f]{32,}|[0-9A-Za-z+/]{32,}={0,2}|[0-9A-Za-z_-]{16,}(?:\.[0-9A-Za-z_-]{8,}){1,4})$/)),
  row('other-barcode', 'none', 'a 1-D symbol with other content', ({ symbol }) => symbol === 'linear' || symbol === 'gs1'),
  row('chinese-text', 'none', 'words: two Han characters or more', byText(/[\u4e00-\u9fff][\s\S]*[\u4e00-\u9fff]/)),
  row('binary', 'none', 'octets without a text', ({ text, bytes, isUndecodable }) => isUndecodable || (bytes !== null && text === '') || /[\u0000-\u0008\ufffd]/.test(text)),
  row('unknown', 'none', 'content that fits nothing above', () => true),
] as const;

/** The identity of a kind; the window has a word for each. */
export type CodeKindId = (typeof rows)[number]['id'];

/** All kinds in order of priority. */
export const codeKindTable: readonly KindRow<CodeKindId>[] = rows;
