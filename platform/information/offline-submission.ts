import type { EnterpriseVerdict, OfflineRecord, OfflineReply, OfflineVerdict } from '../../domain/contracts/enterprise.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { decryptSm2, type Sm2PrivateKey } from '../../domain/crypto/sm2.ts';
import { decodeUtf8 } from '../../domain/crypto/utf8.ts';
import { parseIsoTime } from '../../domain/time.ts';
import type { VerifyRequest } from '../engine/code-engine.ts';
import type { CodeService } from '../engine/code-service.ts';
import { answer, type Outcome, refuse } from '../outcome.ts';
import type { Reader, Storage, Work } from '../storage/database.ts';
import { digestText } from '../storage/digest.ts';
import type { Account } from '../trust/accounts.ts';

/** What judging offline records works with; `codeKey` opens the sealed codes. */
export interface OfflineDeps {
  readonly codes: Pick<CodeService, 'judge'>;
  readonly storage: Storage;
  readonly codeKey: Sm2PrivateKey;
  readonly now: () => number;
}

/** A grant to somebody else is, for this organisation, no code; one that its holder never confirmed was never given. */
const verdicts: Record<EnterpriseVerdict, OfflineVerdict> = {
  valid: 'confirmed',
  secondAuthentication: 'unknownCode',
  expired: 'expiredAtScan',
  used: 'usedElsewhere',
  unknownCode: 'unknownCode',
  granteeMismatch: 'unknownCode',
  badSignature: 'badSignature',
  confirmationRefused: 'unknownCode',
  confirmationTimeout: 'unknownCode',
  withdrawn: 'expiredAtScan',
  keyRevoked: 'badSignature',
  keyExpired: 'badSignature',
};

/**
 * `/eis/offline/submit`: judges what a counter had to judge alone, each as of the moment of its scan. All records are
 * answered or none. A record id that was answered before gets that answer; with another hash it is refused.
 */
export async function submitOffline(deps: OfflineDeps, caller: Account, records: readonly OfflineRecord[]): Promise<Outcome<OfflineReply>> {
  const [known, clash] = await readKnown(deps.storage.db, caller, records);
  if (clash) return refuse('16', 'recordId');
  const fresh = [...new Map(records.filter(({ recordId }) => !known.has(recordId)).map((record) => [record.recordId, record])).values()];
  const readable = fresh.flatMap((record) => printRequest(deps, caller, record));
  if (fresh.length > 0) await deps.codes.judge(readable.map(({ request }) => request), async (judged, work) => {
    const said = new Map(readable.map(({ recordId }, n) => [recordId, judged[n]?.verdict]));
    // Another batch may have handed in the same meanwhile; its answer stands.
    for (const [recordId, judged] of (await readKnown(work, caller, fresh))[0]) known.set(recordId, judged);
    for (const record of fresh.filter(({ recordId }) => !known.has(recordId))) {
      const judgement = printJudgement(said.get(record.recordId));
      await keep(deps, work, caller, record, judgement);
      known.set(record.recordId, judgement);
    }
  });
  return answer({ records: records.map(({ recordId }) => ({ recordId, ...(known.get(recordId) ?? unread) })) });
}

/** An answer to one record: the word of the contract, and the engine's where it says more. */
type Judgement = Pick<OfflineReply['records'][number], 'verdict' | 'cause'>;

const unread: Judgement = { verdict: 'unknownCode' };

function printJudgement(engine: EnterpriseVerdict | undefined): Judgement {
  if (engine === undefined) return unread;
  const verdict = verdicts[engine];
  return verdict === 'confirmed' ? { verdict } : { verdict, cause: engine };
}

/** The records answered before, and whether an id stands for another record than it did, here or within the batch. */
async function readKnown(from: Reader, { accountId }: Account, records: readonly OfflineRecord[]): Promise<[Map<string, Judgement>, boolean]> {
  const ids = records.map(({ recordId }) => recordId);
  const rows = await from.selectFrom('offline_record').selectAll().where('account_id', '=', accountId).where('record_id', 'in', ids).execute();
  const digests = new Map(rows.map((row) => [row.record_id, row.record_digest]));
  let clash = false;
  for (const record of records) {
    const digest = digestOf(record);
    clash ||= (digests.get(record.recordId) ?? digest) !== digest;
    digests.set(record.recordId, digest);
  }
  return [new Map(rows.map((row) => [row.record_id, readJudgement(row)])), clash];
}

/** A record that two batches hand in at once breaks one of them off, which is then asked again and finds the answer. */
async function keep(deps: OfflineDeps, work: Work, { accountId }: Account, record: OfflineRecord, { cause = '', verdict }: { verdict: string; cause?: string | undefined }): Promise<void> {
  const kept = { account_id: accountId, record_id: record.recordId, record_digest: digestOf(record), verdict, cause, submitted_at: deps.now() };
  await work.insertInto('offline_record').values(kept).execute();
}

function readJudgement({ cause, verdict }: { readonly verdict: string; readonly cause: string }): Judgement {
  return { verdict: verdict as OfflineVerdict, ...(cause === '' ? {} : { cause: cause as EnterpriseVerdict }) };
}

function digestOf({ hash, codeSealed, scannedAt, clockOffset }: OfflineRecord): string {
  return digestText(JSON.stringify([hash, codeSealed, scannedAt, clockOffset]));
}

/** Nothing for a record whose code or time cannot be read: it needs no judge. */
function printRequest(deps: OfflineDeps, caller: Account, record: OfflineRecord): { readonly recordId: string; readonly request: VerifyRequest }[] {
  const code = openCode(deps.codeKey, record.codeSealed);
  const scannedAt = parseIsoTime(record.scannedAt);
  if (code === null || scannedAt === null) return [];
  const { recordId } = record;
  const who = { accountId: caller.accountId, orgCode: caller.corpCode, requestId: recordId };
  return [{ recordId, request: { code, ...who, scannedAt: scannedAt + record.clockOffset } }];
}

function openCode(privateKey: Sm2PrivateKey, sealed: string): string | null {
  const ciphertext = decodeHex(sealed);
  const opened = ciphertext === null ? null : decryptSm2({ privateKey, ciphertext, layout: 'C1C3C2' });
  return opened === null ? null : decodeUtf8(opened);
}
