import { isCheckpointSigned, parseCheckpoint } from '../../domain/audit-checkpoint.ts';
import { parseKeptCountersignature, printCountersigned, printKeptCountersignature } from '../../domain/audit-countersignature.ts';
import type { CheckpointAnswer, CheckpointReply, CheckpointSubmit, Countersigned } from '../../domain/contracts/evidence.ts';
import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { isConsistent } from '../../domain/merkle-tree.ts';
import type { SigningKeys } from '../engine/signing-keys.ts';
import { answer, type Outcome, refuse } from '../outcome.ts';
import type { Storage, Work } from '../storage/database.ts';
import type { Sealing } from '../storage/sealing.ts';
import type { Account } from '../trust/accounts.ts';

/** What of a counter's log the centre has: its last checkpoint, and what was last wrong with one that was handed in. */
export interface KeptLog {
  readonly accountId: string;
  readonly device: string;
  readonly size: number;
  readonly gen: number;
  readonly takenAt: number;
  readonly alarm: string | null;
}

/** The audit centre: an anchor outside every counter. */
export interface AuditCentre {
  /** `/audit/checkpoint`: takes a checkpoint that goes on from the last one it has, and countersigns it. */
  submit(caller: Account, request: CheckpointSubmit): Promise<Outcome<CheckpointReply>>;
  /** Every log, those with an alarm first. */
  logs(): Promise<readonly KeptLog[]>;
  /** The first MAC key of a generation, for the auditor who checks the log; null when none was handed over. */
  seed(log: Pick<KeptLog, 'accountId' | 'device' | 'gen'>): Promise<Uint8Array | null>;
}

/** What the centre works with; it signs with the key of the platform that signs at that moment. */
export interface AuditCentreDeps {
  readonly storage: Storage;
  readonly sealing: Sealing;
  readonly signingKeys: Pick<SigningKeys, 'current'>;
  readonly now: () => number;
  readonly random: RandomBytes;
}

/** Creates the audit centre. */
export function createAuditCentre(deps: AuditCentreDeps): AuditCentre {
  return {
    submit: (caller, request) => deps.storage.write((work) => submit(deps, work, caller, request)),
    logs: async () => {
      const rows = await deps.storage.db.selectFrom('audit_log').selectAll().orderBy('device').execute();
      const logs = rows.map((row) => ({ accountId: row.account_id, device: row.device, ...placeOf(row.checkpoint_text), takenAt: Number(row.taken_at), alarm: row.alarm }));
      return logs.toSorted((a, b) => Number(b.alarm !== null) - Number(a.alarm !== null));
    },
    seed: async ({ accountId, device, gen }) => {
      const query = deps.storage.db.selectFrom('audit_seed').select('seed_sealed').where('account_id', '=', accountId);
      const row = await query.where('device', '=', device).where('generation', '=', gen).executeTakeFirst();
      return row === undefined ? null : deps.sealing.open(seedPlace(accountId, device, gen), row.seed_sealed);
    },
  };
}

async function submit(deps: AuditCentreDeps, work: Work, { accountId }: Account, request: CheckpointSubmit): Promise<Outcome<CheckpointReply>> {
  const said = parseCheckpoint(request.text);
  const [key, signature] = [decodeHex(request.publicKey), decodeBase64(request.signature)];
  if (said === null || key === null || signature === null) return refuse('13', 'text');
  if (!isCheckpointSigned(key, { text: request.text, signature })) return refuse('13', 'signature');
  const row = await work.selectFrom('audit_log').selectAll().where('account_id', '=', accountId).where('device', '=', said.device).executeTakeFirst();
  const signing = await deps.signingKeys.current(work);
  if (signing === null) return refuse('99');
  const kept = row === undefined ? null : renew(deps, signing, readKept(row.checkpoint_text, row.countersigned));
  if (kept !== null && row !== undefined) {
    const verdict = row.public_key === request.publicKey ? compare(kept.text, request) : 'other-key';
    if (verdict === 'other-start' || kept.text === request.text) return answer({ answer: verdict, kept });
    if (verdict !== 'countersigned') {
      await work.updateTable('audit_log').set(raise(row.alarm, verdict, deps.now())).where('account_id', '=', accountId).where('device', '=', said.device).execute();
      return answer({ answer: verdict, kept });
    }
  }
  const made = countersign(deps, signing, request.text);
  // A new generation is a restore: nothing forbids it, somebody has to know of it.
  const alarm = kept !== null && placeOf(kept.text).gen < said.gen ? raise(row?.alarm ?? null, 'restored', deps.now()) : {};
  const values = { public_key: request.publicKey, checkpoint_text: request.text, countersigned: printKeptCountersignature(made), taken_at: deps.now(), ...alarm };
  await work
    .insertInto('audit_log')
    .values({ account_id: accountId, device: said.device, ...values })
    .onConflict((conflict) => conflict.columns(['account_id', 'device']).doUpdateSet(values))
    .execute();
  if (request.seed !== undefined) await keepSeed(deps, work, { accountId, device: said.device, gen: said.gen, seed: request.seed });
  return answer({ answer: 'countersigned', kept: made });
}

const alarms = ['restored', 'behind', 'rewritten', 'other-key'];

/** The alarm as it is to stand: a lesser one never takes the place of a greater. */
function raise(standing: string | null, alarm: string, at: number) {
  const isLesser = standing !== null && alarms.indexOf(alarm) < alarms.indexOf(standing);
  return isLesser ? { alarm: standing } : { alarm, alarm_at: at };
}

/** A seed once kept is never replaced: whoever takes over a counter later cannot give it another past. */
async function keepSeed(deps: AuditCentreDeps, work: Work, { accountId, device, gen, seed }: { readonly accountId: string; readonly device: string; readonly gen: number; readonly seed: string }): Promise<void> {
  const sealed = deps.sealing.seal(seedPlace(accountId, device, gen), decodeHex(seed) ?? new Uint8Array());
  await work
    .insertInto('audit_seed')
    .values({ account_id: accountId, device, generation: gen, seed_sealed: sealed })
    .onConflict((conflict) => conflict.columns(['account_id', 'device', 'generation']).doNothing())
    .execute();
}

function compare(keptText: string, request: CheckpointSubmit): CheckpointAnswer {
  const [kept, said] = [parseCheckpoint(keptText), parseCheckpoint(request.text)];
  if (kept === null || said === null) throw new Error('a kept checkpoint cannot be read');
  if (said.gen > kept.gen) return 'countersigned';
  if (said.gen < kept.gen || said.size < kept.size) return 'behind';
  if (keptText === request.text) return 'countersigned';
  if (request.from?.size !== kept.size || request.from.gen !== kept.gen) return 'other-start';
  const proof = request.proof.map((node) => decodeBase64(node) ?? new Uint8Array());
  return isConsistent({ size: kept.size, root: kept.root }, { size: said.size, root: said.root }, proof) ? 'countersigned' : 'rewritten';
}

/** What an earlier key signed is signed anew: that key may have ended, or may have been revoked. */
function renew(deps: AuditCentreDeps, signing: CurrentKey, kept: Countersigned): Countersigned {
  return kept.publicKey === signing.publicKey ? kept : countersign(deps, signing, kept.text);
}

type CurrentKey = NonNullable<Awaited<ReturnType<SigningKeys['current']>>>;

function countersign(deps: AuditCentreDeps, { privateKey, publicKey }: CurrentKey, text: string): Countersigned {
  const t = new Date(deps.now()).toISOString();
  const signature = signSm2({ privateKey, message: encodeUtf8(printCountersigned(t, text)), id: sm2DefaultId, random: deps.random });
  return { text, t, signature: encodeBase64(encodeSm2SignatureDer(signature)), publicKey };
}

function readKept(text: string, countersigned: string): Countersigned {
  const kept = parseKeptCountersignature(countersigned);
  if (kept === null) throw new Error('a kept countersignature cannot be read');
  return { text, ...kept };
}

function placeOf(text: string): { readonly gen: number; readonly size: number } {
  const said = parseCheckpoint(text);
  return { gen: said?.gen ?? 0, size: said?.size ?? 0 };
}

function seedPlace(accountId: string, device: string, gen: number): string {
  return `audit_seed/${accountId}/${device}/${gen}`;
}
