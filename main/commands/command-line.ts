import type { Call, Command, Outcome } from './command.ts';
import { printDiskTrouble } from './data-folder.ts';
import { printCommandHelp, printProgramHelp } from './help.ts';
import { parseOptions, suggest } from './options.ts';
import { createOutput, type TextSink } from './output.ts';

/** What the command line runs with: the arguments behind the program's name, two streams, and how a stop arrives. */
export interface CommandLineDeps {
  readonly args: readonly string[];
  readonly commands: readonly Command[];
  readonly version: string;
  readonly out: TextSink;
  readonly err: TextSink;
  readonly untilStopped: () => Promise<void>;
}

/** Runs one command; resolves to the exit code: 0 success, 1 failure, 2 wrong usage. */
export async function runCommandLine(deps: CommandLineDeps): Promise<number> {
  const { args, commands, out, err } = deps;
  const [first, ...rest] = args;
  const isHelp = first === '--help' || first === '-h' || first === 'help';
  if (isHelp && rest[0] === undefined) {
    out.write(`${printProgramHelp(commands)}\n`);
    return 0;
  }
  if (first === '--version') {
    out.write(`counter ${deps.version}\n`);
    return 0;
  }
  const name = isHelp ? rest[0] : first;
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = commands.map((candidate) => candidate.name);
    const what = name === undefined ? 'A command is missing.' : `Unknown command "${name}".${suggest(name, names, '')}`;
    err.write(`counter: ${what} The commands are: ${names.join(', ')}. \`counter --help\` says more.\n`);
    return 2;
  }
  return runCommand(deps, command, isHelp ? ['--help'] : rest);
}

async function runCommand(deps: CommandLineDeps, command: Command, args: readonly string[]): Promise<number> {
  const { out, err } = deps;
  const refuse = (problem: string): number => {
    const isJson = args.includes('--json');
    createOutput({ isJson, out, err }).complain(`${problem} \`counter ${command.name} --help\` lists what there is.`);
    return 2;
  };
  const reading = parseOptions(command, args);
  if (!reading.ok) return refuse(reading.problem);
  const { options } = reading;
  if (options.flag('help')) {
    out.write(`${printCommandHelp(command)}\n`);
    return 0;
  }
  const isJson = options.flag('json');
  const call: Call = { ...options, isJson, output: createOutput({ isJson, out, err }), untilStopped: deps.untilStopped };
  const outcome = await runTelling(command, call);
  if (outcome === 'done') return 0;
  return outcome === 'failed' ? 1 : refuse(outcome.usage);
}

/** A disk that refuses is the user's to mend: said in words, not thrown as a bug is. */
async function runTelling(command: Command, call: Call): Promise<Outcome> {
  try {
    return await command.run(call);
  } catch (error) {
    const trouble = printDiskTrouble(error);
    if (trouble === null) throw error;
    call.output.complain(trouble);
    return 'failed';
  }
}
