import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { printFingerprint } from '../../domain/audit-checkpoint.ts';
import type { SigningKey } from '../../domain/contracts/enterprise.ts';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { parseEnteredTime, printZonedTime } from '../../domain/time.ts';
import { type VerdictState, verdictStates } from '../../domain/verdict.ts';
import { exportAudit, printClosingSlip } from '../audit/export.ts';
import { createFolderTarget, isFreeFolder } from '../audit/export-targets.ts';
import { type ExportFinding, type KnownFacts, verifyExport } from '../audit/export-verification.ts';
import { describeLine } from '../audit/listing.ts';
import type { SignatureCount } from '../../domain/audit-signature.ts';
import { createDraw, sampledSignatures, verifyAudit } from '../audit/verification.ts';
import { listKeysAt } from '../countersigning.ts';
import { accountSetting, decodeAccount } from '../desk/platform-account.ts';
import { openOfflineStore } from '../offline-store.ts';
import type { Store } from '../store/store.ts';
import type { Call, Command, Outcome } from './command.ts';
import { findRecords } from './data-folder.ts';
import { entryTypeWords, recordedWords } from './entry-words.table.ts';
import { printFailure } from './failure-words.ts';
import { findLockHolder } from './lock-holder.ts';
import { missingAnchor, missingEpochKey } from './log-end-words.ts';
import { limitYoungGeneration } from './memory-budget.ts';
import { readExportTools } from './program-files.ts';

/** `counter audit`: export, check and search the audit log, with the counter closed. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'export, check or search the audit log',
  operands: { usage: 'export|verify [DIR]|search|slip', least: 1, most: 2 },
  options: {
    out: { kind: 'text', value: 'DIR', says: 'export: where it goes, a folder that is new or empty' },
    key: { kind: 'text', value: 'HEX', says: "verify DIR: fingerprint that the export's key must have" },
    platform: { kind: 'text', value: 'HEX', says: "verify: fingerprint of the audit centre's key, which must have countersigned" },
    slip: { kind: 'text', value: 'N:HEX', says: 'verify DIR: what a closing slip says: entries and the first 16 digits of the head' },
    'all-signatures': { kind: 'flag', says: `verify: work out every signature that people made, not ${sampledSignatures} by chance` },
    'mac-key': { kind: 'text', value: 'HEX', says: 'verify: first MAC key of the last generation, where the one who checks has it (counter platform audit DEVICE)' },
    from: { kind: 'text', value: 'TIME', says: 'search: from this time: 2026-11-22 or 2026-11-22T08:00, in Asia/Shanghai unless a zone stands behind it' },
    to: { kind: 'text', value: 'TIME', says: 'search: before this time' },
    actor: { kind: 'text', value: 'ID', says: 'search: entries of this operator' },
    company: { kind: 'text', value: 'TEXT', says: "search: verdicts on this company, by its whole name or code" },
    about: { kind: 'text', value: 'ID', says: 'search: a case number, or the id of a scan or document' },
    state: { kind: 'text', value: 'STATE', says: `search: verdicts of this state (${verdictStates.slice(0, 3).join(', ')} …)` },
    limit: { kind: 'count', value: 'N', says: 'search: at most so many, newest first (50)', min: 1, max: 10_000 },
  },
  notes: [
    'An export holds every line, hash and signed checkpoint, and two verifiers that need none of this program: verify.sh (sh and openssl) and verify.py. It holds no body and no key.',
    'verify without DIR checks the log of this machine with every body. With DIR it checks an export, on any machine. Compare the key with the closing slip or with the platform.',
    'While the counter is open its window does the same on the audit page (审计); its export is a ZIP archive of such a folder, named by the time in Asia/Shanghai.',
    'search prints when, who, what happened, how it ended and what it was about; --json has the names of the log itself instead of words.',
    'Times are told in Asia/Shanghai, as everywhere in the window; the lines of the log itself and the closing slip have UTC and say so.',
  ],
  examples: [
    { line: 'counter audit export --out /media/usb/audit', says: 'everything that is needed to check the log elsewhere' },
    { line: 'counter audit verify /media/usb/audit --slip 20417:9f2c11aa03de77b1', says: 'also finds a log that was cut back' },
    { line: 'counter audit slip', says: 'the closing slip of the day, to print and keep in a drawer' },
    { line: 'counter audit search --company 91310115MA1K3YJ12X --from 2026-11-01', says: 'without decrypting anything' },
  ],
  run: async (call) => {
    const [action = '', folder] = call.operands;
    // A million entries pass through: little memory for what is short-lived.
    limitYoungGeneration();
    if (action === 'verify' && folder !== undefined) return verifyFolder(call, path.resolve(folder));
    const work = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (work === undefined || folder !== undefined) return { usage: work === undefined ? `There is no counter audit ${action}.` : `${action} takes no folder.` };
    const dataDir = findRecords(call);
    if (dataDir === null) return 'failed';
    const store = await openOfflineStore({ dataDir, random: systemRandom });
    if (!store.ok) return store.failure.code === 'store/locked' ? complainOfHolder(call, dataDir) : complain(call, store);
    try {
      const head = await store.value.head(null);
      if (head.ok && head.value.seq === 0) {
        call.output.complain('the audit log is empty.');
        return 'failed';
      }
      const done = await work(call, store.value);
      return done.ok ? done.value : complain(call, done);
    } finally {
      await store.value.close();
    }
  },
};

function complain(call: Call, { failure }: Extract<Result<unknown>, { ok: false }>): Outcome {
  call.output.complain(printFailure(failure));
  return 'failed';
}

// The log has one owner at a time; the owner shows it too.
function complainOfHolder(call: Call, dataDir: string): Outcome {
  const holder = findLockHolder(path.join(dataDir, 'counter.db'));
  call.output.complain(
    `the counter is open${holder === null ? '' : ` (process ${holder})`} and alone reads its log. Meanwhile the audit page (审计) of its window searches, checks and exports the same log; or close the counter and run this again. (store/locked)`,
  );
  return 'failed';
}

const actions: Readonly<Record<string, (call: Call, store: Store) => Promise<Result<Outcome>>>> = { export: exportLog, verify: verifyLog, search: searchLog, slip: printSlip };

async function exportLog(call: Call, store: Store): Promise<Result<Outcome>> {
  const out = call.text('out');
  if (out === null) return ok({ usage: 'export needs --out DIR.' });
  const folder = path.resolve(out);
  if (!isFreeFolder(folder)) return ok({ usage: `${folder} is not empty.` });
  const made = await exportAudit({ source: store, target: createFolderTarget(folder), at: Date.now(), tools: readExportTools() });
  if (!made.ok) return made;
  const { entries, head, fingerprint } = made.value;
  call.output.say(`${entries} entries in ${folder}. Head ${head.slice(0, 16)}, key ${fingerprint}.`);
  call.output.record({ folder, ...made.value });
  return ok('done');
}

async function verifyLog(call: Call, store: Store): Promise<Result<Outcome>> {
  const head = await store.head(null);
  if (!head.ok) return head;
  const known = parseKnown(call);
  if (typeof known === 'string') return ok({ usage: known });
  if (known.key !== undefined || known.slip !== undefined) return ok({ usage: '--key and --slip check an export: name its folder.' });
  const signingKeys = await listPlatformKeys(store);
  // Where people log in the platform's keys are sealed with everything else; the chain needs none of them.
  const isSealed = !signingKeys.ok && signingKeys.failure.code === 'access/locked';
  if (!signingKeys.ok && (!isSealed || known.platform !== undefined)) return signingKeys;
  const listed = signingKeys.ok ? signingKeys.value : [];
  const plain = known.platform?.replaceAll('-', '').toLowerCase();
  const isNamed = (key: string): boolean => plain === undefined || printFingerprint(decodeHex(key) ?? new Uint8Array()).replaceAll('-', '') === plain;
  const platformKeys = (at: number): readonly string[] => listKeysAt(listed, at).filter(isNamed);
  const report = await verifyAudit({ source: store, monotonic: () => performance.now(), platformKeys, ...(call.flag('all-signatures') ? {} : { sample: { signatures: sampledSignatures, draw: createDraw(systemRandom) } }), ...(known.seed === undefined ? {} : { seed: known.seed }) });
  if (!report.ok) return report;
  const { checked, signed, countersigned, persons, macsChecked, ms } = report.value;
  if (plain !== undefined && countersigned === 0) {
    call.output.complain('no countersignature by that platform key.');
    return ok('failed');
  }
  const firstBad = report.value.firstBad ?? head.value.firstBad;
  if (firstBad === null) call.output.say(`OK: ${checked} entries, ${signed} of them under a signed checkpoint, ${isSealed ? 'countersignatures not checked (operators log in here: export, then verify the folder)' : `${countersigned} under one that the audit centre countersigned`}${macsChecked ? '' : ', MACs not checked'}${printWithoutMac(report.value.withoutMac)}${printPersons(persons)} (${(ms / 1000).toFixed(1)} s).`);
  else call.output.say(`BAD: entry ${firstBad.seq} (${firstBad.kind}); ${checked} before it are good.`);
  if (firstBad?.kind === 'key-missing') call.output.say(missingEpochKey);
  if (head.value.anchor === 'missing') call.output.say(missingAnchor);
  call.output.record({ ...report.value, anchor: head.value.anchor, ...(isSealed ? { countersigned: null } : {}), firstBad, intact: firstBad === null });
  return ok(firstBad === null ? 'done' : 'failed');
}

/** The signing keys that the counter knows its platform by; none before it is enrolled. */
async function listPlatformKeys(store: Store): Promise<Result<readonly SigningKey[]>> {
  const kept = await store.setting({ name: accountSetting });
  if (!kept.ok) return kept;
  const account = kept.value === null ? null : decodeAccount(kept.value);
  account?.privateKey.reveal().fill(0);
  return ok(account?.profile.signingKeys ?? []);
}

function verifyFolder(call: Call, folder: string): Outcome {
  const known = parseKnown(call);
  if (typeof known === 'string') return { usage: known };
  if (!holdsExport(folder)) return { usage: describeMissingExport(folder) };
  const found: ExportFinding = verifyExport(folder, known);
  const anchor = found.ok && found.countersigned > 0 ? `; up to ${found.countersigned} countersigned with ${found.platforms.join(', ')}` : '';
  if (found.ok) call.output.say(`OK: ${found.entries} entries, signed with the key ${found.fingerprint}${anchor}${printPersons(found.persons)}${known.seed === undefined ? '' : `; ${found.macs.checked} MACs checked`}${printWithoutMac(found.macs.without)}.`);
  else call.output.say(`BAD: ${found.badSeq === 0 ? 'the folder' : `entry ${found.badSeq}`} (${found.kind}).`);
  call.output.record(found);
  return found.ok ? 'done' : 'failed';
}

function printPersons({ signed, checked }: SignatureCount): string {
  if (signed === 0) return '';
  return `; ${signed} signed by the people who made them${checked < signed ? `, ${checked} of these worked out (--all-signatures for all)` : ''}`;
}

function printWithoutMac(without: number): string {
  return without === 0 ? '' : `; the first ${without} ${without === 1 ? 'entry has' : 'entries have'} no MAC (version 0.1.0 made none)`;
}

// One that lost some of them is a bad export; one with none of them is another folder.
const exportFiles = ['MANIFEST', 'audit.jsonl', 'chain.txt', 'device.pub'];
const holdsExport = (folder: string): boolean => exportFiles.some((name) => existsSync(path.join(folder, name)));

/** An archive unpacks to a folder in the folder: the one inside is named. */
function describeMissingExport(folder: string): string {
  const inside = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder, { withFileTypes: true }).filter((one) => one.isDirectory() && holdsExport(path.join(folder, one.name))) : [];
  const hint = inside.length === 1 ? ` Did you mean ${path.join(folder, inside[0]?.name ?? '')}?` : '';
  return `there is no exported log in ${folder} (${exportFiles.join(', ')}).${hint}`;
}

function parseKnown(call: Call): KnownFacts | string {
  const [key, slip, seed, platform] = [call.text('key'), call.text('slip'), call.text('mac-key'), call.text('platform')];
  const [, size, head] = /^([0-9]+):([0-9a-f]{16})$/.exec(slip ?? '') ?? [];
  const bytes = seed === null ? null : decodeHex(seed);
  if (slip !== null && head === undefined) return '--slip is N:HEX, as the closing slip prints it.';
  if (seed !== null && bytes?.length !== 32) return '--mac-key is 64 hex digits.';
  return {
    ...(key === null ? {} : { key }),
    ...(platform === null ? {} : { platform }),
    ...(head === undefined ? {} : { slip: { size: Number(size), head } }),
    ...(bytes === null ? {} : { seed: bytes }),
  };
}

async function searchLog(call: Call, store: Store): Promise<Result<Outcome>> {
  const state = call.text('state');
  if (state !== null && !verdictStates.some((known) => known === state)) return ok({ usage: `--state is one of ${verdictStates.join(', ')}.` });
  const times = [call.text('from'), call.text('to')].map((text) => (text === null ? undefined : (parseEnteredTime(text) ?? Number.NaN)));
  if (times.some((time) => Number.isNaN(time))) return ok({ usage: '--from and --to are times like 2026-11-22T08:00 or 2026-11-22, in Asia/Shanghai unless a zone stands behind the time.' });
  const text = (name: string): string | undefined => call.text(name) ?? undefined;
  const query = { fromAt: times[0], toAt: times[1], actor: text('actor'), company: text('company'), about: text('about') };
  const found = await store.search({ ...query, state: (state ?? undefined) as VerdictState | undefined, limit: call.count('limit') ?? 50 });
  if (!found.ok) return found;
  for (const entry of found.value.map(describeLine)) {
    call.output.say(`#${entry.seq}  ${printZonedTime(entry.entryAt)}  ${[entry.actor, wordOf(entryTypeWords, entry.type), wordOf(recordedWords, entry.result), wordOf(recordedWords, entry.ref)].join('  ').trimEnd()}`);
    call.output.record(entry);
  }
  if (found.value.length === 0) call.output.say('Nothing found.');
  return ok('done');
}

/** A name in words, where there are; of a digest or key as much as tells one from another. */
function wordOf(words: Readonly<Record<string, string>>, name: string): string {
  if (/^(?:04)?[0-9a-f]{64,128}$/.test(name)) return name.slice(0, 12);
  return Object.hasOwn(words, name) ? (words[name] ?? name) : name;
}

async function printSlip(call: Call, store: Store): Promise<Result<Outcome>> {
  const [made, identity, head] = [await store.checkpoint({ at: Date.now() }), await store.auditIdentity(null), await store.head(null)];
  if (!made.ok) return made;
  if (!identity.ok) return identity;
  if (!head.ok) return head;
  const last = await store.checkpoints({ afterSize: head.value.seq - 1, limit: 1 });
  const checkpoint = last.ok ? last.value[0] : undefined;
  const slip = checkpoint === undefined ? null : printClosingSlip(checkpoint, identity.value.publicKey);
  if (slip === null) return fail('audit/chain-broken', 'no checkpoint');
  call.output.say(slip);
  // On the paper too: a slip is what a later log is held against.
  if (head.value.anchor === 'missing') call.output.say(missingAnchor);
  call.output.record({ slip, anchor: head.value.anchor });
  return ok('done');
}
