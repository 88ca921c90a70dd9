import { type Command, type CommandOption, sharedOptions } from './command.ts';

/** The help of the program: every command with one line. */
export function printProgramHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return [
    'Counter (窗口验码终端): verify enterprise service codes at a service window.',
    '',
    'Usage: counter COMMAND [options]',
    '',
    'Commands:',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'Options of every command:',
    ...printOptions(sharedOptions),
    '',
    '`counter COMMAND --help` prints options and examples. Exit code: 0 success, 1 failure, 2 wrong usage.',
  ].join('\n');
}

/** The help of one command: usage, options, notes and examples. */
export function printCommandHelp(command: Command): string {
  const operands = command.operands === undefined ? '' : ` ${command.operands.usage}`;
  const own = printOptions(command.options);
  return [
    `${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.`,
    '',
    `Usage: counter ${command.name}${operands} [options]`,
    '',
    'Options:',
    ...own,
    ...printOptions(sharedOptions),
    ...(command.notes === undefined ? [] : ['', ...command.notes]),
    '',
    'Examples:',
    ...command.examples.flatMap(({ line, says }) => [`  ${line}`, `      ${says}`]),
  ].join('\n');
}

function printOptions(options: Readonly<Record<string, CommandOption>>): string[] {
  return Object.entries(options).map(([name, option]) => {
    const left = `--${name}${option.kind === 'flag' ? '' : ` ${option.value ?? 'VALUE'}`}`;
    const often = option.kind === 'texts' ? ' (may be given several times)' : '';
    return `  ${left.padEnd(22)} ${option.says}${often}`;
  });
}
