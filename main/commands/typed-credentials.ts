import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { fail, type Result } from '../../domain/failure.ts';
import { parseRecoveryCode, recoveryCodeId } from '../../domain/recovery-code.ts';
import type { Credentials } from '../access/escrow.ts';

/** Asks for secrets: typed unseen at a terminal, else one a line from the standard input. Null when the input ends before. */
export interface SecretPrompt {
  readonly isTerminal: boolean;
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
    isTerminal,
    ask: async (label) => {
      if (isTerminal) process.stderr.write(`${label}: `);
      const line = await lines.next();
      if (isTerminal) process.stderr.write('\n');
      return line.done === true ? null : line.value;
    },
    close: () => reader.close(),
  };
}

/** Asks for a secret that is new: at a terminal twice, until both are the same, for nobody sees what they typed. Null when the input ends before. */
export async function askNew(prompt: SecretPrompt, label: string, complain: (text: string) => void): Promise<string | null> {
  for (;;) {
    const typed = await prompt.ask(label);
    if (typed === null || !prompt.isTerminal) return typed;
    const again = await prompt.ask('The same again');
    if (again === null || again === typed) return again;
    complain('The two are not the same. Type both anew.');
  }
}

/** What `--administrators` names: two people, or, where a recovery code may stand for one of them, one and the word `code`. */
export type TwoNumbers = { readonly numbers: readonly [string, string] } | { readonly fault: string };

/** Reads an option like `10001,10002`, and says what is wrong with any other before anybody types a passphrase. */
export function parseTwoNumbers(text: string | null, { forRecovery }: { readonly forRecovery: boolean }): TwoNumbers {
  const parts = (text ?? '').split(',').map((part) => part.trim());
  if (parts.some((part) => parseRecoveryCode(part) !== null))
    return { fault: 'That is the recovery code itself, and a command line is remembered. Write the word code for it (--administrators 10001,code); the code is asked for then, unseen.' };
  const [first = '', second = '', ...more] = parts.map((part) => (part.toLowerCase() === recoveryCodeId ? recoveryCodeId : part));
  if (first === '' || second === '' || more.length > 0) return { fault: 'This takes two administrators: --administrators A,B.' };
  if (first === recoveryCodeId && second === recoveryCodeId)
    return { fault: 'The recovery code stands for one of the two only. Name an administrator who has their passphrase beside it: --administrators 10001,code.' };
  if (first === second) return { fault: `${first} is one person; this takes two different administrators: --administrators A,B.` };
  if (!forRecovery && [first, second].includes(recoveryCodeId))
    return { fault: 'The recovery code stands for nobody here: it only brings back a lost passphrase or device key (counter recover). Name two administrators: --administrators 10001,10002.' };
  return { numbers: [first, second] };
}

/**
 * What two administrators type one after the other, handed on with the prompt for what else there is to ask. `access/two-needed` when the input ends before,
 * or with `code` where somebody types the recovery code for their passphrase; `access/wrong` with `code` where what is typed for the code is none.
 */
export async function askTwo(numbers: readonly [string, string], use: (two: readonly Credentials[], prompt: SecretPrompt) => Promise<Result<null>>): Promise<Result<null>> {
  const prompt = openSecretPrompt();
  try {
    const typed: Credentials[] = [];
    for (const operatorId of numbers) {
      const passphrase = await prompt.ask(operatorId === recoveryCodeId ? 'Recovery code' : `Passphrase of ${operatorId}`);
      if (passphrase === null) return fail('access/two-needed');
      const isCode = parseRecoveryCode(passphrase) !== null;
      if (isCode !== (operatorId === recoveryCodeId)) return fail(isCode ? 'access/two-needed' : 'access/wrong', 'code');
      typed.push({ operatorId, passphrase });
    }
    return await use(typed, prompt);
  } finally {
    prompt.close();
  }
}
