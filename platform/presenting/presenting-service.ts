import { certificateScope } from '../../domain/consent-record.ts';
import { parseCzqx, printCzqx } from '../../domain/permissions.ts';
import { codeLifeMs, type MintedCode } from '../engine/code-engine.ts';
import type { CodeStanding, GrantStanding } from '../engine/grant-standing.ts';
import type { CodeService } from '../engine/code-service.ts';
import type { AccessLog } from '../information/access-log.ts';
import { type CompanyRegister, grantedCertificates, grantedInformation, type HeldCertificate } from '../information/company-register.ts';
import type { SampleCompany } from '../sample/sample-company.ts';
import type { CodeStatus, GrantLine, MintRequest, PresenterCompany, SessionReply, View } from './contract.ts';
import type { Holder, Sessions } from './sessions.ts';

/** What the presenting side (亮码端) may do: 6.3.2 a–f, 6.2 b, 5.4.4. Whoever asks is logged in and asks of their company. */
export interface PresentingService {
  companies(): PresenterCompany[];
  /** Logs in with a simulated e-licence identity; null for a company that is none. */
  logIn(holder: Holder): Promise<SessionReply | null>;
  logOut(token: string): Promise<void>;
  find(token: string): Promise<Holder | null>;
  /** Refuses what the company does not have, and a consent to nothing. */
  mint(holder: Holder, request: MintRequest): Promise<MintOutcome>;
  /** Null for a code that is not the company's. */
  status(holder: Holder, codeId: string): Promise<CodeStatus | null>;
  viewsOfCode(holder: Holder, codeId: string): Promise<View[]>;
  /** The last seven days. */
  viewsOfCompany(holder: Holder): Promise<View[]>;
  /** The last seven days. */
  grants(holder: Holder): Promise<GrantLine[]>;
  /** The second authentication, which is the legal representative's alone; `gone` when there is nothing to decide any more. */
  decide(holder: Holder, codeId: string, isGranted: boolean): Promise<'done' | 'not-theirs' | 'gone'>;
  /** Takes a grant back, at once and for good; false for one that is not the company's. */
  withdraw(holder: Holder, codeId: string): Promise<boolean>;
}

/** The code, or why none was made, worded for the holder. */
export type MintOutcome =
  | { readonly ok: true; readonly minted: MintedCode }
  | { readonly ok: false; readonly code: 'unknown-company' | 'not-held' | 'nothing-granted'; readonly message: string };

interface PresentingDeps {
  readonly codes: Omit<CodeService, 'judge'>;
  readonly register: CompanyRegister;
  readonly accessLog: AccessLog;
  readonly sessions: Sessions;
  /** Told which certificates a code that was just made may soon be asked for; must not keep the holder waiting. */
  readonly expect: (certificates: readonly HeldCertificate[]) => void;
  readonly now: () => number;
}

const weekMs = 7 * 24 * 3600 * 1000;

/** The service behind the presenter page. */
export function createPresentingService(deps: PresentingDeps): PresentingService {
  const isOf = async (holder: Holder, codeId: string) => (await deps.codes.standing(codeId))?.companyId === holder.companyId;
  return {
    companies: () => deps.register.all.map(printCompany),
    logIn: (holder) => logIn(deps, holder),
    logOut: (token) => deps.sessions.close(token),
    find: (token) => deps.sessions.find(token),
    mint: (holder, request) => mint(deps, holder, request),
    status: (holder, codeId) => readStatus(deps, holder, codeId),
    viewsOfCode: async (holder, codeId) => ((await isOf(holder, codeId)) ? deps.accessLog.listByCode(codeId) : []),
    viewsOfCompany: ({ companyId }) => deps.accessLog.listByCompany(companyId, deps.now() - weekMs),
    grants: (holder) => listGrants(deps, holder),
    decide: async (holder, codeId, isGranted) => {
      if (!(await isOf(holder, codeId))) return 'gone';
      if (holder.role !== 'legal') return 'not-theirs';
      return (await deps.codes.confirm(codeId, isGranted)) ? 'done' : 'gone';
    },
    withdraw: ({ companyId }, codeId) => deps.codes.withdraw({ codeId, companyId }),
  };
}

async function logIn(deps: PresentingDeps, holder: Holder): Promise<SessionReply | null> {
  const company = deps.register.find(holder.companyId);
  if (company === null) return null;
  const { token, expiresAt } = await deps.sessions.open(holder);
  const name = holder.role === 'legal' ? company.legalRepresentative : company.presenter;
  return { token, ...holder, name, expiresAt: new Date(expiresAt).toISOString() };
}

async function mint(deps: PresentingDeps, holder: Holder, request: MintRequest): Promise<MintOutcome> {
  const company = deps.register.find(holder.companyId);
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
    holderRole: holder.role,
    minutes: request.minutes ?? codeLifeMs / 60_000,
  });
  deps.expect(grantedCertificates(company, scope));
  return { ok: true, minted };
}

async function readStatus(deps: PresentingDeps, holder: Holder, codeId: string): Promise<CodeStatus | null> {
  const standing = await deps.codes.standing(codeId);
  if (standing?.companyId !== holder.companyId) return null;
  const now = deps.now();
  return { state: stateOf(standing, now), expiresAt: printIso(standing.expiresAt), now: printIso(now), views: await countLooks(deps, codeId) };
}

/** How often something was shown: a window that waited, or was refused, saw nothing. */
async function countLooks(deps: PresentingDeps, codeId: string): Promise<number> {
  return (await deps.accessLog.listByCode(codeId)).filter(({ verdict }) => verdict === 'valid').length;
}

async function listGrants(deps: PresentingDeps, { companyId }: Holder): Promise<GrantLine[]> {
  const company = deps.register.find(companyId);
  if (company === null) return [];
  const now = deps.now();
  const lines: GrantLine[] = [];
  for (const grant of await deps.codes.grants(companyId, now - weekMs))
    lines.push({ ...printGrant(company, grant, now), views: await countLooks(deps, grant.codeId) });
  return lines;
}

function printGrant(company: SampleCompany, grant: GrantStanding, now: number): Omit<GrantLine, 'views'> {
  const scope = grant.record.xxlb ?? [];
  const granted = parseCzqx(grant.record.czqx);
  return {
    id: grant.codeId,
    state: stateOf(grant, now),
    mintedAt: printIso(grant.mintedAt),
    expiresAt: printIso(grant.expiresAt),
    role: grant.holderRole,
    items: [...grantedCertificates(company, scope).map(({ certificate }) => certificate.type), ...grantedInformation(company, scope).map(({ title }) => title)],
    grantee: grant.record.bsqzt?.bsqzxm ?? null,
    permissions: (['retain', 'download', 'transfer'] as const).filter((bit) => granted?.[bit] === true),
    oneTime: grant.oneTime,
    secondAuthentication: grant.secondAuthentication,
  };
}

function stateOf(standing: CodeStanding, now: number): CodeStatus['state'] {
  if (standing.withdrawn) return 'withdrawn';
  if (standing.used) return 'used';
  if (standing.refused) return 'refused';
  if (now >= standing.expiresAt) return 'expired';
  if (standing.awaitingConfirmation) return 'awaiting-confirmation';
  return standing.verified ? 'verified' : 'shown';
}

function printIso(ms: number): string {
  return new Date(ms).toISOString();
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
