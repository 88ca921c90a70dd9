import path from 'node:path';
import { parseArgs } from 'node:util';
import { findNearName } from '../../domain/near-name.ts';
import { type Command, type CommandOption, sharedOptions } from './command.ts';

/** The options and operands of one call after checking, or the sentence that says what is wrong with them. */
export type OptionReading = { readonly ok: true; readonly options: Options } | { readonly ok: false; readonly problem: string };

export interface Options {
  readonly operands: readonly string[];
  readonly dataFolder: string | null;
  flag(name: string): boolean;
  text(name: string): string | null;
  texts(name: string): readonly string[];
  count(name: string): number | null;
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** Reads the arguments behind the command's name: unknown options, missing values and wrong numbers are refused. */
export function parseOptions(command: Command, args: readonly string[]): OptionReading {
  const table = { ...command.options, ...sharedOptions };
  const problem = (sentence: string) => ({ ok: false as const, problem: sentence });
  const reading = readArguments(table, args);
  if (typeof reading === 'string') return problem(reading);
  const { values, operands } = reading;
  const isHelp = values['help'] === true;
  const { least, most } = command.operands ?? { least: 0, most: 0 };
  if (!isHelp && operands.length < least) return problem(`${command.operands?.usage ?? 'An operand'} is missing.`);
  if (!isHelp && operands.length > most) return problem(`"${operands[most] ?? ''}" is one operand too many.`);
  for (const [name, option] of Object.entries(table)) {
    const wrong = findWrongValue(name, option, values[name]);
    if (wrong !== null) return problem(wrong);
  }
  return { ok: true, options: createOptions(table, values, operands) };
}

function readArguments(table: Readonly<Record<string, CommandOption>>, args: readonly string[]): { values: Values; operands: string[] } | string {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, option]) => [
      name,
      { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: option.kind === 'texts', ...(name === 'help' ? { short: 'h' } : {}) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = table[token.name];
    if (option === undefined || !Object.hasOwn(table, token.name)) return `Unknown option ${token.rawName}.${suggest(token.name, Object.keys(table))}`;
    if (option.kind === 'flag' && token.value !== undefined) return `${token.rawName} takes no value.`;
    if (option.kind !== 'flag' && (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))))
      return `${token.rawName} needs a value: ${token.rawName} ${option.value ?? 'VALUE'}.`;
  }
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false });
  return { values, operands: positionals };
}

function findWrongValue(name: string, option: CommandOption, value: Values[string]): string | null {
  if (value === '') return `--${name} must not be empty.`;
  if (option.kind !== 'count' || value === undefined) return null;
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = option;
  const isInRange = typeof value === 'string' && /^[0-9]{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max;
  return isInRange ? null : `--${name} must be a whole number from ${min} to ${max}.`;
}

function createOptions(table: Readonly<Record<string, CommandOption>>, values: Values, operands: readonly string[]): Options {
  const read = (name: string, kind: string): Values[string] => {
    if (table[name]?.kind !== kind) throw new Error(`option ${name} is not declared as ${kind}`);
    return values[name];
  };
  const readText = (name: string): string | null => {
    const value = read(name, 'text');
    return typeof value === 'string' ? value : null;
  };
  const data = readText('data');
  return {
    operands,
    dataFolder: data === null ? null : path.resolve(data),
    flag: (name) => read(name, 'flag') === true,
    text: readText,
    texts: (name) => [read(name, 'texts') ?? []].flat().filter((value) => typeof value === 'string'),
    count: (name) => {
      const value = read(name, 'count');
      return typeof value === 'string' ? Number(value) : null;
    },
  };
}

/** " Did you mean --json?" when one known name is at most two keystrokes away. */
export function suggest(name: string, known: readonly string[], mark = '--'): string {
  const near = findNearName(name, known);
  return near === null ? '' : ` Did you mean ${mark}${near}?`;
}
