import { certificateScope } from '../../domain/consent-record.ts';
import type { SampleCertificate, SampleCompany, SampleInformation } from '../sample/sample-company.ts';

/** What the platform knows of companies: the source behind the information service and the certificate sharing. */
export interface CompanyRegister {
  readonly all: readonly SampleCompany[];
  find(companyId: string): SampleCompany | null;
  findByUscc(uscc: string): SampleCompany | null;
  findCertificate(certificateKey: string): HeldCertificate | null;
}

/** A certificate with its holder and its key. */
export interface HeldCertificate {
  readonly key: string;
  readonly company: SampleCompany;
  readonly certificate: SampleCertificate;
}

/** A register over a fixed list; a certificate's key is company, type and number, stable over restarts. */
export function createCompanyRegister(companies: readonly SampleCompany[]): CompanyRegister {
  const byId = new Map(companies.map((company) => [company.id, company]));
  const byUscc = new Map(companies.map((company) => [company.uscc, company]));
  const held = new Map(companies.flatMap(listCertificates).map((entry) => [entry.key, entry]));
  return {
    all: companies,
    find: (id) => byId.get(id) ?? null,
    findByUscc: (uscc) => byUscc.get(uscc) ?? null,
    findCertificate: (key) => held.get(key) ?? null,
  };
}

/** All certificates of a company with their keys, in the company's order. */
export function listCertificates(company: SampleCompany): HeldCertificate[] {
  return company.certificates.map((certificate) => ({
    key: `${company.id}/${certificate.typeCode}/${certificate.number}`,
    company,
    certificate,
  }));
}

/** The information groups that a consent record's xxlb grants, in the company's order (6.3.2 j: these and no others). */
export function grantedInformation(company: SampleCompany, scope: readonly string[]): SampleInformation[] {
  return company.information.filter((group) => scope.includes(group.oid));
}

/** The certificates that a consent record's xxlb grants. */
export function grantedCertificates(company: SampleCompany, scope: readonly string[]): HeldCertificate[] {
  return listCertificates(company).filter(({ certificate }) => scope.includes(certificateScope(certificate.typeCode)));
}
