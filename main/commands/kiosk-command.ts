import path from 'node:path';
import type { Command } from './command.ts';
import { findDataFolder } from './data-folder.ts';
import { limitYoungGeneration } from './memory-budget.ts';
import { parseSerialOption } from './serial-option.ts';
import { usualKioskPort, usualPlatformPort } from './usual-ports.ts';

/** `counter kiosk`: the counter with its window in the installed browser. */
export const kioskCommand: Command = {
  name: 'kiosk',
  summary: 'run the counter with its window in the installed browser',
  options: {
    embedded: { kind: 'flag', says: 'start the reference platform with sample companies inside, and enrol there' },
    platform: { kind: 'text', value: 'URL', says: 'where the platform is, when not where it was at enrolment' },
    enrol: { kind: 'text', value: 'CODE', says: 'enrol at the platform with this code, if not enrolled yet' },
    presenter: { kind: 'flag', says: 'open the presenter page (亮码端) in a phone-sized window too' },
    port: { kind: 'count', value: 'N', min: 0, max: 65_535, says: `port of the window's host (${usualKioskPort}); 0 takes any free one` },
    serial: { kind: 'texts', value: 'PATH', says: 'use the scanner on this serial port; PATH,BAUD,SUFFIX for other than 9600 and CR' },
    'no-window': { kind: 'flag', says: 'open no window, print the address instead' },
    'log-in': { kind: 'flag', says: 'with --embedded: operators log in for practice too; at a real platform they always do' },
    'full-screen': { kind: 'flag', says: 'the window fills the screen and cannot be left' },
  },
  notes: [
    'Listens on 127.0.0.1 only. The address printed holds the key of this start: whoever has it on this machine is the window.',
    'People log in. The first start of a data folder asks who works here: its three administrators, or for practice (--embedded --log-in) one person; records that are there already are kept.',
    'Only for practice (--embedded, in a folder of its own) the counter opens without anybody logging in, and says so.',
    `Data is kept under counter/ of the data folder, that of an embedded platform (port ${usualPlatformPort}, or any free one) under platform/.`,
    'The browser is the first Chromium, Chrome or Edge found; COUNTER_BROWSER names another. Closing the window, or Ctrl+C, ends the program.',
  ],
  examples: [
    { line: 'counter kiosk --embedded --presenter', says: 'everything on one machine, as `npm start` does it' },
    { line: 'counter kiosk --platform https://platform.example --enrol C5DK-… --serial /dev/ttyACM0,115200,CRLF', says: 'a window at a real platform, with a scanner' },
  ],
  run: async (call) => {
    const url = call.text('platform');
    if (call.flag('embedded') && url !== null) return { usage: '--embedded is a platform of its own; leave out --platform.' };
    if (call.text('enrol') !== null && url === null) return { usage: '--enrol needs --platform URL.' };
    if (url !== null && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return { usage: '--platform must be an http or https address.' };
    const serial = [];
    for (const text of call.texts('serial')) {
      const scanner = parseSerialOption(text);
      if (scanner === null) return { usage: `--serial ${text} is not PATH or PATH,BAUD,SUFFIX.` };
      serial.push(scanner);
    }
    limitYoungGeneration();
    const { runKiosk } = await import('./kiosk-run.ts');
    return runKiosk(call, { dataFolder: path.resolve(call.dataFolder ?? findDataFolder()), serial });
  },
};
