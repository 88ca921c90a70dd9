import type { Command } from './command.ts';
import { findDataFolder, foldersIn, prepareDataFolder } from './data-folder.ts';
import { faultNames, parseFaults } from './fault-option.ts';
import { startReferencePlatform } from './reference-platform.ts';
import { usualPlatformPort } from './usual-ports.ts';

/** `counter platform`: the reference platform alone, until it is stopped. */
export const platformCommand: Command = {
  name: 'platform',
  summary: 'run the reference platform with its sample companies',
  options: {
    port: { kind: 'count', value: 'N', min: 0, max: 65_535, says: `port on this machine (${usualPlatformPort}); 0 takes any free one` },
    database: { kind: 'text', value: 'URL', says: 'postgres://… instead of a SQLite file; several processes may then share it' },
    fault: { kind: 'texts', value: 'NAME=VALUE', says: 'behave wrongly, for tests' },
  },
  notes: [
    'Listens on 127.0.0.1 only; Ctrl+C stops it. Keys are made at the first start and kept in the data folder.',
    'The presenter page (亮码端) at the address printed shows codes; the enrolment code admits one counter and is then replaced.',
    `Faults: ${faultNames}.`,
  ],
  examples: [
    { line: 'counter platform', says: 'the platform with the usual data folder' },
    { line: 'counter platform --port 0 --data /tmp/p --fault latency=3000', says: 'a slow platform with data of its own, on any free port' },
  ],
  run: async (call) => {
    const { output } = call;
    const reading = parseFaults(call.texts('fault'));
    if (!reading.ok) return { usage: reading.problem };
    const dataFolder = call.dataFolder ?? findDataFolder();
    const hindrance = prepareDataFolder(dataFolder);
    if (hindrance !== null) {
      output.complain(hindrance);
      return 'failed';
    }
    const dataDir = foldersIn(dataFolder).platform;
    const port = call.count('port') ?? usualPlatformPort;
    const database = call.text('database') ?? undefined;
    const platform = await startReferencePlatform({ dataDir, database, port, faults: reading.faults });
    if (platform === null) {
      output.complain(`port ${port} is taken, perhaps by another platform of yours; choose one with --port, or --port 0 for any.`);
      return 'failed';
    }
    const { url, enrolmentCode } = platform;
    output.say(`Reference platform   ${url}`);
    output.say(`Presenter page       ${url}/`);
    output.say(`Enrolment code       ${enrolmentCode}`);
    output.say(`Data folder          ${dataDir}`);
    output.say('Ctrl+C stops it.');
    output.record({ url, presenter: `${url}/`, enrolmentCode, dataFolder: dataDir });
    await call.untilStopped();
    await platform.close();
    output.say('Stopped.');
    return 'done';
  },
};
