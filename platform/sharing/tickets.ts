import { encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import type { Reader, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';

/** A ticket whose grant the holder took back in the meantime. */
export const withdrawn = 'withdrawn';

/** Temporary identifiers, each known to the database by its digest only and bound to the account it was given to. */
export interface Tickets {
  /** Holder token (trustedToken): lets its account search certificates of the granted types for 10 minutes. */
  issueHolderToken(work: Work, grant: HolderGrant): Promise<string>;
  readHolderToken(from: Reader, token: string, accountId: string): Promise<HolderGrant | typeof withdrawn | null>;
  /** certificateID: one certificate, one account, 10 minutes (delta specification tables 3, 10). */
  issueCertificateId(work: Work, grant: CertificateGrant): Promise<string>;
  readCertificateId(from: Reader, id: string, accountId: string): Promise<CertificateGrant | typeof withdrawn | null>;
  /** The id in a `fileUrl`: one download within 60 seconds. */
  issueFileId(work: Work, grant: { readonly certificateKey: string; readonly codeId: string }): Promise<string>;
  /** Uses the id up; null when it is unknown, late, was used, or comes from a grant that was withdrawn. */
  takeFileId(work: Work, id: string): Promise<string | null>;
  /** Forgets what has expired. */
  purge(work: Work): Promise<void>;
}

/** Whose certificates of which types a holder token opens, and to whom. */
export interface HolderGrant {
  readonly accountId: string;
  readonly companyId: string;
  /** The grant that it comes from; empty where it comes from none that can be withdrawn. */
  readonly codeId: string;
  /** Type codes. */
  readonly certificateTypes: readonly string[];
}

/** Which certificate a certificateID opens, and to whom. */
export interface CertificateGrant {
  readonly accountId: string;
  readonly companyId: string;
  readonly codeId: string;
  readonly certificateKey: string;
}

/** 十分钟有效 (tables 3 and 10); the holder token has no life in print and gets the same. */
export const ticketLifeMs = 10 * 60 * 1000;
/** Long enough to begin a download, too short to pass the address on. */
export const fileTicketLifeMs = 60 * 1000;

interface TicketDeps {
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Tickets of 256 random bits. */
export function createTickets(deps: TicketDeps): Tickets {
  const draw = () => encodeHex(deps.random(32));
  return {
    issueHolderToken: (work, grant) => issueHolderToken(deps, work, draw(), grant),
    readHolderToken: (work, token, accountId) => readHolderToken(deps, work, token, accountId),
    issueCertificateId: (work, grant) => issueCertificateId(deps, work, draw(), grant),
    readCertificateId: (work, id, accountId) => readCertificateId(deps, work, id, accountId),
    issueFileId: (work, grant) => issueFileId(deps, work, draw(), grant),
    takeFileId: (work, id) => takeFileId(deps, work, id),
    purge: (work) => purge(deps, work),
  };
}

async function issueHolderToken(deps: TicketDeps, work: Work, token: string, grant: HolderGrant): Promise<string> {
  await work
    .insertInto('holder_token')
    .values({
      token_digest: digestText(token),
      account_id: grant.accountId,
      company_id: grant.companyId,
      certificate_types: JSON.stringify(grant.certificateTypes),
      code_id: grant.codeId,
      expires_at: deps.now() + ticketLifeMs,
    })
    .execute();
  return token;
}

async function readHolderToken(deps: TicketDeps, from: Reader, token: string, accountId: string): Promise<HolderGrant | typeof withdrawn | null> {
  const row = await from
    .selectFrom('holder_token')
    .selectAll()
    .where('token_digest', '=', digestText(token))
    .where('account_id', '=', accountId)
    .where('expires_at', '>', deps.now())
    .executeTakeFirst();
  if (row === undefined) return null;
  if (await isTakenBack(from, row.code_id)) return withdrawn;
  return { accountId, companyId: row.company_id, codeId: row.code_id, certificateTypes: JSON.parse(row.certificate_types) as string[] };
}

async function issueCertificateId(deps: TicketDeps, work: Work, id: string, grant: CertificateGrant): Promise<string> {
  await work
    .insertInto('certificate_ticket')
    .values({
      ticket_digest: digestText(id),
      account_id: grant.accountId,
      company_id: grant.companyId,
      certificate_key: grant.certificateKey,
      code_id: grant.codeId,
      expires_at: deps.now() + ticketLifeMs,
    })
    .execute();
  return id;
}

async function readCertificateId(deps: TicketDeps, from: Reader, id: string, accountId: string): Promise<CertificateGrant | typeof withdrawn | null> {
  const row = await from
    .selectFrom('certificate_ticket')
    .selectAll()
    .where('ticket_digest', '=', digestText(id))
    .where('account_id', '=', accountId)
    .where('expires_at', '>', deps.now())
    .executeTakeFirst();
  if (row === undefined) return null;
  if (await isTakenBack(from, row.code_id)) return withdrawn;
  return { accountId, companyId: row.company_id, codeId: row.code_id, certificateKey: row.certificate_key };
}

async function isTakenBack(from: Reader, codeId: string): Promise<boolean> {
  if (codeId === '') return false;
  return (await from.selectFrom('grant_withdrawal').select('code_id').where('code_id', '=', codeId).executeTakeFirst()) !== undefined;
}

async function issueFileId(deps: TicketDeps, work: Work, id: string, grant: { readonly certificateKey: string; readonly codeId: string }): Promise<string> {
  await work
    .insertInto('file_ticket')
    .values({ ticket_digest: digestText(id), certificate_key: grant.certificateKey, code_id: grant.codeId, expires_at: deps.now() + fileTicketLifeMs })
    .execute();
  return id;
}

async function takeFileId(deps: TicketDeps, work: Work, id: string): Promise<string | null> {
  const ticket = await work
    .selectFrom('file_ticket')
    .selectAll()
    .where('ticket_digest', '=', digestText(id))
    .where('expires_at', '>', deps.now())
    .executeTakeFirst();
  if (ticket === undefined || (await isTakenBack(work, ticket.code_id))) return null;
  const taken = await work
    .insertInto('file_ticket_use')
    .values({ ticket_digest: ticket.ticket_digest, used_at: deps.now() })
    .onConflict((conflict) => conflict.column('ticket_digest').doNothing())
    .executeTakeFirst();
  return taken.numInsertedOrUpdatedRows === 1n ? ticket.certificate_key : null;
}

async function purge(deps: TicketDeps, work: Work): Promise<void> {
  const now = deps.now();
  await work.deleteFrom('holder_token').where('expires_at', '<=', now).execute();
  await work.deleteFrom('certificate_ticket').where('expires_at', '<=', now).execute();
  const expired = work.selectFrom('file_ticket').select('ticket_digest').where('expires_at', '<=', now);
  await work.deleteFrom('file_ticket_use').where('ticket_digest', 'in', expired).execute();
  await work.deleteFrom('file_ticket').where('expires_at', '<=', now).execute();
}
