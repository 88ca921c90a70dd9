import type { Settings } from '../domain/contracts/counter.ts';
import type { Command } from './commands/command.ts';
import { printCommandHelp } from './commands/help.ts';
import { kioskCommand } from './commands/kiosk-command.ts';
import { type Options, parseOptions } from './commands/options.ts';
import { parseSerialOption } from './commands/serial-option.ts';
import type { PlatformAddress } from './platform-connection.ts';

/** How the Electron shell was asked to start; `dataFolder` null is the usual one of this machine. */
export interface ShellOptions {
  readonly isEmbedded: boolean;
  readonly isPresenterShown: boolean;
  readonly isFullScreen: boolean;
  /** Operators log in for practice too; at a real platform they always do. */
  readonly hasLogIn: boolean;
  readonly dataFolder: string | null;
  readonly platform: PlatformAddress | null;
  /** Scanners for this start only, beside those of the settings. */
  readonly serial: Settings['serial'];
}

/** The options, or what to print instead of starting, with the exit code. */
export type ShellOptionsReading =
  | { readonly ok: true; readonly options: ShellOptions }
  | { readonly ok: false; readonly exitCode: 0 | 2; readonly text: string };

/** Switches of Chromium's own that a Linux desktop may need; any other, remote debugging above all, is refused. */
const chromiumSwitch = /^--(no-sandbox|disable-gpu|ozone-platform(-hint)?=\w+|force-device-scale-factor=[\d.]+|lang=[\w-]+)$/;

/** Reads the arguments behind the program's name, those of `counter kiosk` without its host; unknown ones are refused. */
export function readShellOptions(args: readonly string[]): ShellOptionsReading {
  const reading = parseOptions(shellCommand, args.filter((arg) => !chromiumSwitch.test(arg)));
  if (!reading.ok) return refuse(reading.problem);
  if (reading.options.flag('help')) return { ok: false, exitCode: 0, text: `${printCommandHelp(shellCommand)}\n` };
  return takeOptions(reading.options);
}

function takeOptions({ flag, text, texts, dataFolder }: Options): ShellOptionsReading {
  const [url, enrolmentCode] = [text('platform'), text('enrol')];
  if (flag('embedded') && url !== null) return refuse('--embedded is a platform of its own; leave out --platform.');
  if (enrolmentCode !== null && url === null) return refuse('--enrol needs --platform URL.');
  if (url !== null && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return refuse('--platform must be an http or https address.');
  const serial = texts('serial').map((wanted) => parseSerialOption(wanted));
  if (serial.includes(null)) return refuse('--serial must be PATH or PATH,BAUD,SUFFIX.');
  return {
    ok: true,
    options: {
      ...{ isEmbedded: flag('embedded'), isPresenterShown: flag('presenter'), isFullScreen: flag('full-screen'), hasLogIn: flag('log-in'), dataFolder },
      platform: url === null ? null : { url, ...(enrolmentCode === null ? {} : { enrolmentCode }) },
      serial: serial.filter((scanner) => scanner !== null),
    },
  };
}

function refuse(problem: string): ShellOptionsReading {
  return { ok: false, exitCode: 2, text: `counter: ${problem} --help lists what there is.\n` };
}

const shellCommand: Command = {
  name: 'window',
  summary: 'the counter in a window of its own',
  options: Object.fromEntries(Object.entries(kioskCommand.options).filter(([name]) => name !== 'port' && name !== 'no-window')),
  examples: [{ line: 'counter --embedded --presenter', says: 'everything on this machine, with sample companies' }],
  run: () => Promise.resolve('failed'),
};
