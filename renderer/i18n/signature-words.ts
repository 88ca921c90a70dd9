import type { SignatureView } from '../../domain/contracts/signature.ts';
import type { Language } from './language.ts';

interface Words {
  readonly 'zh-CN': string;
  readonly en: string;
}

type Step = SignatureView['findings'][number]['step'];

const steps: Readonly<Record<Step, Words>> = {
  'file-missing': { 'zh-CN': '缺少签名所需的文件', en: 'A file of the signature is missing' },
  structure: { 'zh-CN': '签名数据格式不明', en: 'The signature is not of a known form' },
  'reference-missing': { 'zh-CN': '受保护的文件缺失', en: 'A protected part is missing' },
  'reference-digest': { 'zh-CN': '受保护的内容已被改动', en: 'A protected part was changed' },
  'digest-method': { 'zh-CN': '摘要算法无法识别', en: 'The digest method is not known' },
  'weak-digest': { 'zh-CN': '摘要算法强度不足', en: 'The digest method is weak' },
  'data-hash': { 'zh-CN': '签名所指数据已被改动', en: 'The signed data was changed' },
  'signature-value': { 'zh-CN': '签名值不正确', en: 'The signature value is wrong' },
  'seal-differs': { 'zh-CN': '印章文件与签章所用印章不同', en: 'The seal file is not the seal that was used' },
  'signer-not-in-seal': { 'zh-CN': '签章人不在印章授权名单内', en: 'The signer may not use this seal' },
  'seal-maker': { 'zh-CN': '制章者签名不正确，印章可能系伪造', en: 'The seal is not by the maker it names' },
  'seal-validity': { 'zh-CN': '签章时印章不在有效期内', en: 'The seal was not valid when signing' },
  'signer-validity': { 'zh-CN': '签名时证书不在有效期内', en: "The signer's certificate was not valid when signing" },
  'maker-validity': { 'zh-CN': '签章时制章者证书不在有效期内', en: "The seal maker's certificate was not valid when signing" },
  'key-usage': { 'zh-CN': '证书不能用于签名', en: 'The certificate is not for signing' },
  'time-missing': { 'zh-CN': '没有签名时间', en: 'No time of signing is stated' },
  'issuer-unknown': { 'zh-CN': '签发机构不在本机信任列表中', en: 'The issuer is not among those trusted here' },
  'issuer-forged': { 'zh-CN': '冒用受信任机构的名称，签名不符', en: "A trusted issuer's name, but not its signature" },
  'issuer-unfit': { 'zh-CN': '证书链不符合要求', en: 'The chain to the issuer does not fit' },
  'maker-untrusted': { 'zh-CN': '制章者不在本机信任列表中', en: 'The seal maker is not among those trusted here' },
  'certificate-missing': { 'zh-CN': '签名中没有签名人证书', en: "The signer's certificate is missing" },
  'key-unsupported': { 'zh-CN': '本机不能核验此类密钥', en: 'This kind of key cannot be checked here' },
  'not-covered': { 'zh-CN': '所见内容有一部分未受签名保护', en: 'Parts of what is shown are not covered' },
  'properties-not-covered': { 'zh-CN': '文档属性未受签名保护', en: "The document's properties are not covered" },
  'byte-range': { 'zh-CN': '签名覆盖范围不合规则', en: 'The byte range breaks the rules' },
  'changed-after': { 'zh-CN': '签名之后文件又被改动', en: 'The file was changed after signing' },
  encrypted: { 'zh-CN': '文件已加密', en: 'The file is encrypted' },
  'time-claimed': { 'zh-CN': '时间为签名人自称，无时间戳', en: "The time is the signer's own claim" },
  'expired-since': { 'zh-CN': '证书在签名后已到期', en: 'The certificate has expired since' },
  'revocation-checked': { 'zh-CN': '按已有吊销列表，证书未吊销', en: 'Not revoked, by a list at hand' },
  revoked: { 'zh-CN': '证书已被吊销', en: 'The certificate is revoked' },
  'maker-revoked': { 'zh-CN': '制章者的证书已被吊销', en: 'The certificate of the seal’s maker was revoked' },
  'revoked-since': { 'zh-CN': '证书在签名并盖时间戳之后才被吊销', en: 'Revoked after this was signed and time-stamped' },
  timestamp: { 'zh-CN': '签名时间由可信时间戳证明', en: 'A trusted time stamp says when' },
  'timestamp-untrusted': { 'zh-CN': '有时间戳且成立，但签发机构未受信任', en: 'A time stamp holds, but nobody here vouches for its authority' },
  'timestamp-invalid': { 'zh-CN': '时间戳不成立', en: 'The time stamp does not hold' },
  'revocation-unchecked': { 'zh-CN': '未查询证书是否吊销', en: 'Revocation was not checked' },
  'signed-again': { 'zh-CN': '之后另有签名', en: 'Signed again later' },
};

/** A step of verification in words, for when it failed or has a remark. */
export function printSignatureStep(step: Step, language: Language): string {
  return steps[step][language];
}
