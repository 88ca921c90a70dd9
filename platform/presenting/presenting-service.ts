import { certificateScope } from '../../domain/consent-record.ts';
import { printCzqx } from '../../domain/permissions.ts';
import type { CodeStanding, MintedCode } from '../engine/code-engine.ts';
import type { CodeService } from '../engine/code-service.ts';
import type { AccessLog } from '../information/access-log.ts';
import { type CompanyRegister, grantedCertificates, type HeldCertificate } from '../information/company-register.ts';
import type { SampleCompany } from '../sample/sample-company.ts';
import type { CodeStatus, MintRequest, PresenterCompany, View } from './contract.ts';

/** What the presenting side (亮码端) may do: 6.3.2 a–f, 6.2 b, 5.4.4. */
export interface PresentingService {
  companies(): PresenterCompany[];
  /** Refuses what the company does not have, and a consent to nothing. */
  mint(request: MintRequest): Promise<MintOutcome>;
  status(codeId: string): Promise<CodeStatus | null>;
  viewsOfCode(codeId: string): Promise<View[]>;
  /** The last seven days. */
  viewsOfCompany(companyId: string): Promise<View[]>;
  /** The second authentication; false when there is no such code to confirm any more. */
  confirm(codeId: string): Promise<boolean>;
}

/** The code, or why none was made, worded for the holder. */
export type MintOutcome =
  | { readonly ok: true; readonly minted: MintedCode }
  | { readonly ok: false; readonly code: 'unknown-company' | 'not-held' | 'nothing-granted'; readonly message: string };

interface PresentingDeps {
  readonly codes: Omit<CodeService, 'judge'>;
  readonly register: CompanyRegister;
  readonly accessLog: AccessLog;
  /** Told which certificates a code that was just made may soon be asked for; must not keep the holder waiting. */
  readonly expect: (certificates: readonly HeldCertificate[]) => void;
  readonly now: () => number;
}

const weekMs = 7 * 24 * 3600 * 1000;

/** The service behind the presenter page. */
export function createPresentingService(deps: PresentingDeps): PresentingService {
  return {
    companies: () => deps.register.all.map(printCompany),
    mint: (request) => mint(deps, request),
    status: (codeId) => readStatus(deps, codeId),
    viewsOfCode: (codeId) => deps.accessLog.listByCode(codeId),
    viewsOfCompany: (companyId) => deps.accessLog.listByCompany(companyId, deps.now() - weekMs),
    confirm: (codeId) => deps.codes.confirm(codeId),
  };
}

async function mint(deps: PresentingDeps, request: MintRequest): Promise<MintOutcome> {
  const company = deps.register.find(request.companyId);
  if (company === null) return { ok: false, code: 'unknown-company', message: '没有这家企业' };
  const { certificateTypes, informationGroups } = request;
  const holdsAll =
    certificateTypes.every((code) => company.certificates.some(({ typeCode }) => typeCode === code)) &&
    informationGroups.every((oid) => company.information.some((group) => group.oid === oid));
  if (!holdsAll) return { ok: false, code: 'not-held', message: '所选证照或信息不属于该企业' };
  const scope = [...informationGroups, ...certificateTypes.map(certificateScope)];
  if (scope.length === 0) return { ok: false, code: 'nothing-granted', message: '请至少选择一项授权内容' };
  const minted = await deps.codes.mint({
    companyId: company.id,
    subject: { name: company.name, uscc: company.uscc },
    grantee: request.grantee ?? null,
    scope,
    permissions: printCzqx({ read: true, ...request.permissions }),
    oneTime: request.oneTime,
    secondAuthentication: request.secondAuthentication ?? false,
  });
  deps.expect(grantedCertificates(company, scope));
  return { ok: true, minted };
}

async function readStatus(deps: PresentingDeps, codeId: string): Promise<CodeStatus | null> {
  const standing = await deps.codes.standing(codeId);
  if (standing === null) return null;
  const now = deps.now();
  const views = await deps.accessLog.listByCode(codeId);
  return {
    state: stateOf(standing, now),
    expiresAt: new Date(standing.expiresAt).toISOString(),
    now: new Date(now).toISOString(),
    views: views.length,
  };
}

function stateOf(standing: CodeStanding, now: number): CodeStatus['state'] {
  if (standing.used) return 'used';
  if (now >= standing.expiresAt) return 'expired';
  if (standing.awaitingConfirmation) return 'awaiting-confirmation';
  return standing.verified ? 'verified' : 'shown';
}

function printCompany(company: SampleCompany): PresenterCompany {
  const { id, name, uscc, type, subjectKind, presenter } = company;
  return {
    id,
    name,
    uscc,
    type,
    subjectKind,
    presenter,
    information: company.information.map(({ oid, title }) => ({ oid, title })),
    certificates: company.certificates.map(({ typeCode, type: certificateType, issueDept, validUntil, format }) => ({
      typeCode,
      type: certificateType,
      issueDept,
      validUntil,
      format,
    })),
  };
}
