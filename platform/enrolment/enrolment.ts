import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { EnrolRequestSchema, type PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { pinSm2PublicKey } from '../../domain/crypto/sm2.ts';
import { writePrivateFile } from '../keys.ts';
import type { Storage, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { EnrolmentCodeTable } from '../storage/tables.ts';
import type { Account, Accounts } from '../trust/accounts.ts';

/** Enrolment of counters (own extension: C 0300 leaves registration open). */
export interface Enrolment {
  /** The code that the next counter enrols with, as this process knows it. It works once; the file then holds the next one. */
  readonly code: string;
  /** Reads which code works now, drawing one where there is none, and writes it to its file. */
  publish(): Promise<void>;
  enrol(body: unknown): Promise<EnrolmentOutcome>;
}

/** The new counter's profile with its secret (given this once), or why there is none. */
export type EnrolmentOutcome =
  | { readonly ok: true; readonly profile: PlatformProfile }
  | { readonly ok: false; readonly reason: 'malformed' | 'wrong-code' };

/** What enrolment works with; `file` is where the next code is kept for whoever may read it. */
export interface EnrolmentDeps {
  readonly file: string;
  readonly accounts: Accounts;
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly printProfile: (account: Account, appSecret: string) => Promise<PlatformProfile>;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/**
 * Enrolment by a code that is in the database, so that every process of the platform takes the same one, and is kept in a file of
 * mode 0600 once published. It works once and for a day.
 */
export function createEnrolment(deps: EnrolmentDeps): Enrolment {
  const state = { code: '' };
  const publish = async (): Promise<void> => {
    const code = await deps.storage.write((work) => findCode(deps, work));
    if (code === state.code && existsSync(deps.file)) return;
    state.code = code;
    writePrivateFile(deps.file, `${JSON.stringify({ enrolmentCode: code })}\n`);
  };
  return {
    get code() {
      return state.code;
    },
    publish,
    enrol: async (body) => {
      const request = v.safeParse(EnrolRequestSchema, body);
      if (!request.success || !isPublicKey(request.output.publicKey)) return { ok: false, reason: 'malformed' };
      const outcome = await openOnce(deps, request.output);
      if (outcome.ok) await publish();
      return outcome;
    },
  };
}

async function openOnce(deps: EnrolmentDeps, request: v.InferOutput<typeof EnrolRequestSchema>): Promise<EnrolmentOutcome> {
  const codeDigest = digestText(normaliseCode(request.enrolmentCode));
  const opened = await deps.storage.write(async (work) => {
    if (!(await replaceCode(deps, work, codeDigest))) return null;
    const accountId = `counter-${encodeHex(deps.random(6))}`;
    await work.insertInto('enrolment_use').values({ code_digest: codeDigest, account_id: accountId, used_at: deps.now() }).execute();
    const { corpName, corpCode, exchange } = request;
    const owner = { accountId, corpName, corpCode, publicKey: request.publicKey.toLowerCase(), exchange };
    return deps.accounts.open(work, owner);
  });
  if (opened === null) return { ok: false, reason: 'wrong-code' };
  return { ok: true, profile: await deps.printProfile(opened.account, opened.appSecret) };
}

/** The code that works now; drawn anew where there is none or its day is over. */
async function findCode(deps: EnrolmentDeps, work: Work): Promise<string> {
  const fresh = drawRow(deps);
  await work
    .insertInto('enrolment_code')
    .values({ place, ...fresh })
    .onConflict((conflict) => conflict.column('place').doUpdateSet(fresh).where('enrolment_code.drawn_at', '<=', deps.now() - codeLifeMs))
    .execute();
  const { code_sealed } = await work.selectFrom('enrolment_code').select('code_sealed').where('place', '=', place).executeTakeFirstOrThrow();
  return deps.sealing.openJson(sealedAt, code_sealed) as string;
}

/** Puts the next code in the place of this one: of all that use it at once, the row lets one. */
async function replaceCode(deps: EnrolmentDeps, work: Work, codeDigest: string): Promise<boolean> {
  const replaced = await work
    .updateTable('enrolment_code')
    .set(drawRow(deps))
    .where('place', '=', place)
    .where('code_digest', '=', codeDigest)
    .where('drawn_at', '>', deps.now() - codeLifeMs)
    .executeTakeFirst();
  return replaced.numUpdatedRows === 1n;
}

function drawRow({ now, random, sealing }: EnrolmentDeps): Omit<EnrolmentCodeTable, 'place'> {
  const code = drawCode(random);
  return { code_digest: digestText(normaliseCode(code)), code_sealed: sealing.sealJson(sealedAt, code), drawn_at: now() };
}

const place = 'next';
const sealedAt = 'enrolment_code/next';
const codeLifeMs = 24 * 3600 * 1000;

function isPublicKey(hex: string): boolean {
  const bytes = decodeHex(hex.toLowerCase());
  return bytes !== null && pinSm2PublicKey(bytes) !== null;
}

const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** 100 bits in five groups of four letters and digits that cannot be mistaken for one another. */
function drawCode(random: RandomBytes): string {
  const characters = [...random(20)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return (characters.match(/.{4}/g) ?? []).join('-');
}

function normaliseCode(code: string): string {
  return code.toUpperCase().replace(/[^0-9A-Z]/g, '');
}
