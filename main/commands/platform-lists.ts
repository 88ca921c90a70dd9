import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Call, Outcome } from './command.ts';
import { findDataFolder, foldersIn, prepareDataFolder } from './data-folder.ts';

/** `counter platform lists [FILE]`: prints the catalogue and the scenario lists in force, or puts those of a file in force. */
export async function runPlatformLists(call: Call): Promise<Outcome> {
  const { output } = call;
  const dataFolder = call.dataFolder ?? findDataFolder();
  const hindrance = prepareDataFolder(dataFolder);
  if (hindrance !== null) {
    output.complain(hindrance);
    return 'failed';
  }
  const { createPublishedLists, readLists } = await import('../../platform/sharing/published-lists.ts');
  const { openStorage } = await import('../../platform/storage/database.ts');
  const [, file] = call.operands;
  const storage = await openStorage(call.text('database') ?? path.join(foldersIn(dataFolder).platform, 'platform.sqlite'));
  const published = createPublishedLists({ storage, now: Date.now });
  try {
    const { lists, originId, version } = await published.read();
    if (file === undefined) output.say(JSON.stringify(lists, null, 2));
    const now = file === undefined ? version : await published.publish(readLists(readFileSync(file, 'utf8')));
    if (file !== undefined) output.say(`Version ${now} is in force.`);
    output.record({ version: now, originId, ...(file === undefined ? { lists } : {}) });
    return 'done';
  } catch (error) {
    output.complain(`the lists cannot be published: ${error instanceof Error ? error.message : 'unknown'}.`);
    return 'failed';
  } finally {
    await storage.close();
  }
}
