import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { auditCommand } from '../../../main/commands/audit-command.ts';
import { runCommandLine } from '../../../main/commands/command-line.ts';
import { offlineCommand } from '../../../main/commands/offline-command.ts';
import { storeCommand } from '../../../main/commands/store-command.ts';
import { usbkeyCommand } from '../../../main/commands/usbkey-command.ts';

test.each([auditCommand, offlineCommand, storeCommand, usbkeyCommand])('counter $name with an action that there is not is wrong usage, also by a name that every object has', async (command) => {
  for (const action of ['sing', 'constructor', 'toString', '__proto__']) {
    let said = '';
    const code = await runCommandLine({
      args: [command.name, action, '--data', path.join(tmpdir(), 'no-such-counter')],
      commands: [command],
      version: '0',
      out: { write: () => {} },
      err: { write: (text) => (said += text) },
      untilStopped: () => new Promise(() => {}),
    });
    expect([code, said]).toEqual([2, expect.stringContaining(`There is no counter ${command.name} ${action}.`)]);
  }
});
