import { consentDigest } from '../../domain/consent-record.ts';
import type { CodeRecords, ConsentRecord, EnterpriseVerdict } from '../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { signSm2, sm2DefaultId, verifySm2 } from '../../domain/crypto/sm2.ts';
import { parseServiceCode, printServiceCode, type ServiceCode } from '../../domain/service-code.ts';
import { printChinaTime } from '../../domain/time.ts';
import type { Storage, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { MintedCodeTable } from '../storage/tables.ts';
import { type CodeStanding, type GrantStanding, hasDecided, hasWaited, type HolderRole, isWithdrawn, readCodeRecords, readGrants, readStanding } from './grant-standing.ts';
import type { CheckingKey, SigningKeys } from './signing-keys.ts';

/**
 * The code engine (码引擎: 制码, 验码). It knows who granted what to whom and until when, and nothing of what was granted:
 * enterprise information is not its business (C 0300-2021 6.3.1).
 */
export interface CodeEngine {
  /** Makes a code that lives 5 minutes (7.3.3); durable when the unit of work is. */
  mint(work: Work, grant: Grant): Promise<MintedCode>;
  /** Says what a code is worth now, records who asked (6.3.1 b), and uses a one-time code up for this request. */
  verify(work: Work, request: VerifyRequest): Promise<EngineAnswer>;
  /** The holder confirms in person, or says no (5.4.4); what was said first stays. False when the code is not known or has expired. */
  confirm(work: Work, codeId: string, isGranted: boolean): Promise<boolean>;
  /** The holder takes the grant back, at once and for good. False when the company has made no such code. */
  withdraw(work: Work, asked: { readonly codeId: string; readonly companyId: string }): Promise<boolean>;
  /** Whether the grant behind a code was taken back. */
  isWithdrawn(code: string): Promise<boolean>;
  /** The codes that a company made since then, newest first, at most 50. */
  grants(companyId: string, since: number): Promise<readonly GrantStanding[]>;
  /** What was recorded of a code for the account that asked about it (6.3.1 b). */
  records(accountId: string, code: string): Promise<CodeRecords>;
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
  readonly holderRole: HolderRole;
  /** How long the grant lasts, minutes: no longer than a code lives. */
  readonly minutes: number;
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
    /** Who granted and showed it. */
    readonly holderRole: HolderRole;
    readonly record: ConsentRecord;
  } | null;
  readonly usedAt: number | null;
}

/** What the engine works with: its own tables, its own key, and no enterprise information. */
export interface CodeEngineDeps {
  readonly platformId: string;
  readonly keys: Pick<SigningKeys, 'current' | 'of'>;
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly now: () => number;
  readonly random: RandomBytes;
}

const toleratedClockMs = 60_000;

/** C 0300-2021 7.3.3: usually five minutes. */
export const codeLifeMs = 5 * 60 * 1000;

/** The engine over its tables and keys. */
export function createCodeEngine(deps: CodeEngineDeps): CodeEngine {
  return {
    mint: (work, grant) => mint(deps, work, grant),
    verify: (work, request) => verify(deps, work, request),
    confirm: (work, codeId, isGranted) => confirm(deps, work, codeId, isGranted),
    withdraw: (work, asked) => withdraw(deps, work, asked),
    isWithdrawn: async (code) => isWithdrawn(deps.storage.db, { code_digest: digestOf(code) }),
    standing: (codeId) => readStanding(deps.storage.db, codeId),
    records: (accountId, code) => readCodeRecords(deps.storage.db, { accountId, codeDigest: digestOf(code) }),
    grants: (companyId, since) => readGrants(deps, companyId, since),
  };
}

async function mint(deps: CodeEngineDeps, work: Work, grant: Grant): Promise<MintedCode> {
  const mintedAt = deps.now();
  const signing = await deps.keys.current(work);
  if (signing === null) throw new Error('no signing key is valid');
  // B4 counts whole seconds; cutting off never makes a code live longer than announced.
  const expiresAt = Math.floor((mintedAt + Math.min(codeLifeMs, grant.minutes * 60_000)) / 1000) * 1000;
  const record = printConsent(grant, mintedAt, expiresAt);
  const code = printServiceCode({
    identity: { kind: 'uscc', uscc: grant.subject.uscc },
    platformId: deps.platformId,
    expiresAt,
    consentDigest: consentDigest(record),
    sign: (message) => signSm2({ privateKey: signing.privateKey, message, id: sm2DefaultId, random: deps.random }),
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
      holder_role: grant.holderRole,
      key_id: signing.keyId,
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

async function verify(deps: CodeEngineDeps, work: Work, request: VerifyRequest): Promise<EngineAnswer> {
  const verifiedAt = deps.now();
  const parsed = parseServiceCode({ text: request.code });
  const codeDigest = digestText(parsed.ok ? parsed.code.canonicalText : request.code);
  const row = await work.selectFrom('minted_code').selectAll().where('code_digest', '=', codeDigest).executeTakeFirst();
  const found =
    row === undefined
      ? { verdict: await judgeStranger(deps, work, parsed.ok ? parsed.code : null, verifiedAt), usedAt: null, minted: null }
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

/**
 * A code made here is known by the digest of the whole of it, signature included; only a stranger's signature is checked, with
 * the keys of the platform that it names.
 */
async function judgeStranger(deps: CodeEngineDeps, work: Work, code: ServiceCode | null, now: number): Promise<EnterpriseVerdict> {
  if (code === null) return 'unknownCode';
  return judgeSigner(await deps.keys.of(work, code.platformId), code, now);
}

/** What the keys of a code's platform say of a code that is not known here: `unknownCode` where nothing is against it. */
export function judgeSigner(keys: readonly CheckingKey[], code: ServiceCode, now: number): EnterpriseVerdict {
  if (keys.length === 0) return 'unknownCode';
  const signer = keys.find(({ key }) => verifySm2({ key, message: code.signedBytes, signature: code.signature, id: sm2DefaultId }));
  if (signer === undefined) return 'badSignature';
  if (signer.revokedAt !== null) return 'keyRevoked';
  return signer.notBefore <= now && now < signer.notAfter ? 'unknownCode' : 'keyExpired';
}

function digestOf(text: string): string {
  const parsed = parseServiceCode({ text });
  return digestText(parsed.ok ? parsed.code.canonicalText : text);
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
  const minted = { codeId: row.code_id, companyId: row.company_id, expiresAt: row.expires_at, oneTime, holderRole: row.holder_role as HolderRole, record };
  const judged = (verdict: EnterpriseVerdict, usedAt: number | null = null): Judgement => ({ verdict, usedAt, minted });

  if (await isWithdrawn(work, row, at)) return judged('withdrawn');
  const isRevoked = (await deps.keys.of(work, deps.platformId)).some(({ keyId, revokedAt }) => keyId === row.key_id && revokedAt !== null);
  if (isRevoked) return judged('keyRevoked');
  const awaitsHolder = row.second_authentication === 1 && !(await hasDecided(work, 'code_confirmation', row.code_digest));
  if (at >= row.expires_at) return judged(awaitsHolder && (await hasWaited(work, row.code_digest, request)) ? 'confirmationTimeout' : 'expired');
  // A clock may be off; a code that did not exist yet was not scanned.
  if (at < row.minted_at - toleratedClockMs) return judged('unknownCode');
  const use = await readUse(work, row.code_digest);
  if (use !== null && !isSameRequest(use, request)) return judged('used', use.used_at);
  if (!isGrantee(record, request.orgCode)) return judged('granteeMismatch');
  if (awaitsHolder) return judged((await hasDecided(work, 'code_refusal', row.code_digest)) ? 'confirmationRefused' : 'secondAuthentication');
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

async function confirm(deps: CodeEngineDeps, work: Work, codeId: string, isGranted: boolean): Promise<boolean> {
  const row = await work.selectFrom('minted_code').select(['code_digest', 'expires_at']).where('code_id', '=', codeId).executeTakeFirst();
  if (row === undefined || deps.now() >= row.expires_at) return false;
  const [code_digest, other] = [row.code_digest, isGranted ? ('code_refusal' as const) : ('code_confirmation' as const)];
  if (await hasDecided(work, other, code_digest)) return false;
  if (isGranted) await work.insertInto('code_confirmation').values({ code_digest, confirmed_at: deps.now() }).onConflict((conflict) => conflict.column('code_digest').doNothing()).execute();
  else await work.insertInto('code_refusal').values({ code_digest, refused_at: deps.now() }).onConflict((conflict) => conflict.column('code_digest').doNothing()).execute();
  return true;
}

async function withdraw(deps: CodeEngineDeps, work: Work, { codeId, companyId }: { codeId: string; companyId: string }): Promise<boolean> {
  const row = await work.selectFrom('minted_code').select('code_id').where('code_id', '=', codeId).where('company_id', '=', companyId).executeTakeFirst();
  if (row === undefined) return false;
  await work
    .insertInto('grant_withdrawal')
    .values({ code_id: codeId, withdrawn_at: deps.now() })
    .onConflict((conflict) => conflict.column('code_id').doNothing())
    .execute();
  return true;
}
