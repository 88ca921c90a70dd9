import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemRandom } from '../../domain/crypto/random.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { recoveryCodeId } from '../../domain/recovery-code.ts';
import type { Credentials } from '../access/escrow.ts';
import type { App } from '../app.ts';
import { recoverDeviceKey } from '../recovery.ts';
import type { Call, Command } from './command.ts';
import { withClosedCounter, withLockedCounter } from './locked-counter.ts';
import { askNew, askTwo, parseTwoNumbers, type SecretPrompt } from './typed-credentials.ts';

/** `counter recover`: what two of three administrators bring back from escrow. The counter must not be running. */
export const recoverCommand: Command = {
  name: 'recover',
  summary: 'bring back a lost passphrase or device key, by two administrators',
  operands: { usage: 'passphrase NUMBER|device-key', least: 1, most: 2 },
  options: { administrators: { kind: 'text', value: 'A,B', says: 'the numbers of the two administrators who stand behind it' } },
  notes: [
    'Both type their passphrases here, unseen, and the new one twice; without a terminal they are read from the standard input, one a line, then the new one.',
    'passphrase: the third administrator gets a first passphrase again, to be changed at the next log-in. Others are reset by the security administrator in the window.',
    'device-key: the machine’s secret (keys/device.key) is written again, for a folder that was moved to another machine or lost the file.',
    'The recovery code that was printed at the set-up stands for one of the two: name it code. Renew it afterwards in the window (page 人员).',
    'Either stands in the audit log with both numbers. One administrator alone can do neither.',
  ],
  examples: [
    { line: 'counter recover passphrase 10003 --administrators 10001,10002', says: '10003 has forgotten theirs' },
    { line: 'counter recover passphrase 10003 --administrators 10001,code', says: 'two of the three have forgotten theirs' },
    { line: 'counter recover device-key --administrators 10001,10003', says: 'keys/device.key is gone' },
  ],
  run: async (call) => {
    const [what = '', id] = call.operands;
    const two = parseTwoNumbers(call.text('administrators'), { forRecovery: true });
    if (what !== 'device-key' && what !== 'passphrase') return { usage: `There is no counter recover ${what}.` };
    if ((what === 'passphrase') !== (id !== undefined)) return { usage: what === 'passphrase' ? 'Whose passphrase? Give their number.' : 'device-key takes no number.' };
    if (id?.toLowerCase() === recoveryCodeId) return { usage: 'The recovery code has no passphrase: give the number of the administrator whose passphrase is lost. A lost code is renewed in the window (page 人员).' };
    if ('fault' in two) return { usage: two.fault };
    return withClosedCounter(call, async (dataDir) => {
      if (!existsSync(path.join(dataDir, 'keys'))) return fail('store/key-missing');
      const done = await askTwo(two.numbers, (typed, prompt) => recover({ call, prompt, dataDir, two: typed, id }));
      if (done.ok) tell(call, id);
      return done;
    });
  },
};

interface Recovery {
  readonly call: Call;
  readonly prompt: SecretPrompt;
  readonly dataDir: string;
  readonly two: readonly Credentials[];
  /** Whose passphrase; undefined for the machine's secret. */
  readonly id: string | undefined;
}

async function recover({ call, prompt, dataDir, two, id }: Recovery): Promise<Result<null>> {
  const passphrase = id === undefined ? '' : await askNew(prompt, `New first passphrase of ${id}`, call.output.complain);
  if (passphrase === null) return fail('access/passphrase-weak');
  if (id !== undefined) return withLockedCounter(dataDir, (app) => app.access.resetAdministrator({ id, passphrase, two }));
  const recovered = await recoverDeviceKey({ dataDir, random: systemRandom }, two);
  return recovered.ok ? withLockedCounter(dataDir, (app) => noteRecovery(app, two)) : recovered;
}

async function noteRecovery(app: App, two: readonly Credentials[]): Promise<Result<null>> {
  for (const { operatorId } of two) {
    const noted = await app.journal.record({ type: 'access.escrow-opened', result: 'device key', ref: operatorId });
    if (!noted.ok) return noted;
  }
  return ok(null);
}

function tell({ output }: Call, id: string | undefined): void {
  output.say(id === undefined ? 'The machine’s secret is back.' : `${id} logs in with the first passphrase and replaces it then.`);
  output.record({ recovered: id ?? 'device-key' });
}
