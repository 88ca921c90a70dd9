import type * as v from 'valibot';
import type {
  ByHolderRequest,
  ByIdRequest,
  CatalogueReplySchema,
  FileEntry,
  FileReplySchema,
  InfoEntry,
  InfoReplySchema,
  ScenariosReplySchema,
  SearchHit,
  SearchReplySchema,
  SearchRequestSchema,
} from '../../domain/contracts/sharing.ts';
import { type CompanyRegister, type HeldCertificate, listCertificates } from '../information/company-register.ts';
import type { Fusion } from '../provinces/fusion.ts';
import { successHead } from '../head-status.table.ts';
import { answer, type Outcome, type Refusal, refuse } from '../outcome.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { Account } from '../trust/accounts.ts';
import type { TrustService } from '../trust/trust-service.ts';
import type { CertificateFile } from './certificate-files.ts';
import type { ListsInForce, PublishedLists } from './published-lists.ts';
import type { ScenarioRules } from './scenario-rules.ts';
import { type Tickets, withdrawn } from './tickets.ts';

/** The certificate sharing service (融合共享): clauses 12.1.3–12.1.9 of the delta specification. */
export interface SharingService {
  /** 12.1.3, the whole catalogue. */
  catalogue(): Promise<Outcome<v.InferOutput<typeof CatalogueReplySchema>>>;
  /** 12.1.4, for the caller's own application only. */
  scenarios(caller: Account, request: { appId: string }): Promise<Outcome<v.InferOutput<typeof ScenariosReplySchema>>>;
  /** 12.1.5: what the holder token grants, the matter may ask for, and is in force. */
  search(caller: Account, request: v.InferOutput<typeof SearchRequestSchema>): Promise<Outcome<v.InferOutput<typeof SearchReplySchema>>>;
  /** 12.1.6: one file with a download address that works once. */
  fileById(caller: Account, request: ByIdRequest): Promise<Outcome<v.InferOutput<typeof FileReplySchema>>>;
  /** 12.1.7: the files of what a search with the same words would find. */
  filesByHolder(caller: Account, request: ByHolderRequest): Promise<Outcome<v.InferOutput<typeof FileReplySchema>>>;
  /** 12.1.9: the data of what a search with the same words would find. */
  infoByHolder(caller: Account, request: ByHolderRequest): Promise<Outcome<v.InferOutput<typeof InfoReplySchema>>>;
  /** 12.1.8: the certificate's data and its face. */
  infoById(caller: Account, request: ByIdRequest): Promise<Outcome<v.InferOutput<typeof InfoReplySchema>>>;
  /** What a `fileUrl` gives, once and within its minute; null for an id that gives nothing (any more). */
  download(fileId: string): Promise<CertificateFile | null>;
}

interface SharingDeps {
  readonly lists: Pick<PublishedLists, 'read'>;
  readonly register: CompanyRegister;
  readonly tickets: Tickets;
  /** Asked whom a holder token belongs to (7.3 e, 10.2 b). */
  readonly trust: Pick<TrustService, 'holder'>;
  readonly fusion: Fusion;
  readonly storage: Storage;
  /** The address of a download, for the id given. */
  readonly printFileUrl: (fileId: string) => string;
  readonly now: () => number;
}

/** A service over the fusion of the provinces' certificate systems. */
export function createSharingService(deps: SharingDeps): SharingService {
  return {
    catalogue: async () => answerLists(await deps.lists.read(), (rules) => rules.catalogue()),
    // An application may only see the lists linked to it (9 c): asking in another's name is refused, not answered empty.
    scenarios: async (caller, { appId }) => (appId === caller.appId ? answerLists(await deps.lists.read(), (rules) => rules.scenarios()) : refuse('20')),
    search: (caller, request) => search(deps, caller, request),
    fileById: (caller, request) => fileById(deps, caller, request),
    infoById: (caller, request) => infoById(deps, caller, request),
    filesByHolder: (caller, request) => filesByHolder(deps, caller, request),
    infoByHolder: async (caller, request) => {
      const found = await findByHolder(deps, caller, request);
      return 'ok' in found ? found : answerFor(found, found.certificates.map(printInfo));
    },
    download: (fileId) => download(deps, fileId),
  };
}

/** Lists of another platform name it in the text of the head, since the tables have no place for it. */
function answerLists<T>({ originId, rules, version }: ListsInForce, print: (rules: ScenarioRules) => T[]): Outcome<{ total: number; dataList: T[] }> {
  const list = printList(print(rules));
  return originId === null ? answer(list) : { ok: true, payload: list, message: `${successHead.message}；转发自平台 ${originId}，第 ${version} 版` };
}

async function search(
  deps: SharingDeps,
  caller: Account,
  request: v.InferOutput<typeof SearchRequestSchema>,
): Promise<Outcome<v.InferOutput<typeof SearchReplySchema>>> {
  const found = await findByHolder(deps, caller, request);
  if ('ok' in found) return found;
  const dataList = await deps.storage.write((work) => printHits(deps, work, caller, found));
  return answerFor(found, dataList);
}

async function printHits(deps: SharingDeps, work: Work, caller: Account, { certificates, codeId }: Found): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (const { key, certificate, company } of certificates) {
    const bound = { accountId: caller.accountId, companyId: company.id, codeId, certificateKey: key };
    hits.push({ certificateID: await deps.tickets.issueCertificateId(work, bound), ...printFacts(certificate) });
  }
  return hits;
}

/** What was found, and which provinces did not say: the text of the head names them, since the tables have no place for it. */
interface Found {
  readonly certificates: readonly HeldCertificate[];
  readonly codeId: string;
  readonly unanswered: readonly string[];
}

function answerFor<T>({ unanswered }: Found, dataList: T[]): Outcome<{ total: number; dataList: T[] }> {
  const list = printList(dataList);
  return unanswered.length === 0 ? answer(list) : { ok: true, payload: list, message: `${successHead.message}；未答复：${unanswered.join('、')}` };
}

/** What a holder token opens, narrowed by the request; the checks of 7.3 in the order of the clause. */
async function findByHolder(deps: SharingDeps, caller: Account, request: ByHolderRequest): Promise<Found | Refusal> {
  const { rules } = await deps.lists.read();
  const refusal = rules.check(request, request.certificateType);
  if (refusal !== null) return refusal;
  const grant = await deps.trust.holder(request.trustedToken, caller.accountId);
  if (grant === withdrawn) return refuse('33');
  const company = grant === null ? null : deps.register.find(grant.companyId);
  if (grant === null || company === null) return refuse('30');
  const granted = listCertificates(company).filter(({ certificate }) => grant.certificateTypes.includes(certificate.typeCode));
  const { certificateType } = request;
  if (certificateType !== undefined && !granted.some(({ certificate }) => certificate.type === certificateType)) return refuse('32');
  const { found, unanswered } = await deps.fusion.search({ companyId: company.id, trustedToken: request.trustedToken, accountId: caller.accountId });
  const isGranted = ({ certificate }: HeldCertificate) => grant.certificateTypes.includes(certificate.typeCode) && isWanted(rules, deps.now(), request, certificate);
  // In the order of the holder's own list, whichever province was quicker.
  const order = listCertificates(company).map(({ key }) => key);
  const certificates = found.filter(isGranted).toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  return { certificates, unanswered, codeId: grant.codeId };
}

/** 8.2: only valid certificates are found, of types that the matter may ask for. */
function isWanted(
  rules: ScenarioRules,
  now: number,
  request: v.InferOutput<typeof SearchRequestSchema>,
  certificate: HeldCertificate['certificate'],
): boolean {
  if (request.certificateType !== undefined && certificate.type !== request.certificateType) return false;
  if (request.certificateNumber !== undefined && certificate.number !== request.certificateNumber) return false;
  return rules.check(request, certificate.type) === null && isInForce(certificate.validUntil, now);
}

function isInForce(validUntil: string, now: number): boolean {
  const end = Date.parse(`${validUntil}T24:00:00+08:00`);
  return Number.isNaN(end) || now < end;
}

async function fileById(
  deps: SharingDeps,
  caller: Account,
  request: ByIdRequest,
): Promise<Outcome<v.InferOutput<typeof FileReplySchema>>> {
  const held = await findHeld(deps, caller, request);
  if ('ok' in held) return held;
  const { files, unanswered } = await fetchFiles(deps, [held.held]);
  const [province] = unanswered;
  return province === undefined ? answer(printList(await printFiles(deps, files, held.codeId))) : refuse('46', province);
}

async function filesByHolder(deps: SharingDeps, caller: Account, request: ByHolderRequest): Promise<Outcome<v.InferOutput<typeof FileReplySchema>>> {
  const found = await findByHolder(deps, caller, request);
  if ('ok' in found) return found;
  const { files, unanswered } = await fetchFiles(deps, found.certificates);
  return answerFor({ ...found, unanswered: [...new Set([...found.unanswered, ...unanswered])] }, await printFiles(deps, files, found.codeId));
}

interface FetchedFile {
  readonly held: HeldCertificate;
  readonly file: CertificateFile;
}

/** Before the unit of work begins: a first drawing takes a second, and units of work follow one another. */
async function fetchFiles(deps: SharingDeps, found: readonly HeldCertificate[]): Promise<{ files: FetchedFile[]; unanswered: string[] }> {
  const files: FetchedFile[] = [];
  const unanswered: string[] = [];
  for (const held of found) {
    const fetched = await deps.fusion.file(held);
    if ('file' in fetched) files.push({ held, file: fetched.file });
    else unanswered.push(fetched.unanswered);
  }
  return { files, unanswered };
}

async function printFiles(deps: SharingDeps, files: readonly FetchedFile[], codeId: string): Promise<FileEntry[]> {
  return deps.storage.write(async (work) => {
    const entries: FileEntry[] = [];
    for (const { held, file } of files) {
      const fileUrl = deps.printFileUrl(await deps.tickets.issueFileId(work, { certificateKey: held.key, codeId }));
      entries.push({ ...printFacts(held.certificate), fileFormat: file.format, fileUrl, fileSm3: file.sm3 });
    }
    return entries;
  });
}

async function infoById(
  deps: SharingDeps,
  caller: Account,
  request: ByIdRequest,
): Promise<Outcome<v.InferOutput<typeof InfoReplySchema>>> {
  const held = await findHeld(deps, caller, request);
  if ('ok' in held) return held;
  return answer(printList([printInfo(held.held)]));
}

function printInfo({ certificate, company }: HeldCertificate): InfoEntry {
  return {
    ...printFacts(certificate),
    certificateHolder: company.name,
    certificateHolderCode: company.uscc,
    certificateHolderType: '统一社会信用代码',
    certificateValidateStart: certificate.validFrom,
    certificateValidateEnd: certificate.validUntil,
    surface: { ...certificate.surface },
  };
}

/** The four facts that every list of the clause begins with. */
function printFacts(certificate: HeldCertificate['certificate']): Omit<SearchHit, 'certificateID'> {
  const { type, issueDept, number, issueDate } = certificate;
  return { certificateType: type, issueDept, certificateNumber: number, issueDate };
}

/** The certificate behind a certificateID of the caller, its matter checked like that of a search (7.3 a). */
async function findHeld(deps: SharingDeps, caller: Account, request: ByIdRequest): Promise<{ readonly held: HeldCertificate; readonly codeId: string } | Refusal> {
  const grant = await deps.tickets.readCertificateId(deps.storage.db, request.certificateID, caller.accountId);
  if (grant === withdrawn) return refuse('33');
  const held = grant === null ? null : deps.register.findCertificate(grant.certificateKey);
  const { rules } = await deps.lists.read();
  if (grant === null || held === null) return rules.check(request) ?? refuse('31');
  return rules.check(request, held.certificate.type) ?? { held, codeId: grant.codeId };
}

async function download(deps: SharingDeps, fileId: string): Promise<CertificateFile | null> {
  const key = await deps.storage.write((work) => deps.tickets.takeFileId(work, fileId));
  const held = key === null ? null : deps.register.findCertificate(key);
  const fetched = held === null ? null : await deps.fusion.file(held);
  return fetched !== null && 'file' in fetched ? fetched.file : null;
}

function printList<T>(dataList: T[]): { total: number; dataList: T[] } {
  return { total: dataList.length, dataList };
}
