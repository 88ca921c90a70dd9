import { expect, test } from 'vitest';
import { printRecoveryCode } from '../../../domain/recovery-code.ts';
import { printFailure } from '../../../main/commands/failure-words.ts';
import { askNew, parseTwoNumbers } from '../../../main/commands/typed-credentials.ts';

const code = printRecoveryCode(Uint8Array.from({ length: 16 }, (_, at) => at * 7));

test.each([
  ['10001,10002', true, ['10001', '10002']],
  [' 10001 , Code ', true, ['10001', 'code']],
  ['code,10001', true, ['code', '10001']],
  ['code,code', true, /stands for one of the two only.*--administrators 10001,code/],
  [`10001,${code}`, true, /^That is the recovery code itself.*Write the word code/],
  [`${code.toLowerCase()},code`, true, /^That is the recovery code itself/],
  ['10001,10001', true, /10001 is one person/],
  ['10001,code', false, /stands for nobody here.*counter recover/],
  ['code,code', false, /stands for one of the two only/],
  ['10001', true, /two administrators/],
  ['10001,10002,10003', true, /two administrators/],
  [null, true, /two administrators/],
] as const)('what --administrators %s names (recovery: %s)', (text, forRecovery, wanted) => {
  const parsed = parseTwoNumbers(text, { forRecovery });
  if (wanted instanceof RegExp) expect(parsed).toEqual({ fault: expect.stringMatching(wanted) });
  else expect(parsed).toEqual({ numbers: wanted });
  // What is refused is not said again: it would stand on the screen.
  expect(JSON.stringify(parsed)).not.toContain(code);
});

test('a recovery code and a passphrase in each other’s place are told from a wrong one', () => {
  expect(printFailure({ code: 'access/two-needed', detail: 'code' })).toMatch(/recovery code, not the passphrase.*10001,code/);
  expect(printFailure({ code: 'access/wrong', detail: 'code' })).toMatch(/no recovery code: it has 28/);
  expect(printFailure({ code: 'access/wrong', detail: '1' })).toMatch(/a number, a passphrase/);
});

/** A prompt at which these are typed, and what was asked. */
function prompting(isTerminal: boolean, typed: readonly string[]) {
  const asked: string[] = [];
  const left = [...typed];
  return { asked, prompt: { isTerminal, ask: (label: string) => (asked.push(label), Promise.resolve(left.shift() ?? null)), close: () => {} } };
}

test('a new passphrase is asked for twice at a terminal, until both are the same; from a file once', async () => {
  const complaints: string[] = [];
  const slip = prompting(true, ['one', 'another', 'two', 'two']);
  expect(await askNew(slip.prompt, 'New', (text) => complaints.push(text))).toBe('two');
  expect([slip.asked, complaints]).toEqual([['New', 'The same again', 'New', 'The same again'], ['The two are not the same. Type both anew.']]);
  const ended = prompting(true, ['one']);
  expect(await askNew(ended.prompt, 'New', () => {})).toBeNull();
  const file = prompting(false, ['one', 'not read']);
  expect([await askNew(file.prompt, 'New', () => {}), file.asked]).toEqual(['one', ['New']]);
});
