import { isUscc } from '../../domain/uscc.ts';
import type { MintRequest, PresenterCompany } from '../presenting/contract.ts';

/** What the holder has ticked for one company; `granteeMode` any ignores the two fields behind it. */
export interface Grant {
  readonly certificates: ReadonlySet<string>;
  readonly information: ReadonlySet<string>;
  readonly granteeMode: 'any' | 'named';
  readonly granteeName: string;
  readonly granteeCode: string;
  readonly retain: boolean;
  readonly download: boolean;
  readonly transfer: boolean;
  readonly oneTime: boolean;
  readonly askFirst: boolean;
  readonly minutes: number;
}

/** How long a grant may last, minutes; a code lives five (7.3.3). */
export const grantMinutes = [1, 3, 5] as const;

/** Titles that are ticked at first: what nearly every window needs, nothing of a person. */
const usualTitles = new Set(['基本信息', '资质许可']);

/** The grant a company starts with: all its certificates and the usual information, to any window, to look at and to file. */
export function createGrant(company: PresenterCompany): Grant {
  return {
    certificates: new Set(company.certificates.map(({ typeCode }) => typeCode)),
    information: new Set(company.information.filter(({ title }) => usualTitles.has(title)).map(({ oid }) => oid)),
    granteeMode: 'any',
    granteeName: '',
    granteeCode: '',
    retain: true,
    download: false,
    transfer: false,
    oneTime: false,
    askFirst: false,
    minutes: 5,
  };
}

/** What keeps a grant from being shown. */
export type GrantFault = 'nothing-granted' | 'grantee-name' | 'grantee-code';

/** The first fault of a grant, or null. */
export function findGrantFault(grant: Grant): GrantFault | null {
  if (grant.certificates.size + grant.information.size === 0) return 'nothing-granted';
  if (grant.granteeMode === 'any') return null;
  if (grant.granteeName.trim() === '') return 'grantee-name';
  return isUscc(normaliseCode(grant.granteeCode)) ? null : 'grantee-code';
}

/** The request that mints a code for a grant without fault; lists in the company's order. */
export function printMintRequest(company: PresenterCompany, grant: Grant): MintRequest {
  const { retain, download, transfer, oneTime, minutes } = grant;
  const grantee = { name: grant.granteeName.trim(), code: normaliseCode(grant.granteeCode) };
  return {
    companyId: company.id,
    certificateTypes: company.certificates.map(({ typeCode }) => typeCode).filter((code) => grant.certificates.has(code)),
    informationGroups: company.information.map(({ oid }) => oid).filter((oid) => grant.information.has(oid)),
    permissions: { retain, download, transfer },
    oneTime,
    minutes,
    ...(grant.granteeMode === 'named' ? { grantee } : {}),
    ...(grant.askFirst ? { secondAuthentication: true } : {}),
  };
}

/** Letters and digits in upper case: codes are pasted with blanks in them. */
function normaliseCode(text: string): string {
  return text.replace(/\s/g, '').toUpperCase();
}
