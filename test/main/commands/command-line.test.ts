import { describe, expect, test } from 'vitest';
import type { Call, Command, Outcome } from '../../../main/commands/command.ts';
import { runCommandLine } from '../../../main/commands/command-line.ts';

const calls: Call[] = [];
/** What is thrown, by operand: two refusals of a disk and a bug. */
const refusals: Readonly<Record<string, Error>> = {
  full: Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' }),
  shut: Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open', path: '/media/usb/audit' }),
  bug: Object.assign(new Error('bug'), { code: 'ENOSPC' }),
};
const greet: Command = {
  name: 'greet',
  summary: 'say a name',
  operands: { usage: 'NAME…', least: 1, most: 2 },
  options: {
    port: { kind: 'count', value: 'N', min: 0, max: 65_535, says: 'a port' },
    loud: { kind: 'flag', says: 'say it twice' },
    title: { kind: 'text', value: 'TEXT', says: 'a title' },
    fault: { kind: 'texts', value: 'NAME=VALUE', says: 'a fault' },
  },
  notes: ['It never shouts.'],
  examples: [{ line: 'counter greet Ann', says: 'greets Ann' }],
  run: async (call): Promise<Outcome> => {
    calls.push(call);
    call.output.say(`hello ${call.operands.join(' ')}`);
    call.output.record({ greeted: call.operands });
    const refusal = refusals[call.operands[0] ?? ''];
    if (refusal !== undefined) throw refusal;
    if (call.operands[0] === 'nobody') return 'failed';
    return call.operands[0] === 'who' ? { usage: 'Who?' } : 'done';
  },
};

async function run(...args: string[]): Promise<{ code: number; out: string; err: string; call: Call | undefined }> {
  let out = '';
  let err = '';
  calls.length = 0;
  const code = await runCommandLine({
    args,
    commands: [greet],
    version: '9.9.9',
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    untilStopped: () => Promise.resolve(),
  });
  return { code, out, err, call: calls[0] };
}

describe('help', () => {
  test('of the program names every command; of a command every option, note and example', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, out, err } = await run(...args);
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/greet +say a name/);
    }
    for (const args of [['greet', '--help'], ['greet', '-h'], ['help', 'greet'], ['greet', '--loud', '--help']]) {
      const { code, out, call } = await run(...args);
      expect([code, call]).toEqual([0, undefined]);
      for (const part of ['Usage: counter greet NAME… [options]', '--port N', '--data DIR', '--json', '--fault NAME=VALUE', 'several times', 'never shouts', 'counter greet Ann'])
        expect(out).toContain(part);
    }
  });

  test('the version is that of the package', async () => {
    expect(await run('--version')).toMatchObject({ code: 0, out: 'counter 9.9.9\n' });
  });
});

describe('wrong usage is exit code 2, said in one line, nothing run', () => {
  test.each([
    [[], 'A command is missing'],
    [['gret'], 'Unknown command "gret". Did you mean greet?'],
    [['greet'], 'NAME… is missing'],
    [['greet', 'a', 'b', 'c'], '"c" is one operand too many'],
    [['greet', 'a', '--prot', '1'], 'Unknown option --prot. Did you mean --port?'],
    [['greet', 'a', '-x'], 'Unknown option -x'],
    [['greet', 'a', '--constructor'], 'Unknown option --constructor'],
    [['greet', 'a', '--port'], '--port needs a value: --port N'],
    [['greet', 'a', '--title', '--loud'], '--title needs a value'],
    [['greet', 'a', '--title='], '--title must not be empty'],
    [['greet', 'a', '--loud=yes'], '--loud takes no value'],
    [['greet', 'a', '--port', '65536'], '--port must be a whole number from 0 to 65535'],
    [['greet', 'a', '--port', '0x10'], '--port must be a whole number'],
    [['greet', 'a', '--port=-1'], '--port must be a whole number'],
  ])('%j', async (args, sentence) => {
    const { code, out, err, call } = await run(...args);
    expect([code, call, out]).toEqual([2, undefined, '']);
    expect(err).toContain(sentence);
    expect(err.trimEnd()).not.toContain('\n');
  });

  test('found by the command itself', async () => {
    expect(await run('greet', 'who')).toMatchObject({ code: 2, err: 'counter: Who? `counter greet --help` lists what there is.\n' });
  });

  test('under --json the sentence is also an object', async () => {
    const { out } = await run('greet', 'a', '--nope', '--json');
    expect(JSON.parse(out)).toMatchObject({ error: expect.stringContaining('--nope') });
  });
});

describe('a call', () => {
  test('gives the command its options, checked', async () => {
    const { code, call } = await run('greet', 'Ann', '--port', '80', '--fault', 'a=1', '--fault=b=2', '--title', 'Dr', '--data', 'here');
    expect(code).toBe(0);
    expect(call?.count('port')).toBe(80);
    expect(call?.texts('fault')).toEqual(['a=1', 'b=2']);
    expect(call?.text('title')).toBe('Dr');
    expect(call?.flag('loud')).toBe(false);
    expect(call?.dataFolder).toMatch(/^(\/|[A-Z]:).*here$/);
    expect(() => call?.flag('port')).toThrow('not declared');
  });

  test('what stands behind -- is an operand', async () => {
    expect((await run('greet', '--', '--loud')).call?.operands).toEqual(['--loud']);
  });

  test('writes text or objects, never both, and fails with exit code 1', async () => {
    expect((await run('greet', 'Ann')).out).toBe('hello Ann\n');
    expect((await run('greet', 'Ann', '--json')).out).toBe('{"greeted":["Ann"]}\n');
    expect((await run('greet', 'nobody')).code).toBe(1);
  });
});

test('what a disk refuses is said in words with exit code 1; a bug is thrown', async () => {
  expect(await run('greet', 'full')).toMatchObject({ code: 1, err: 'counter: a file cannot be read or written (the disk is full): what was asked for is not done.\n' });
  expect(await run('greet', 'shut')).toMatchObject({ code: 1, err: 'counter: /media/usb/audit cannot be read or written (no permission): what was asked for is not done.\n' });
  await expect(run('greet', 'bug')).rejects.toThrow('bug');
});
