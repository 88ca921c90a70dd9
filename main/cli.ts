#!/usr/bin/env node
import { auditCommand } from './commands/audit-command.ts';
import { caseCommand } from './commands/case-command.ts';
import { runCommandLine } from './commands/command-line.ts';
import { decodeCommand } from './commands/decode-command.ts';
import { documentCommand } from './commands/document-command.ts';
import { avoidEngineFault } from './commands/engine-fault.ts';
import { keyfileCommand } from './commands/keyfile-command.ts';
import { kioskCommand } from './commands/kiosk-command.ts';
import { offlineCommand } from './commands/offline-command.ts';
import { platformCommand } from './commands/platform-command.ts';
import { readProgramVersion } from './commands/program-files.ts';
import { recoverCommand } from './commands/recover-command.ts';
import { storeCommand } from './commands/store-command.ts';
import { usbkeyCommand } from './commands/usbkey-command.ts';
import { verifyCommand } from './commands/verify-command.ts';
import { forbidCoreDumps } from './usb-key/core-dumps.ts';

/** One Ctrl+C arrives several times, when npm and `npm start` pass on what the terminal has sent already. */
const samePressMs = 1000;

/** Resolves at the first Ctrl+C or polite kill; a later second one ends the program at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | null = null;
    const stop = (): void => {
      if (first !== null && performance.now() - first > samePressMs) process.exit(130);
      first ??= performance.now();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

avoidEngineFault();
// Keys and granted data are in memory; browsers and other programs started from here have their own.
await forbidCoreDumps({ isClosed: true });
// A reader that went away (`counter decode … | head`) is no fault of ours.
process.stdout.on('error', () => process.exit(1));
process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  commands: [auditCommand, caseCommand, decodeCommand, documentCommand, keyfileCommand, kioskCommand, offlineCommand, platformCommand, recoverCommand, storeCommand, usbkeyCommand, verifyCommand],
  version: readProgramVersion(),
  out: process.stdout,
  err: process.stderr,
  untilStopped,
});
