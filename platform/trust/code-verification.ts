import type * as v from 'valibot';
import type { CodeVerifyReplySchema, CodeVerifyRequestSchema } from '../../domain/contracts/sharing.ts';
import type { EnterpriseVerdict } from '../../domain/contracts/enterprise.ts';
import type { EngineAnswer, VerifyRequest } from '../engine/code-engine.ts';
import type { CodeService } from '../engine/code-service.ts';
import type { HeadStatus } from '../head-status.table.ts';
import { type CompanyRegister, grantedCertificates, type HeldCertificate, listCertificates } from '../information/company-register.ts';
import { answer, type Outcome, refuse } from '../outcome.ts';
import type { SampleCompany } from '../sample/sample-company.ts';
import type { Tickets } from '../sharing/tickets.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { Account } from './accounts.ts';
import { serviceCodeSamples } from './service-codes.table.ts';

/** Table 10, output. */
export type CodeVerifyReply = v.InferOutput<typeof CodeVerifyReplySchema>;
type CodeVerifyRequest = v.InferOutput<typeof CodeVerifyRequestSchema>;

interface CodeVerificationDeps {
  readonly codes: Pick<CodeService, 'judge'>;
  readonly register: CompanyRegister;
  readonly tickets: Tickets;
  readonly storage: Storage;
}

const refusals: Record<Exclude<EnterpriseVerdict, 'valid'>, HeadStatus> = {
  expired: '41',
  used: '42',
  unknownCode: '40',
  badSignature: '43',
  granteeMismatch: '44',
  secondAuthentication: '45',
  confirmationRefused: '47',
  confirmationTimeout: '48',
  withdrawn: '33',
  keyRevoked: '49',
  keyExpired: '50',
};

/** 12.2.2 政务服务码验证: enterprise service codes made here, and the sample codes of the other kinds of the clause. */
export async function verifyServiceCode(
  deps: CodeVerificationDeps,
  caller: Account,
  request: CodeVerifyRequest,
): Promise<Outcome<CodeVerifyReply>> {
  const sample = serviceCodeSamples.get(request.qrCode);
  if (sample === undefined) return verifyOwnCode(deps, caller, request);
  const company = deps.register.find(sample.companyId);
  if (company === null) return refuse('40');
  const user = { userName: company.presenter, idCard: sample.idCard ?? company.uscc, phone: company.phone };
  return deps.storage.write(async (work) => answer(await printReply(deps, work, { caller, company, held: listCertificates(company), user })));
}

/** Whose certificates a code opens, of which types. */
export interface CodeHolder {
  readonly companyId: string;
  /** The grant behind it; empty where there is none that can be withdrawn. */
  readonly codeId: string;
  readonly certificateTypes: readonly string[];
}

/** What must be asked of the engine to find the holder behind a code; nothing for a code of another kind. */
export function printHolderRequests(caller: Account, { code, requestId }: { code: string; requestId: string }): VerifyRequest[] {
  return serviceCodeSamples.has(code) ? [] : [{ code, ...callerOf(caller), requestId }];
}

/** The holder behind a code of either kind, `engine` being what the engine said of it; null when the code is worth nothing. */
export function findCodeHolder(deps: Pick<CodeVerificationDeps, 'register'>, code: string, engine: EngineAnswer | undefined): CodeHolder | null {
  const sample = serviceCodeSamples.get(code);
  const company = deps.register.find(sample?.companyId ?? engine?.minted?.companyId ?? '');
  if (company === null || (sample === undefined && engine?.verdict !== 'valid')) return null;
  const held = sample !== undefined ? listCertificates(company) : grantedCertificates(company, engine?.minted?.record.xxlb ?? []);
  return { companyId: company.id, codeId: engine?.minted?.codeId ?? '', certificateTypes: [...new Set(held.map(({ certificate }) => certificate.typeCode))] };
}

function callerOf({ accountId, corpCode }: Account): { accountId: string; orgCode: string } {
  return { accountId, orgCode: corpCode };
}

async function verifyOwnCode(deps: CodeVerificationDeps, caller: Account, request: CodeVerifyRequest): Promise<Outcome<CodeVerifyReply>> {
  // The clause has no request id: asking again within the same case is the same use.
  const asked = { code: request.qrCode, ...callerOf(caller), requestId: `12.2.2/${request.bizNum}` };
  return deps.codes.judge([asked], async ([engine], work): Promise<Outcome<CodeVerifyReply>> => {
    const minted = engine?.minted ?? null;
    const company = minted === null ? null : deps.register.find(minted.companyId);
    if (engine !== undefined && engine.verdict !== 'valid') return refuse(refusals[engine.verdict]);
    if (minted === null || company === null) return refuse('40');
    const held = grantedCertificates(company, minted.record.xxlb ?? []);
    return answer(await printReply(deps, work, { caller, company, held, codeId: minted.codeId, user: { idCard: company.uscc } }));
  });
}

async function printReply(
  deps: CodeVerificationDeps,
  work: Work,
  facts: {
    caller: Account;
    company: SampleCompany;
    held: readonly HeldCertificate[];
    /** The grant that it comes from, where it is one that can be withdrawn. */
    codeId?: string;
    user: Omit<CodeVerifyReply['userInfo'], 'trustedToken'>;
  },
): Promise<CodeVerifyReply> {
  const bound = { accountId: facts.caller.accountId, companyId: facts.company.id, codeId: facts.codeId ?? '' };
  const certificateTypes = [...new Set(facts.held.map(({ certificate }) => certificate.typeCode))];
  const certificateList = [];
  for (const { key, certificate } of facts.held)
    certificateList.push({
      certificateId: await deps.tickets.issueCertificateId(work, { ...bound, certificateKey: key }),
      certificateType: certificate.type,
      issueDept: certificate.issueDept,
      certificateNumber: certificate.number,
      issueDate: certificate.issueDate,
    });
  const trustedToken = await deps.tickets.issueHolderToken(work, { ...bound, certificateTypes });
  return { userInfo: { ...facts.user, trustedToken }, certificateList };
}
