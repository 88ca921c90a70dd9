import { fail, ok, type Result } from '../../domain/failure.ts';
import { eraseFile, writeDurably } from '../store/durable-file.ts';
import { isStoreHeld } from '../store/lock-probe.ts';
import { chooseLibrary, readLibraryChoice } from '../usb-key/library-choice.ts';
import { createUsbKeys } from '../usb-key/usb-key.ts';
import type { Call, Command } from './command.ts';
import { findDataFolder, foldersIn } from './data-folder.ts';
import { printFailure } from './failure-words.ts';
import { withLockedCounter } from './locked-counter.ts';
import { openSecretPrompt } from './typed-credentials.ts';

/** `counter usbkey`: which vendor's library is used for USB keys (GM/T 0016), which keys are plugged in, and whose they are. */
export const usbkeyCommand: Command = {
  name: 'usbkey',
  summary: 'use USB keys (GM/T 0016) to log in: choose the library, list keys, bind one',
  operands: { usage: 'list|use LIBRARY|none|bind NUMBER|release NUMBER', least: 1, most: 2 },
  options: {},
  notes: [
    'list: the keys that are plugged in. use: the vendor’s library (.so, .dll) for this data folder, by its path and its digest as it is now; renew the choice after an update of the vendor. none: no library any more.',
    'A library runs in a process of its own: when it crashes or hangs, a log-in fails, not the counter. It is somebody’s code all the same: choose only what the vendor signed.',
    'bind: the operator types passphrase and PIN, unseen; without a terminal they are read from the standard input, one a line. The counter must not be running; in the window it does the same (own key).',
    'From then on number, passphrase and the key with its PIN are needed to log in. A lost key is released by a reset of the passphrase.',
  ],
  examples: [
    { line: 'counter usbkey use /opt/vendor/lib/libgm3000.so', says: 'the library of this machine’s keys' },
    { line: 'counter usbkey list', says: 'what is plugged in, by its name and serial number' },
    { line: 'counter usbkey bind 10387', says: 'the key that is plugged in belongs to 10387' },
  ],
  run: async (call) => {
    const [what = '', operand] = call.operands;
    const action = Object.hasOwn(actions, what) ? actions[what] : undefined;
    if (action === undefined) return { usage: `There is no counter usbkey ${what}.` };
    const isNamed = what === 'use' || what === 'bind' || what === 'release';
    if (isNamed !== (operand !== undefined)) return { usage: what === 'use' ? 'Which library? Give its path.' : isNamed ? 'Whose key? Give their number.' : `${what} takes nothing more.` };
    const dataDir = foldersIn(call.dataFolder ?? findDataFolder()).counter;
    const done = await action(call, dataDir, operand ?? '');
    if (done.ok) return 'done';
    call.output.complain(printFailure(done.failure));
    return 'failed';
  },
};

const actions: Readonly<Record<string, (call: Call, dataDir: string, operand: string) => Promise<Result<null>>>> = {
  use: async ({ output }, dataDir, library) => {
    const choice = chooseLibrary({ dataDir, writeFile: writeDurably, eraseFile }, library);
    if (choice === null) return fail('file/not-found');
    output.say(`Used for USB keys: ${choice.library}, SM3 ${choice.sm3.slice(0, 16)}…`);
    output.record({ library: choice.library, sm3: choice.sm3 });
    return ok(null);
  },
  none: async ({ output }, dataDir) => {
    chooseLibrary({ dataDir, writeFile: writeDurably, eraseFile }, null);
    output.say('No library is used for USB keys.');
    output.record({ library: null });
    return ok(null);
  },
  list: async ({ output }, dataDir) => {
    const listed = await createUsbKeys({ choice: () => readLibraryChoice(dataDir) }).list();
    if (!listed.ok) return listed;
    if (listed.value.length === 0) output.say('No key is plugged in.');
    for (const key of listed.value) {
      output.say(`${key.label}  ${key.serial}  SM2 ${key.publicKey.slice(0, 16)}…`);
      output.record(key);
    }
    return ok(null);
  },
  bind: (call, dataDir, id) => bind(call, dataDir, { id, isBound: true }),
  release: (call, dataDir, id) => bind(call, dataDir, { id, isBound: false }),
};

async function bind({ output }: Call, dataDir: string, { id, isBound }: { readonly id: string; readonly isBound: boolean }): Promise<Result<null>> {
  if (readLibraryChoice(dataDir) === null) return fail('key/not-set-up');
  if (await isStoreHeld(dataDir)) return fail('store/locked');
  const prompt = openSecretPrompt();
  try {
    const passphrase = await prompt.ask(`Passphrase of ${id}`);
    const pin = await prompt.ask('PIN of the USB key');
    if (passphrase === null || pin === null) return fail('access/wrong');
    const key = { kind: 'usb', pin } as const;
    const done = await withLockedCounter(dataDir, async ({ access }) => {
      const entered = await access.logIn({ operatorId: id, passphrase, key: isBound ? null : key });
      return entered.ok ? access.bindKey({ passphrase, key: isBound ? key : null }) : entered;
    });
    if (!done.ok) return done;
    output.say(isBound ? `${id} needs this key at every log-in from now on.` : `${id} logs in without a key of their own.`);
    output.record({ id, isBound });
    return ok(null);
  } finally {
    prompt.close();
  }
}
