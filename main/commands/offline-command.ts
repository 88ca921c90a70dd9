import { systemRandom } from '../../domain/crypto/random.ts';
import { ok, type Result } from '../../domain/failure.ts';
import { isSetApart } from '../../domain/offline-answer.ts';
import { printIsoTime } from '../../domain/time.ts';
import { openOfflineStore } from '../offline-store.ts';
import type { Call, Command } from './command.ts';
import { withClosedCounter } from './locked-counter.ts';

/** `counter offline`: what was judged without the platform, and handing it in. */
export const offlineCommand: Command = {
  name: 'offline',
  summary: 'list or hand in what was judged without the platform',
  operands: { usage: 'list|sync', least: 1, most: 1 },
  options: {
    platform: { kind: 'text', value: 'URL', says: 'where the platform is now, for sync' },
    again: { kind: 'flag', says: 'for sync: hands in what was set apart once more, too' },
    limit: { kind: 'count', value: 'N', min: 1, max: 10_000, says: 'how many to list, newest first (100)' },
  },
  notes: [
    'A code is judged without the platform only where the site lets it: "mode": "kiosk" or "whenOffline": "provisional" in site.json, or in the settings of its window. It is then provisional, never verified.',
    'A record that the platform refuses while it takes others, or that cannot be read any more, is set apart: it is kept, and holds up none of the others. list says why; the platform, or the auditor, mends it.',
    'A running counter hands in by itself as soon as the platform answers; these commands are for one that is not running. Exit code 1 when something could not be handed in.',
  ],
  examples: [
    { line: 'counter offline list', says: 'what waits, and what the platform said of the rest' },
    { line: 'counter offline sync --platform https://platform.example', says: 'hands in everything now' },
    { line: 'counter offline sync --again', says: 'and what was set apart, once its cause is mended' },
  ],
  run: async (call) => {
    const [action = ''] = call.operands;
    const work = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (work === undefined) return { usage: `There is no counter offline ${action}.` };
    return withClosedCounter(call, (dataDir) => work(call, dataDir));
  },
};

const actions: Readonly<Record<string, (call: Call, dataDir: string) => Promise<Result<null>>>> = { list, sync };

async function list(call: Call, dataDir: string): Promise<Result<null>> {
  const store = await openOfflineStore({ dataDir, random: systemRandom });
  if (!store.ok) return store;
  const found = await store.value.outbox({ limit: call.count('limit') ?? 100 });
  await store.value.close();
  if (!found.ok) return found;
  for (const { answer, auditSeq, bizNum, cause, itemName, scannedAt } of found.value) {
    call.output.say(`#${auditSeq}  ${printIsoTime(scannedAt)}  ${bizNum}  ${itemName}  ${answer === null ? 'waits' : [isSetApart(answer) ? 'set apart:' : '', answer, cause ?? ''].join(' ').trim()}`);
    call.output.record({ auditSeq, scannedAt, bizNum, itemName, answer, cause });
  }
  if (found.value.length === 0) call.output.say('Nothing was judged without the platform.');
  return ok(null);
}

async function sync(call: Call, dataDir: string): Promise<Result<null>> {
  const { startUnattended } = await import('./counter-app.ts');
  const url = call.text('platform');
  const started = await startUnattended({ dataDir, ...(url === null ? {} : { platform: { url } }) });
  if (!started.ok) return started;
  const app = started.value;
  try {
    // The counter hands in by itself as it starts; what is left is asked for once more, and why.
    await app.ready;
    const rest = await (call.flag('again') ? app.offline.again() : app.offline.sync(true));
    const { refused, setApart, waiting } = app.offline.state();
    call.output.say(`${waiting} wait; ${setApart} set apart; ${refused} of the last seven days not confirmed.`);
    call.output.record({ waiting, setApart, refused });
    return rest.ok ? ok(null) : rest;
  } finally {
    await app.close();
  }
}
