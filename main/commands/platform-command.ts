import { runPlatformCheck } from './platform-check.ts';
import { runPlatformAudit } from './platform-audit.ts';
import { runPlatformLists } from './platform-lists.ts';
import type { Call, Command, Outcome } from './command.ts';
import { findDataFolder, foldersIn, prepareDataFolder } from './data-folder.ts';
import { faultNames, parseFaults } from './fault-option.ts';
import { type PlatformPart, startReferencePlatform } from './reference-platform.ts';
import { usualPlatformPort } from './usual-ports.ts';

/** `counter platform`: the reference platform alone, until it is stopped. */
export const platformCommand: Command = {
  name: 'platform',
  summary: 'run the reference platform with its sample companies, or check one',
  operands: { usage: '[check | lists [FILE] | audit [DEVICE]]', least: 0, most: 2 },
  options: {
    url: { kind: 'text', value: 'URL', says: 'check: the platform to be checked' },
    enrol: { kind: 'texts', value: 'CODE', says: 'check: enrolment codes of that platform, two for each mode' },
    embedded: { kind: 'flag', says: 'check: start a platform for it' },
    port: { kind: 'count', value: 'N', min: 0, max: 65_535, says: `port on this machine (${usualPlatformPort}); 0 takes any free one` },
    database: { kind: 'text', value: 'URL', says: 'postgres://… instead of a SQLite file; several processes may then share it' },
    role: { kind: 'text', value: 'ROLE', says: 'one part in this process: fusion, province, trust, engine, info, audit or portal; the usual is all' },
    province: { kind: 'text', value: 'ID', says: 'which province this process is: 310000, 320000, 330000, 340000' },
    'province-url': { kind: 'texts', value: 'ID=URL', says: 'a province that runs in a process of its own' },
    'part-url': { kind: 'texts', value: 'NAME=URL', says: 'a part (engine, trust, audit) that runs in a process of its own' },
    'platform-id': { kind: 'text', value: 'ID=NAME', says: 'the six digits and the name of this platform (310000, the reference platform)' },
    public: { kind: 'text', value: 'URL', says: 'the address that counters are given, where a gateway stands before several processes' },
    'trusted-proxy': { kind: 'texts', value: 'ADDRESS', says: 'a gateway that is believed where requests come from (X-Forwarded-For)' },
    fault: { kind: 'texts', value: 'NAME=VALUE', says: 'behave wrongly, for tests' },
  },
  notes: [
    'Listens on 127.0.0.1 only; Ctrl+C stops it. Keys are made at the first start and kept in the data folder.',
    'check runs every interface, as it is meant to be asked and as it must refuse, in the extended and the strict mode, and prints a table; exit code 1 when one fails.',
    'lists prints the catalogue and the scenario lists in force; with a file it puts a new version in force, in every process that runs on the same database.',
    'audit lists the counters whose logs the audit centre countersigns, with its alarms; of one device it prints the first MAC key that was handed over, for counter audit verify --mac-key.',
    'Files are verified by SM3, and by signature under the certificates in the folder issuers of its data.',
    'The presenter page (亮码端) at the address printed shows codes; the enrolment code admits one counter and is then replaced.',
    `Faults: ${faultNames}.`,
  ],
  examples: [
    { line: 'counter platform', says: 'the platform with the usual data folder' },
    { line: 'counter platform --port 0 --data /tmp/p --fault latency=3000', says: 'a slow platform with data of its own, on any free port' },
    { line: 'counter platform check --embedded', says: 'the conformance kit against a platform of its own' },
    { line: 'counter platform check --url http://10.1.2.3:8710 --enrol A --enrol B', says: 'against another, in the extended mode' },
  ],
  run: (call) => {
    const [operand] = call.operands;
    if (operand === undefined) return serve(call);
    if (operand === 'lists') return runPlatformLists(call);
    if (operand === 'audit') return runPlatformAudit(call);
    if (operand === 'check' && call.operands.length === 1) return runPlatformCheck(call);
    return Promise.resolve({ usage: `"${call.operands.join(' ')}" is nothing that a platform does; there are check, lists and audit.` });
  },
};

async function serve(call: Call): Promise<Outcome> {
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
  const part = await readPart(call);
  if ('usage' in part) return part;
  const database = call.text('database') ?? undefined;
  const platform = await startReferencePlatform({ dataDir, database, port, faults: reading.faults, part });
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
}

async function readPart(call: Call): Promise<PlatformPart | { readonly usage: string }> {
  const { readRole } = await import('../../platform/role-option.ts');
  try {
    const [role, province, publicUrl, platformId] = [call.text('role'), call.text('province'), call.text('public'), call.text('platform-id')].map((text) => text ?? undefined);
    return readRole({ role, province, publicUrl, platformId, provinceUrl: call.texts('province-url'), partUrl: call.texts('part-url'), trustedProxy: call.texts('trusted-proxy') });
  } catch (error) {
    return { usage: error instanceof Error ? error.message : 'wrong role' };
  }
}
