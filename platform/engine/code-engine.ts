import { consentDigest } from '../../domain/consent-record.ts';
import type { ConsentRecord, EnterpriseVerdict } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { type PinnedSm2Key, pinSm2PublicKey, signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { parseServiceCode, printServiceCode, type ServiceCode } from '../../domain/service-code.ts';
import { printChinaTime } from '../../domain/time.ts';
import type { KeyRing } from '../keys.ts';
import type { Storage, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { MintedCodeTable } from '../storage/tables.ts';

/**
 * The code engine (码引擎: 制码, 验码). It knows who granted what to whom and until when, and nothing of what was granted:
 * enterprise information is not its business (C 0300-2021 6.3.1).
 */
export interface CodeEngine {
  /** Makes a code that lives 5 minutes (7.3.3); durable when the unit of work is. */
  mint(work: Work, grant: Grant): Promise<MintedCode>;
  /** Says what a code is worth now, records who asked (6.3.1 b), and uses a one-time code up for this request. */
  verify(work: Work, request: VerifyRequest): Promise<EngineAnswer>;
  /** The holder confirms in person (5.4.4). False when the code is not known or has expired. */
  confirm(work: Work, codeId: string): Promise<boolean>;
  /** How a code stands, for the one who shows it; null when not known. */
  standing(codeId: string): Promise<CodeStanding | null>;
}

/** What a holder grants. `record` gets its times from the engine. */
export interface Grant {
  readonly companyId: string;
  readonly subject: { readonly name: string; readonly uscc: string };
  readonly grantee: { readonly name: string; readonly code: string } | null;
  readonly scope: readonly string[];
  readonly permissions: string;
  readonly oneTime: boolean;
  readonly secondAuthentication: boolean;
}

/** A code just made: its text, the handle of the one who shows it, epoch milliseconds. */
export interface MintedCode {
  readonly codeId: string;
  readonly code: string;
  readonly mintedAt: number;
  readonly expiresAt: number;
}

/** The same `requestId` of the same account asks about the same use: it never uses a code up twice. */
export interface VerifyRequest {
  readonly code: string;
  readonly accountId: string;
  readonly orgCode: string;
  readonly requestId: string;
  /** When the code was scanned, for one that was judged without us: it is judged as of then, never as of later than now. */
  readonly scannedAt?: number;
}

/** What the engine says of a code; only `valid` is a reason to give anything. */
export interface EngineAnswer {
  readonly verdict: EnterpriseVerdict;
  readonly verifiedAt: number;
  readonly codeDigest: string;
  /** Null when the code was not made here. */
  readonly minted: {
    readonly codeId: string;
    readonly companyId: string;
    readonly expiresAt: number;
    readonly oneTime: boolean;
    readonly record: ConsentRecord;
  } | null;
  readonly usedAt: number | null;
}

/** How a code stands for its holder; `verified` once any window was told `valid`. */
export interface CodeStanding {
  readonly companyId: string;
  readonly expiresAt: number;
  readonly used: boolean;
  readonly verified: boolean;
  readonly awaitingConfirmation: boolean;
}

/** What the engine works with: its own tables, its own key, and no enterprise information. */
export interface CodeEngineDeps {
  readonly platformId: string;
  readonly signing: KeyRing['signing'];
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly now: () => number;
  readonly random: RandomBytes;
}

const toleratedClockMs = 60_000;

/** C 0300-2021 7.3.3: usually five minutes. */
export const codeLifeMs = 5 * 60 * 1000;

/** Prepares the engine; throws when the signing key is not a point of the curve. */
export function createCodeEngine(deps: CodeEngineDeps): CodeEngine {
  const key = pinSm2PublicKey(deps.signing.publicKey);
  if (key === null) throw new Error('signing key is not on the curve');
  return {
    mint: (work, grant) => mint(deps, work, grant),
    verify: (work, request) => verify(deps, key, work, request),
    confirm: (work, codeId) => confirm(deps, work, codeId),
    standing: (codeId) => standing(deps, codeId),
  };
}

async function mint(deps: CodeEngineDeps, work: Work, grant: Grant): Promise<MintedCode> {
  const mintedAt = deps.now();
  // B4 counts whole seconds; cutting off never makes a code live longer than announced.
  const expiresAt = Math.floor((mintedAt + codeLifeMs) / 1000) * 1000;
  const record = printConsent(grant, mintedAt, expiresAt);
  const code = printServiceCode({
    identity: { kind: 'uscc', uscc: grant.subject.uscc },
    platformId: deps.platformId,
    expiresAt,
    consentDigest: consentDigest(record),
    sign: (message) => signSm2({ privateKey: deps.signing.privateKey, message, id: sm2DefaultId, random: deps.random }),
  });
  const codeDigest = digestText(code);
  const codeId = encodeHex(deps.random(16));
  await work
    .insertInto('minted_code')
    .values({
      code_digest: codeDigest,
      code_id: codeId,
      company_id: grant.companyId,
      minted_at: mintedAt,
      expires_at: expiresAt,
      one_time: grant.oneTime ? 1 : 0,
      second_authentication: grant.secondAuthentication ? 1 : 0,
      consent_sealed: deps.sealing.sealJson(`minted_code/${codeDigest}`, record),
    })
    .execute();
  return { codeId, code, mintedAt, expiresAt };
}

function printConsent(grant: Grant, from: number, to: number): ConsentRecord {
  const at = printChinaTime(from);
  return {
    sqzt: { sqztmc: grant.subject.name, sqztdm: grant.subject.uscc, sqsj: at },
    sqqx: { sqkssj: at, sqjzsj: printChinaTime(to) },
    ...(grant.grantee === null
      ? {}
      : { bsqzt: { bsqztlx: '0', bsqzxm: grant.grantee.name, zjlx: '', zjhm: grant.grantee.code } }),
    xxkzf: {},
    xxlb: [...grant.scope],
    xxsy: {},
    czqx: grant.permissions,
  };
}

async function verify(deps: CodeEngineDeps, key: PinnedSm2Key, work: Work, request: VerifyRequest): Promise<EngineAnswer> {
  const verifiedAt = deps.now();
  const parsed = parseServiceCode({ text: request.code });
  const codeDigest = digestText(parsed.ok ? parsed.code.canonicalText : request.code);
  const row = await work.selectFrom('minted_code').selectAll().where('code_digest', '=', codeDigest).executeTakeFirst();
  const found =
    row === undefined
      ? { verdict: judgeStranger(parsed.ok ? parsed.code : null, key), usedAt: null, minted: null }
      : await judgeMinted(deps, work, { row, request, at: Math.min(request.scannedAt ?? verifiedAt, verifiedAt) });
  await work
    .insertInto('verify_record')
    .values({
      record_id: encodeHex(deps.random(16)),
      code_digest: codeDigest,
      account_id: request.accountId,
      request_id: request.requestId,
      org_code: request.orgCode,
      verdict: found.verdict,
      verified_at: verifiedAt,
    })
    .execute();
  return { ...found, verifiedAt, codeDigest };
}

/** A code made here is known by the digest of the whole of it, signature included; only a stranger's signature is checked. */
function judgeStranger(code: ServiceCode | null, key: PinnedSm2Key): EnterpriseVerdict {
  if (code === null) return 'unknownCode';
  const genuine = verifySm2({ key, message: code.signedBytes, signature: code.signature, id: sm2DefaultId });
  return genuine ? 'unknownCode' : 'badSignature';
}

interface Judgement {
  readonly verdict: EnterpriseVerdict;
  readonly usedAt: number | null;
  readonly minted: EngineAnswer['minted'];
}

async function judgeMinted(
  deps: CodeEngineDeps,
  work: Work,
  asked: { row: MintedCodeTable; request: VerifyRequest; at: number },
): Promise<Judgement> {
  const { row, request, at } = asked;
  const record = deps.sealing.openJson(`minted_code/${row.code_digest}`, row.consent_sealed) as ConsentRecord;
  const oneTime = row.one_time === 1;
  const minted = { codeId: row.code_id, companyId: row.company_id, expiresAt: row.expires_at, oneTime, record };
  const judged = (verdict: EnterpriseVerdict, usedAt: number | null = null): Judgement => ({ verdict, usedAt, minted });

  if (at >= row.expires_at) return judged('expired');
  // A clock may be off; a code that did not exist yet was not scanned.
  if (at < row.minted_at - toleratedClockMs) return judged('unknownCode');
  const use = await readUse(work, row.code_digest);
  if (use !== null && !isSameRequest(use, request)) return judged('used', use.used_at);
  if (!isGrantee(record, request.orgCode)) return judged('granteeMismatch');
  if (row.second_authentication === 1 && !(await isConfirmed(work, row.code_digest))) return judged('secondAuthentication');
  if (!oneTime) return judged('valid');
  const first = await useUp(work, row.code_digest, request, at);
  return isSameRequest(first, request) ? judged('valid') : judged('used', first.used_at);
}

interface Use {
  readonly account_id: string;
  readonly request_id: string;
  readonly used_at: number;
}

/** The primary key decides who was first; everybody else reads whose use it is. */
async function useUp(work: Work, codeDigest: string, request: VerifyRequest, at: number): Promise<Use> {
  const mine = { account_id: request.accountId, request_id: request.requestId, used_at: at };
  await work
    .insertInto('code_use')
    .values({ code_digest: codeDigest, ...mine })
    .onConflict((conflict) => conflict.column('code_digest').doNothing())
    .execute();
  return (await readUse(work, codeDigest)) ?? mine;
}

async function readUse(work: Work, codeDigest: string): Promise<Use | null> {
  const use = await work.selectFrom('code_use').selectAll().where('code_digest', '=', codeDigest).executeTakeFirst();
  return use ?? null;
}

function isSameRequest(use: Use, request: VerifyRequest): boolean {
  return use.account_id === request.accountId && use.request_id === request.requestId;
}

/** Named grantee (bsqzt): only it may read. A grantee without a code number is nobody that can be checked, so nobody. */
function isGrantee(record: ConsentRecord, orgCode: string): boolean {
  return record.bsqzt === undefined || record.bsqzt.zjhm === orgCode;
}

async function isConfirmed(work: Work, codeDigest: string): Promise<boolean> {
  const row = await work.selectFrom('code_confirmation').select('code_digest').where('code_digest', '=', codeDigest).executeTakeFirst();
  return row !== undefined;
}

async function confirm(deps: CodeEngineDeps, work: Work, codeId: string): Promise<boolean> {
  const row = await work.selectFrom('minted_code').select(['code_digest', 'expires_at']).where('code_id', '=', codeId).executeTakeFirst();
  if (row === undefined || deps.now() >= row.expires_at) return false;
  await work
    .insertInto('code_confirmation')
    .values({ code_digest: row.code_digest, confirmed_at: deps.now() })
    .onConflict((conflict) => conflict.column('code_digest').doNothing())
    .execute();
  return true;
}

async function standing(deps: CodeEngineDeps, codeId: string): Promise<CodeStanding | null> {
  const { db } = deps.storage;
  const row = await db.selectFrom('minted_code').selectAll().where('code_id', '=', codeId).executeTakeFirst();
  if (row === undefined) return null;
  const { code_digest: codeDigest } = row;
  const use = await db.selectFrom('code_use').select('used_at').where('code_digest', '=', codeDigest).executeTakeFirst();
  const confirmed = await db.selectFrom('code_confirmation').select('confirmed_at').where('code_digest', '=', codeDigest).executeTakeFirst();
  const verdicts = await db.selectFrom('verify_record').select('verdict').distinct().where('code_digest', '=', codeDigest).execute();
  const had = (verdict: EnterpriseVerdict) => verdicts.some((record) => record.verdict === verdict);
  return {
    companyId: row.company_id,
    expiresAt: row.expires_at,
    used: use !== undefined,
    verified: had('valid'),
    awaitingConfirmation: had('secondAuthentication') && confirmed === undefined,
  };
}
