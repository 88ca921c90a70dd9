import type { EnterpriseQuery, EnterpriseReply, InformationGroup } from '../../domain/contracts/enterprise.ts';
import type { EngineAnswer } from '../engine/code-engine.ts';
import type { CodeService } from '../engine/code-service.ts';
import type { HolderRole } from '../engine/grant-standing.ts';
import { answer, type Outcome, refuse } from '../outcome.ts';
import type { SampleCompany } from '../sample/sample-company.ts';
import type { Tickets } from '../sharing/tickets.ts';
import type { Reader, Storage, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { Account } from '../trust/accounts.ts';
import { type AccessLog, toAccess } from './access-log.ts';
import { type CompanyRegister, grantedCertificates, grantedInformation } from './company-register.ts';

/**
 * The enterprise information service (C 0300-2021 6.3.1 c): it gives what the holder granted and only after the code
 * engine, asked through its interface, has called the code valid. It keeps who asked and when (6.3.2).
 */
export interface InformationService {
  /** Answers one query; the same request id gets the same answer again. */
  query(account: Asking, query: EnterpriseQuery): Promise<Outcome<EnterpriseReply>>;
  /** Forgets answers that nobody will ask for again; the access log stays. */
  purge(work: Work): Promise<void>;
}

/** Who asks, as far as the service has to know: a peer of this platform, or one that another platform vouches for. */
export type Asking = Pick<Account, 'accountId' | 'corpCode' | 'corpName'>;

/** Longer than any client retries, and no longer than granted data should lie about. */
const answerLifeMs = 24 * 3600 * 1000;

/** What the service works with; of the engine it knows the one question it may ask (6.3.2 i). */
export interface InformationServiceDeps {
  readonly codes: Pick<CodeService, 'judge' | 'isWithdrawn'>;
  readonly register: CompanyRegister;
  readonly tickets: Tickets;
  readonly accessLog: AccessLog;
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly source: string;
  readonly now: () => number;
}

/** A service that asks the engine, and answers and records in one unit of work. */
export function createInformationService(deps: InformationServiceDeps): InformationService {
  return {
    query: (account, query) => answerQuery(deps, account, query),
    purge: async (work) => {
      await work.deleteFrom('query_answer').where('answered_at', '<=', deps.now() - answerLifeMs).execute();
    },
  };
}

async function answerQuery(deps: InformationServiceDeps, account: Asking, query: EnterpriseQuery): Promise<Outcome<EnterpriseReply>> {
  const { operatorCredential: operator, requestId } = query;
  // A credential for another organisation than the one enrolled would make every named grantee worthless.
  if (operator.orgCode !== account.corpCode) return refuse('15');
  const codeDigest = digestText(query.code);
  const given = await readGiven(deps, deps.storage.db, account, requestId);
  if (given !== null && given.codeDigest !== codeDigest) return refuse('16');
  // What was given once is not given again when the holder has taken it back (6.2 b).
  if (given !== null && !(await deps.codes.isWithdrawn(query.code))) return answer(given.reply);
  const asked = { code: query.code, accountId: account.accountId, orgCode: operator.orgCode, requestId };
  return deps.codes.judge([asked], ([engine], work) => answerJudged(deps, work, { account, query, codeDigest }, engine));
}

async function answerJudged(
  deps: InformationServiceDeps,
  work: Work,
  asked: { readonly account: Asking; readonly query: EnterpriseQuery; readonly codeDigest: string },
  engine: EngineAnswer | undefined,
): Promise<Outcome<EnterpriseReply>> {
  if (engine === undefined) throw new Error('the engine gave no answer');
  const { account, codeDigest, query } = asked;
  const { requestId } = query;
  const reply = { requestId, ...(await printReply(deps, work, account, engine)) };
  if (engine.minted !== null) await deps.accessLog.add(work, toAccess({ account, query, engine, reply, minted: engine.minted }));
  // Waiting for the holder is no answer yet: the same request may be asked again when the holder has confirmed.
  if (engine.verdict === 'secondAuthentication' || engine.verdict === 'withdrawn') return answer(reply);
  if (await keepGiven(deps, work, { account, requestId, codeDigest, reply })) return answer(reply);
  // The same request, asked twice at once of two processes: both get the answer that was written first.
  const first = await readGiven(deps, work, account, requestId);
  return first?.codeDigest === codeDigest ? answer(first.reply) : refuse('16');
}

async function printReply(deps: InformationServiceDeps, work: Work, account: Asking, engine: EngineAnswer): Promise<EnterpriseReply> {
  const facts = {
    verdict: engine.verdict,
    verifiedAt: printIso(engine.verifiedAt),
    oneTime: engine.minted?.oneTime ?? false,
    expiresAt: printIso(engine.minted?.expiresAt ?? engine.verifiedAt),
    ...(engine.usedAt === null ? {} : { usedAt: printIso(engine.usedAt) }),
  };
  const company = engine.minted === null ? null : deps.register.find(engine.minted.companyId);
  if (engine.verdict !== 'valid' || engine.minted === null || company === null) return facts;
  return { ...facts, ...(await printGranted(deps, work, { account, company, minted: engine.minted })) };
}

async function printGranted(
  deps: InformationServiceDeps,
  work: Work,
  grant: { account: Asking; company: SampleCompany; minted: NonNullable<EngineAnswer['minted']> },
): Promise<Partial<EnterpriseReply>> {
  const { account, company, minted: { codeId, record, holderRole } } = grant;
  const scope = record.xxlb ?? [];
  const groups = grantedInformation(company, scope);
  const certificates = grantedCertificates(company, scope);
  const bound = { accountId: account.accountId, companyId: company.id, codeId };
  const certList = [];
  for (const { key, certificate } of certificates)
    certList.push({
      certificateID: await deps.tickets.issueCertificateId(work, { ...bound, certificateKey: key }),
      certificateType: certificate.type,
      certificateTypeCode: certificate.typeCode,
      issueDept: certificate.issueDept,
      certificateNumber: certificate.number,
      issueDate: certificate.issueDate,
      validUntil: certificate.validUntil,
    });
  const certificateTypes = [...new Set(certificates.map(({ certificate }) => certificate.typeCode))];
  return {
    subject: printSubject(company, scope, holderRole),
    authRecord: record,
    infoList: groups.map(({ oid, title }) => ({ oid, title })),
    certList,
    data: Object.fromEntries(groups.map((group): [string, InformationGroup] => [group.oid, copyGroup(group)])),
    source: deps.source,
    trustedToken: await deps.tickets.issueHolderToken(work, { ...bound, certificateTypes }),
  };
}

/** The head of the company is named only where something granted names it anyway, or it is who showed the code and stands at the window. */
function printSubject(company: SampleCompany, scope: readonly string[], presenterRole: HolderRole): NonNullable<EnterpriseReply['subject']> {
  const head = company.legalRepresentative;
  const isNamed =
    grantedInformation(company, scope).some((group) => group.fields.some((field) => field.value === head)) ||
    grantedCertificates(company, scope).some(({ certificate }) => Object.values(certificate.surface).includes(head));
  return {
    name: company.name,
    uscc: company.uscc,
    type: company.type,
    ...(isNamed ? { legalRepresentative: head } : {}),
    presenter: presenterRole === 'legal' ? head : company.presenter,
    presenterRole,
  };
}

function copyGroup(group: SampleCompany['information'][number]): InformationGroup {
  return {
    title: group.title,
    fields: group.fields.map(({ label, value, personal }) => (personal === undefined ? { label, value } : { label, value, personal })),
  };
}

interface Given {
  readonly account: Asking;
  readonly requestId: string;
  readonly codeDigest: string;
  readonly reply: EnterpriseReply;
}

async function keepGiven(deps: InformationServiceDeps, work: Work, given: Given): Promise<boolean> {
  const { accountId } = given.account;
  const kept = await work
    .insertInto('query_answer')
    .values({
      account_id: accountId,
      request_id: given.requestId,
      code_digest: given.codeDigest,
      answer_sealed: deps.sealing.sealJson(`query_answer/${accountId}/${given.requestId}`, given.reply),
      answered_at: deps.now(),
    })
    .onConflict((conflict) => conflict.columns(['account_id', 'request_id']).doNothing())
    .executeTakeFirst();
  return kept.numInsertedOrUpdatedRows === 1n;
}

async function readGiven(
  deps: InformationServiceDeps,
  from: Reader,
  account: Asking,
  requestId: string,
): Promise<{ codeDigest: string; reply: EnterpriseReply } | null> {
  const { accountId } = account;
  const row = await from
    .selectFrom('query_answer')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('request_id', '=', requestId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const reply = deps.sealing.openJson(`query_answer/${accountId}/${requestId}`, row.answer_sealed) as EnterpriseReply;
  return { codeDigest: row.code_digest, reply };
}

function printIso(ms: number): string {
  return new Date(ms).toISOString();
}
