import type { Output } from './output.ts';

/** What the value of an option is: `texts` may be given several times, `count` is a whole number within `min`…`max`. */
export type OptionKind = 'flag' | 'text' | 'texts' | 'count';

/** One option of a command, as its help prints it. */
export interface CommandOption {
  readonly kind: OptionKind;
  /** The name of the value in the help: `DIR`, `URL`. */
  readonly value?: string;
  readonly says: string;
  readonly min?: number;
  readonly max?: number;
}

/** One command of the command line: its help and its work. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Operands in the usage line (`FILE…`), and how many are needed and allowed; none when left out. */
  readonly operands?: { readonly usage: string; readonly least: number; readonly most: number };
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Paragraphs below the options: limits, exit codes, what is written where. */
  readonly notes?: readonly string[];
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** Does the work and says whether it succeeded; a usage fault found only here is given back as a sentence. */
  run(call: Call): Promise<Outcome>;
}

/** How a command ended: `done` is exit code 0, `failed` 1, a usage fault 2. */
export type Outcome = 'done' | 'failed' | { readonly usage: string };

/** One call of a command, its options checked against the command's table. */
export interface Call {
  readonly operands: readonly string[];
  readonly isJson: boolean;
  /** `--data`, made absolute, or null. */
  readonly dataFolder: string | null;
  readonly output: Output;
  flag(name: string): boolean;
  text(name: string): string | null;
  texts(name: string): readonly string[];
  count(name: string): number | null;
  /** Resolves when the person stops the program (Ctrl+C, or a polite kill). */
  untilStopped(): Promise<void>;
}

/** The options that every command has. */
export const sharedOptions: Readonly<Record<string, CommandOption>> = {
  data: { kind: 'text', value: 'DIR', says: 'data folder instead of the usual one of this machine' },
  json: { kind: 'flag', says: 'one JSON object a line instead of text' },
  help: { kind: 'flag', says: 'print this help' },
};
