import { certificateKinds } from './certificate-kinds.table.ts';
import type { CertificateType, HolderFact } from './certificate-kinds.table.ts';

/** What kind of subject a company is; decides how its head is called and which sector its code begins with. */
export type SampleSubjectKind =
  | 'company'
  | 'branch'
  | 'partnership'
  | 'sole-proprietor'
  | 'individual-business'
  | 'cooperative'
  | 'law-firm';

/** Marks a value that the window masks until it is asked for. */
export type PersonalField = 'name' | 'id' | 'phone';

export interface SampleField {
  readonly label: string;
  readonly value: string;
  readonly personal?: PersonalField;
}

/** One group of enterprise information that a code can grant; `oid` is the xxlb entry (C 0300-2021 6.1.2). */
export interface SampleInformation {
  readonly oid: string;
  readonly title: string;
  readonly fields: readonly SampleField[];
}

/** A certificate as issued. Dates are YYYY-MM-DD, `validUntil` may be 长期; `surface` is in the order of the face. */
export interface SampleCertificate {
  readonly type: CertificateType;
  readonly typeCode: string;
  readonly number: string;
  readonly issueDept: string;
  readonly issueDate: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly format: 'PDF' | 'OFD';
  readonly surface: Readonly<Record<string, string>>;
}

/** A fictional subject of the Yangtze delta with everything that the reference platform can say of it. */
export interface SampleCompany {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
  readonly type: string;
  readonly subjectKind: SampleSubjectKind;
  readonly legalRepresentative: string;
  readonly presenter: string;
  readonly address: string;
  readonly registeredCapital: string;
  readonly established: string;
  readonly businessScope: string;
  readonly phone: string;
  readonly information: readonly SampleInformation[];
  readonly certificates: readonly SampleCertificate[];
}

/** A licence beside the business licence; `items` are the lines of its face that the holder's own facts do not give. */
export interface PermitFacts {
  readonly type: Exclude<CertificateType, '营业执照'>;
  readonly number: string;
  readonly issueDept: string;
  readonly issueDate: string;
  readonly validFrom?: string;
  readonly validUntil: string;
  readonly format?: 'PDF' | 'OFD';
  readonly items: Readonly<Record<string, string>>;
}

/** One row of the company table, from which the rest is derived. */
export interface CompanyFacts
  extends Omit<SampleCompany, 'information' | 'certificates' | 'established'> {
  readonly established: string;
  readonly term: string;
  readonly headIdNumber: string;
  readonly registration: {
    readonly number: string;
    readonly authority: string;
    readonly date: string;
    readonly format: 'PDF' | 'OFD' | 'none';
  };
  readonly credit: Readonly<Record<string, string>>;
  readonly finance: Readonly<Record<string, string>>;
  readonly permits: readonly PermitFacts[];
}

/** Makes a company of its facts: business licence first, then its permits, and the information groups of it. */
export function createSampleCompany(facts: CompanyFacts): SampleCompany {
  const { term: _term, headIdNumber: _id, registration, credit, finance, permits, ...subject } = facts;
  const certificates = permits.map((permit) => permitCertificate(facts, permit));
  if (registration.format !== 'none') certificates.unshift(businessLicence(facts, registration.format));
  return {
    ...subject,
    certificates,
    information: [
      basicInformation(facts),
      personInformation(facts),
      { oid: oid('02.01.01.00'), title: '资质许可', fields: certificates.map(permitField) },
      { oid: oid('03.01.01.00'), title: '信用奖惩', fields: asFields(credit) },
      { oid: oid('04.01.01.00'), title: '财务信息', fields: asFields(finance) },
    ],
  };
}

/** The face of a business licence calls the head, the capital and the place by names that depend on the kind of subject. */
const licenceWords: Record<SampleSubjectKind, { head: string; capital: string; place: string }> = {
  company: { head: '法定代表人', capital: '注册资本', place: '住所' },
  branch: { head: '负责人', capital: '', place: '经营场所' },
  partnership: { head: '执行事务合伙人', capital: '出资额', place: '主要经营场所' },
  'sole-proprietor': { head: '投资人', capital: '出资额', place: '住所' },
  'individual-business': { head: '经营者', capital: '', place: '经营场所' },
  cooperative: { head: '法定代表人', capital: '成员出资总额', place: '住所' },
  'law-firm': { head: '负责人', capital: '设立资产', place: '住所' },
};

function businessLicence(facts: CompanyFacts, format: 'PDF' | 'OFD'): SampleCertificate {
  const words = licenceWords[facts.subjectKind];
  const { registration } = facts;
  return {
    type: '营业执照',
    typeCode: certificateKinds['营业执照'].typeCode,
    number: registration.number,
    issueDept: registration.authority,
    issueDate: registration.date,
    validFrom: facts.established,
    validUntil: facts.term,
    format,
    surface: {
      统一社会信用代码: facts.uscc,
      名称: facts.name,
      类型: facts.type,
      [words.head]: facts.legalRepresentative,
      ...(words.capital === '' ? {} : { [words.capital]: facts.registeredCapital }),
      成立日期: printChineseDate(facts.established),
      [words.place]: facts.address,
      经营范围: facts.businessScope,
      登记机关: registration.authority,
      登记日期: printChineseDate(registration.date),
    },
  };
}

function permitCertificate(facts: CompanyFacts, permit: PermitFacts): SampleCertificate {
  const kind = certificateKinds[permit.type];
  const holder: Record<HolderFact, string> = facts;
  const validFrom = permit.validFrom ?? permit.issueDate;
  return {
    type: permit.type,
    typeCode: kind.typeCode,
    number: permit.number,
    issueDept: permit.issueDept,
    issueDate: permit.issueDate,
    validFrom,
    validUntil: permit.validUntil,
    format: permit.format ?? 'PDF',
    surface: {
      [kind.numberLabel]: permit.number,
      ...Object.fromEntries(kind.holderItems.map(([label, fact]) => [label, holder[fact]])),
      ...permit.items,
      ...(kind.validityLabel === '' ? {} : { [kind.validityLabel]: printValidity(validFrom, permit.validUntil) }),
      [kind.authorityLabel]: permit.issueDept,
      [kind.dateLabel]: printChineseDate(permit.issueDate),
    },
  };
}

/** Prints YYYY-MM-DD as 2026年11月21日, and anything else (长期) as it is. */
export function printChineseDate(date: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return parts === null ? date : `${parts[1]}年${parts[2]}月${parts[3]}日`;
}

function printValidity(from: string, until: string): string {
  return `${printChineseDate(from)}至${printChineseDate(until)}`;
}

function basicInformation(facts: CompanyFacts): SampleInformation {
  const words = licenceWords[facts.subjectKind];
  return {
    oid: oid('01.01.01.00'),
    title: '基本信息',
    fields: [
      { label: '名称', value: facts.name },
      { label: '统一社会信用代码', value: facts.uscc },
      { label: '类型', value: facts.type },
      { label: words.head, value: facts.legalRepresentative, personal: 'name' },
      ...(words.capital === '' ? [] : [{ label: words.capital, value: facts.registeredCapital }]),
      { label: '成立日期', value: facts.established },
      { label: '经营期限', value: `${facts.established} 至 ${facts.term}` },
      { label: words.place, value: facts.address },
      { label: '登记机关', value: facts.registration.authority },
      { label: '登记状态', value: '存续（在营、开业、在册）' },
      { label: '经营范围', value: facts.businessScope },
    ],
  };
}

function personInformation(facts: CompanyFacts): SampleInformation {
  return {
    oid: oid('01.02.01.00'),
    title: '人员信息',
    fields: [
      { label: licenceWords[facts.subjectKind].head, value: facts.legalRepresentative, personal: 'name' },
      { label: '公民身份号码', value: facts.headIdNumber, personal: 'id' },
      { label: '经办人', value: facts.presenter, personal: 'name' },
      { label: '联系电话', value: facts.phone, personal: 'phone' },
    ],
  };
}

function permitField(certificate: SampleCertificate): SampleField {
  return { label: certificate.type, value: `${certificate.number}（有效期至 ${certificate.validUntil}）` };
}

function asFields(items: Readonly<Record<string, string>>): SampleField[] {
  return Object.entries(items).map(([label, value]) => ({ label, value }));
}

/** The standard shows the shape only; the sixteen digits are this platform's register, the tail its catalogue. */
function oid(tail: string): string {
  return `1.2.156.3002.3100000000000001.${tail}`;
}
