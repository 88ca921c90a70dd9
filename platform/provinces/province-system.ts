import type { CompanyRegister, HeldCertificate } from '../information/company-register.ts';
import { listCertificates } from '../information/company-register.ts';
import type { CertificateFile, CertificateFiles } from '../sharing/certificate-files.ts';
import { provinceOf } from './provinces.table.ts';

/** A provincial certificate system (电子证照管理系统), as the fusion service sees it. Rejects when it cannot answer. */
export interface ProvinceSystem {
  readonly id: string;
  readonly name: string;
  /** Every certificate that it holds of the company. */
  search(wanted: ProvinceSearch): Promise<readonly HeldCertificate[]>;
  /** Null: it has no such certificate. */
  file(certificateKey: string): Promise<CertificateFile | null>;
}

/** Whose certificates are asked for, and the holder token that opens them to this account. */
export interface ProvinceSearch {
  readonly companyId: string;
  readonly trustedToken: string;
  readonly accountId: string;
}

/** A system over the register's part that its province issued. */
export function createProvinceSystem(
  province: { readonly id: string; readonly name: string },
  deps: { readonly register: CompanyRegister; readonly files: CertificateFiles },
): ProvinceSystem {
  const isOurs = ({ company, certificate }: HeldCertificate) => provinceOf(company, certificate) === province.id;
  return {
    id: province.id,
    name: province.name,
    search: async ({ companyId }) => {
      const company = deps.register.find(companyId);
      return company === null ? [] : listCertificates(company).filter(isOurs);
    },
    file: async (key) => {
      const held = deps.register.findCertificate(key);
      return held !== null && isOurs(held) ? deps.files.get(held) : null;
    },
  };
}
