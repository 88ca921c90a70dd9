import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { fail, type Result } from '../../domain/failure.ts';
import { recoveryCodeId } from '../../domain/recovery-code.ts';
import type { Credentials } from '../access/escrow.ts';

/** Asks for secrets: typed unseen at a terminal, else one a line from the standard input. Null when the input ends before. */
export interface SecretPrompt {
  ask(label: string): Promise<string | null>;
  close(): void;
}

/** Opens the prompt on this program's terminal or input. */
export function openSecretPrompt(): SecretPrompt {
  const isTerminal = process.stdin.isTTY;
  // The terminal shows what it is told to show: the question, not the answer.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: isTerminal });
  const lines = reader[Symbol.asyncIterator]();
  return {
    ask: async (label) => {
      if (isTerminal) process.stderr.write(`${label}: `);
      const line = await lines.next();
      if (isTerminal) process.stderr.write('\n');
      return line.done === true ? null : line.value;
    },
    close: () => reader.close(),
  };
}

/** The numbers of an option like `10001,10002`; null when these are not two. */
export function parseTwoNumbers(text: string | null): readonly [string, string] | null {
  const [first, second, ...more] = (text ?? '').split(',').map((part) => part.trim());
  return first === undefined || second === undefined || first === '' || second === '' || more.length > 0 ? null : [first, second];
}

/** What two administrators type one after the other, handed on with the prompt for what else there is to ask; `access/two-needed` when the input ends before. */
export async function askTwo(numbers: readonly [string, string], use: (two: readonly Credentials[], prompt: SecretPrompt) => Promise<Result<null>>): Promise<Result<null>> {
  const prompt = openSecretPrompt();
  try {
    const typed: Credentials[] = [];
    for (const operatorId of numbers) {
      const passphrase = await prompt.ask(operatorId === recoveryCodeId ? 'Recovery code' : `Passphrase of ${operatorId}`);
      if (passphrase === null) return fail('access/two-needed');
      typed.push({ operatorId, passphrase });
    }
    return await use(typed, prompt);
  } finally {
    prompt.close();
  }
}
