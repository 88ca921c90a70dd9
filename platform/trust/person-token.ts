import type * as v from 'valibot';
import { certificateScope } from '../../domain/consent-record.ts';
import type { PersonTokenReplySchema, PersonTokenRequestSchema } from '../../domain/contracts/sharing.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { decryptSm2, type Sm2PrivateKey } from '../../domain/crypto/sm2.ts';
import { decodeUtf8 } from '../../domain/crypto/utf8.ts';
import { isJsonObject, parseJson } from '../../domain/json.ts';
import { printCode } from '../../domain/success.ts';
import type { CodeService } from '../engine/code-service.ts';
import type { CompanyRegister } from '../information/company-register.ts';
import { answer, type Outcome } from '../outcome.ts';
import type { SampleCompany } from '../sample/sample-company.ts';
import type { Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Tickets } from '../sharing/tickets.ts';
import type { Account } from './accounts.ts';
import { type CodeHolder, findCodeHolder, printHolderRequests } from './code-verification.ts';
import type { PersonRegister } from './person-register.ts';

/** Table 11, input and output. */
export type PersonTokenRequest = v.InferOutput<typeof PersonTokenRequestSchema>;
export type PersonTokenReply = v.InferOutput<typeof PersonTokenReplySchema>;

/** What authenticating persons works with; `identityKey` opens an `idNo` that came encrypted (wire notes W26). */
export interface PersonTokenDeps {
  readonly persons: PersonRegister;
  readonly register: CompanyRegister;
  readonly tickets: Tickets;
  readonly identityKey: Sm2PrivateKey;
  readonly codes: Pick<CodeService, 'judge'>;
  readonly now: () => number;
}

/**
 * 12.2.3 申领自然人可信访问凭证: a holder token for a person whom the window has authenticated, or who shows a code. `code` 0
 * says no, and only for a number that was used before why; each business number works once.
 */
export async function issuePersonToken(deps: PersonTokenDeps, caller: Account, request: PersonTokenRequest): Promise<Outcome<PersonTokenReply>> {
  const { qrCode: code = '', transactionId } = request;
  const isByCode = request.authType === '3';
  const asked = isByCode ? printHolderRequests(caller, { code, requestId: `12.2.3/${transactionId}` }) : [];
  return deps.codes.judge(asked, async ([engine], work) => {
    if (!(await begin(deps, work, caller, transactionId))) return answer(no('业务流水号已使用'));
    const holder = isByCode ? findCodeHolder(deps, code, engine) : findPerson(deps, request);
    if (holder === null) return answer(no('未通过身份核验'));
    const asked = readPermission(request.permission);
    const certificateTypes = holder.certificateTypes.filter((code) => asked === null || asked.includes(certificateScope(code)));
    const token = await deps.tickets.issueHolderToken(work, { accountId: caller.accountId, companyId: holder.companyId, codeId: holder.codeId, certificateTypes });
    return answer({ code: printCode(true), msg: '申领成功', data: { token } });
  });
}

function no(msg: string): PersonTokenReply {
  return { code: printCode(false), msg };
}

async function begin(deps: PersonTokenDeps, work: Work, caller: Account, transactionId: string): Promise<boolean> {
  const begun = await work
    .insertInto('person_transaction')
    .values({ account_id: caller.accountId, transaction_digest: digestText(transactionId), begun_at: deps.now() })
    .onConflict((conflict) => conflict.columns(['account_id', 'transaction_digest']).doNothing())
    .executeTakeFirst();
  return begun.numInsertedOrUpdatedRows === 1n;
}

function findPerson(deps: PersonTokenDeps, { idNo = '', name }: PersonTokenRequest): CodeHolder | null {
  const person = deps.persons.get(readIdNumber(deps, idNo) ?? '');
  if (person === undefined || (name !== undefined && name !== person.name)) return null;
  const company = deps.register.find(person.companyId);
  return company === null ? null : { companyId: company.id, codeId: '', certificateTypes: typesOf(company) };
}

/** Eighteen characters are the number itself; what is longer must open with our key. */
function readIdNumber(deps: PersonTokenDeps, idNo: string): string | null {
  if (idNo.length <= 18) return idNo;
  const bytes = decodeHex(idNo.toLowerCase());
  const opened = bytes === null ? null : decryptSm2({ privateKey: deps.identityKey, ciphertext: bytes, layout: 'C1C3C2' });
  return opened === null ? null : decodeUtf8(opened);
}

function typesOf(company: SampleCompany): string[] {
  return [...new Set(company.certificates.map(({ typeCode }) => typeCode))];
}

/** `permission` is undefined in print; read as `{czqx, xxlb}` (wire notes W27). Null: not narrowed. */
function readPermission(permission: string | undefined): readonly string[] | null {
  const read = permission === undefined ? null : parseJson(permission, { maxLength: 4000 });
  const list = isJsonObject(read) ? read['xxlb'] : undefined;
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : null;
}
