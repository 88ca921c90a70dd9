import { existsSync } from 'node:fs';
import path from 'node:path';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { kdfFloor } from '../../domain/key-slot.ts';
import { checkPassphrase } from '../../domain/passphrase-policy.ts';
import { createKeyFile } from '../access/key-file.ts';
import { createSlotThread } from '../access/slot-thread.ts';
import { writeDurably } from '../store/durable-file.ts';
import type { Command } from './command.ts';
import { askNew, openSecretPrompt } from './typed-credentials.ts';

/** `counter keyfile`: a key of one's own to log in with, as a file on a stick. */
export const keyfileCommand: Command = {
  name: 'keyfile',
  summary: 'make an SM2 key file to log in with',
  operands: { usage: 'create FILE', least: 2, most: 2 },
  options: {},
  notes: [
    'The passphrase of the file is typed twice, unseen; without a terminal it is read from the standard input, once.',
    'Its owner binds it in the window (own key); from then on number, passphrase and this file with its passphrase are needed to log in.',
    'Keep it where the counter is not: on a stick of one’s own. A lost file is released by a reset of the passphrase.',
  ],
  examples: [{ line: 'counter keyfile create /media/stick/zhou.key.json', says: 'a new key file on a stick' }],
  run: async ({ operands, output }) => {
    const [what = '', name = ''] = operands;
    if (what !== 'create') return { usage: `There is no counter keyfile ${what}.` };
    const file = path.resolve(name);
    if (existsSync(file)) return { usage: `${file} is there already; a key file is never overwritten.` };
    if (!existsSync(path.dirname(file))) return { usage: `There is no folder ${path.dirname(file)}.` };
    const prompt = openSecretPrompt();
    try {
      const pin = await askNew(prompt, 'Passphrase of the key file', output.complain);
      const weakness = checkPassphrase(pin ?? '', { profile: 'mlps3', person: [] });
      if (pin === null || weakness !== null) {
        output.complain(`The passphrase is too weak: ${weakness ?? 'none'}.`);
        return 'failed';
      }
      writeDurably(file, encodeUtf8(await createKeyFile({ slots: createSlotThread(), cost: kdfFloor, random: systemRandom }, pin)));
      output.say(`Key file written: ${file}`);
      output.record({ keyFile: file });
      return 'done';
    } finally {
      prompt.close();
    }
  },
};
