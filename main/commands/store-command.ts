import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { type BackupDeps, type BackupFacts, checkCopy, listBackups, readPresent, restoreBackup } from '../store/backup.ts';
import { readAnchorFile } from '../store/anchor-file.ts';
import { chooseDriver } from '../store/driver-choice.ts';
import type { MendingDeps } from '../store/mending.ts';
import type { Append, Head } from '../store/records.ts';
import { decodeAccessRecord } from '../access/access-record.ts';
import { openDeviceKeys } from '../device-keys.ts';
import { openOfflineStore } from '../offline-store.ts';
import { hasEscrow } from '../recovery.ts';
import { openSetup } from '../store/store.ts';
import type { Call, Command } from './command.ts';
import { confirmTwoOffline, withClosedCounter } from './locked-counter.ts';
import { missingAnchor } from './log-end-words.ts';
import { askTwo, parseTwoNumbers } from './typed-credentials.ts';

/** `counter store`: backups, their restoring, and a check of the whole file. The counter must not be running. */
export const storeCommand: Command = {
  name: 'store',
  summary: 'back up, restore or check the records of this machine',
  operands: { usage: 'backup|list|restore NAME|check', least: 1, most: 2 },
  options: {
    reason: { kind: 'text', value: 'TEXT', says: 'why a backup is restored; stands in the audit log' },
    administrators: { kind: 'text', value: 'A,B', says: 'the two administrators who stand behind a restore' },
  },
  notes: [
    'list names the backups, with the entries of the log in each and their size. check looks through the whole database file, holds the end of its log against the anchor beside it, and changes nothing. Exit code 1: not good. Without an anchor it says that the end is not proven, as audit verify does (--json: anchor).',
    'A backup is checked as a whole before it is kept, and sealed with the keys of this data folder: without keys/ it is of no use. 7 daily and 4 weekly ones are kept.',
    'Restoring deletes nothing: the file that was there is moved to aside/. The log goes on as a new generation, whose first entry names the end that was there before.',
    'Where people log in, a restore takes two administrators: --administrators A,B, who type their passphrases here (without a terminal: one a line on the standard input).',
  ],
  examples: [
    { line: 'counter store backup', says: 'one now' },
    { line: 'counter store list', says: 'what can be brought back' },
    { line: 'counter store check', says: 'whether the records of this machine are whole' },
    { line: 'counter store restore counter-2026-11-22T08-00-00-000Z.backup --reason "disk failed"', says: 'back to that state' },
  ],
  run: async (call) => {
    const [action = '', name] = call.operands;
    if (action === 'restore' ? name === undefined : name !== undefined) return { usage: action === 'restore' ? 'restore needs the name of a backup.' : `${action} takes no name.` };
    const work = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (work === undefined) return { usage: `There is no counter store ${action}.` };
    return withClosedCounter(call, (dataDir) => work(call, dataDir));
  },
};

const actions: Readonly<Record<string, (call: Call, dataDir: string) => Promise<Result<null>>>> = {
  backup: async (call, dataDir) => {
    const store = await openOfflineStore({ dataDir, random: systemRandom });
    if (!store.ok) return store;
    const made = await store.value.backup({ at: Date.now() });
    await store.value.close();
    if (made.ok) tell(call, made.value);
    return made.ok ? ok(null) : made;
  },
  list: async (call, dataDir) => {
    for (const backup of listBackups(dataDir)) tell(call, backup);
    return ok(null);
  },
  restore: async (call, dataDir) => {
    const deps = await openDeps(dataDir);
    if (!deps.ok) return deps;
    const name = call.operands[1] ?? '';
    if (listBackups(dataDir).every((backup) => backup.name !== name)) return fail('file/not-found', 'no such backup');
    if (isAttended(deps.value)) {
      const confirmed = await confirmTwo(call, dataDir, `restore ${name}`);
      if (!confirmed.ok) return confirmed;
    }
    const at = Date.now();
    const before = endBefore(deps.value);
    const restored = restoreBackup(deps.value, { name, at, afterGen: readAnchorFile(deps.value.anchor)?.gen ?? 0, firstEntry: (head) => firstEntryOf({ at, name, head, before, reason: call.text('reason') ?? '' }) });
    if (!restored.ok) return restored;
    const { seq, gen } = restored.value;
    call.output.say(`Restored ${name}: generation ${gen} begins with entry ${seq}. What was there lies in ${join(dataDir, 'aside')}.`);
    call.output.record({ name, gen, seq });
    return ok(null);
  },
  check: async (call, dataDir) => {
    const deps = await openDeps(dataDir);
    if (!deps.ok) return deps;
    const head = checkCopy(deps.value, join(dataDir, 'counter.db'), readAnchorFile(deps.value.anchor));
    if (!head.ok) return head;
    const { seq, hash, gen, anchor } = head.value;
    call.output.say(`${anchor === 'ok' ? 'Good' : 'Good as far as it goes'}: ${seq} entries of generation ${gen}, the last ${hash.slice(0, 16)}.`);
    if (anchor === 'missing') call.output.say(missingAnchor);
    call.output.record({ seq, hash, gen, anchor });
    return ok(null);
  },
};

function tell({ output }: Call, backup: BackupFacts): void {
  output.say(`${backup.name}  ${backup.seq} entries  ${Math.ceil(backup.bytes / 1024)} KB`);
  output.record(backup);
}

async function openDeps(dataDir: string): Promise<Result<MendingDeps>> {
  if (!existsSync(join(dataDir, 'keys'))) return fail('store/key-missing');
  const device = await openDeviceKeys({ dataDir, random: systemRandom });
  if (!device.ok) return device;
  return ok({ ...openSetup({ dataDir, device: device.value }), dataDir, openDriver: await chooseDriver(), random: systemRandom });
}

/** Whether people log in here: then one alone puts no earlier state back. The escrow says so too where the database is unreadable. */
function isAttended(deps: BackupDeps): boolean {
  const kept = readPresent(deps).find(([name]) => name === 'access');
  const record = kept === undefined ? null : decodeAccessRecord(kept[1]);
  return hasEscrow(deps.dataDir) || (record !== null && record.device === null);
}

/** Two administrators at this terminal, tried and recorded by the counter itself, which stays locked. */
async function confirmTwo(call: Call, dataDir: string, purpose: string): Promise<Result<null>> {
  const two = parseTwoNumbers(call.text('administrators'), { forRecovery: false });
  if ('numbers' in two) return askTwo(two.numbers, (typed) => confirmTwoOffline(dataDir, typed, purpose));
  call.output.complain(two.fault);
  return fail('access/two-needed');
}

/** Where the log stood that is replaced, as far as it can still be read. */
function endBefore(deps: BackupDeps): Pick<Head, 'seq' | 'hash' | 'gen'> | null {
  const head = existsSync(join(deps.dataDir, 'counter.db')) ? checkCopy(deps, join(deps.dataDir, 'counter.db')) : null;
  return head?.ok === true ? { seq: head.value.seq, hash: head.value.hash, gen: head.value.gen } : null;
}

interface Restoring {
  readonly at: number;
  readonly name: string;
  readonly head: Head;
  readonly before: Pick<Head, 'seq' | 'hash' | 'gen'> | null;
  readonly reason: string;
}

function firstEntryOf({ at, name, head, before, reason }: Restoring): Append {
  const entry = { at, mono: 0, uncertaintyMs: 0, actor: 'command line', role: 'administrator', device: 'store', type: 'store.restored' };
  const result = before === null ? 'before unreadable' : `before ${before.gen}/${before.seq} ${before.hash.slice(0, 16)}`;
  return { entry: { ...entry, result, ref: name }, body: encodeUtf8(JSON.stringify({ reason, before, restored: { seq: head.seq, hash: head.hash } })), bodyClass: 'device', business: null };
}
