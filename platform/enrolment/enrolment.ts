import * as v from 'valibot';
import { EnrolRequestSchema, type PlatformProfile } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { pinSm2PublicKey } from '../../domain/crypto/sm2.ts';
import { writePrivateFile } from '../keys.ts';
import type { Storage } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Account, Accounts } from '../trust/accounts.ts';

/** Enrolment of counters (own extension: C 0300 leaves registration open). */
export interface Enrolment {
  /** The code that the next counter enrols with. It works once; the file then holds the next one. */
  readonly code: string;
  /** Writes the code to its file, in place of one of an earlier start. */
  publish(): void;
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
  readonly printProfile: (account: Account, appSecret: string) => Promise<PlatformProfile>;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Draws a fresh enrolment code, kept in a file of mode 0600 once published; a code of an earlier start no longer works. */
export function createEnrolment(deps: EnrolmentDeps): Enrolment {
  const state = { code: drawCode(deps.random) };
  return {
    get code() {
      return state.code;
    },
    publish: () => publish(deps.file, state.code),
    enrol: async (body) => {
      const request = v.safeParse(EnrolRequestSchema, body);
      if (!request.success || !isPublicKey(request.output.publicKey)) return { ok: false, reason: 'malformed' };
      const outcome = await openOnce(deps, request.output, state.code);
      if (!outcome.ok) return outcome;
      state.code = drawCode(deps.random);
      publish(deps.file, state.code);
      return outcome;
    },
  };
}

async function openOnce(
  deps: EnrolmentDeps,
  request: v.InferOutput<typeof EnrolRequestSchema>,
  current: string,
): Promise<EnrolmentOutcome> {
  const codeDigest = digestText(normaliseCode(request.enrolmentCode));
  if (codeDigest !== digestText(normaliseCode(current))) return { ok: false, reason: 'wrong-code' };
  const opened = await deps.storage.write(async (work) => {
    const accountId = `counter-${encodeHex(deps.random(6))}`;
    const used = await work
      .insertInto('enrolment_use')
      .values({ code_digest: codeDigest, account_id: accountId, used_at: deps.now() })
      .onConflict((conflict) => conflict.column('code_digest').doNothing())
      .executeTakeFirst();
    if (used.numInsertedOrUpdatedRows !== 1n) return null;
    const { corpName, corpCode, exchange } = request;
    const owner = { accountId, corpName, corpCode, publicKey: request.publicKey.toLowerCase(), exchange };
    return deps.accounts.open(work, owner);
  });
  if (opened === null) return { ok: false, reason: 'wrong-code' };
  return { ok: true, profile: await deps.printProfile(opened.account, opened.appSecret) };
}

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

function publish(file: string, enrolmentCode: string): void {
  writePrivateFile(file, `${JSON.stringify({ enrolmentCode })}\n`);
}
