import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Failing, mountSmallDisk, runOnFailingDisk } from '../../native-test/durability/failing-disk.ts';
import { canRecord, createDice, examineCuts, findKeyChanges, findRenewals, recordRun } from '../../native-test/durability/power-cut.ts';
import { chooseDriver } from '../../main/store/driver-choice.ts';
import { askAll, canVerify, harm, type MadeExport, makeExports } from '../main/audit-export.ts';
import { countFalseGreens, type ScheduleStep, stepArbitrary } from '../main/time/clock-schedule.ts';
import { judge, layDown, makeCleanLog, tamperKinds } from '../main/store/tampering.ts';

// What evidence has to survive, in full figures. Each part prints what it counted; any miss fails the whole.
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    kills: { type: 'string', default: '1000' },
    cuts: { type: 'string', default: '1000' },
    levels: { type: 'string', default: '50' },
    tampers: { type: 'string', default: '10000' },
    exports: { type: 'string', default: '1000' },
    clean: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('npm run soak -- audit [--only kills|cuts|disk|full|tamper|exports|time] [--kills N] [--cuts N] [--levels N] [--tampers N] [--clean N] [--exports N] [--seed N]');
  process.exit(0);
}
const dice = createDice(Number(values.seed));
const draw = (limit: number): number => Math.floor(dice() * limit);
const root = join(import.meta.dirname, '..', '..');

/** name → gives whether all was well. */
const parts: Readonly<Record<string, () => boolean | Promise<boolean>>> = { kills, cuts, disk, full, tamper, exports: exportsAgree, time };
let isGood = true;
for (const [name, part] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  const started = performance.now();
  const good = await part();
  console.log(`  ${good ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  isGood &&= good;
}
process.exit(isGood ? 0 : 1);

function kills(): boolean {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', '--project', 'native', 'native-test/kill.test.ts'], { cwd: root, encoding: 'utf8', env: { ...process.env, COUNTER_KILLS: values.kills } });
  if (run.status !== 0) console.log(run.stdout);
  console.log(`  kills: ${values.kills} of a scanning counter; ${run.status === 0 ? 'nothing acknowledged lost or doubled, every chain good' : 'FAILED'}`);
  return run.status === 0;
}

async function cuts(): Promise<boolean> {
  if (!canRecord()) return skip('cuts', 'system calls cannot be recorded here (strace)');
  let isGood = true;
  for (const [driver, synchronous] of [['better-sqlite3', 'FULL'], ['node:sqlite', 'FULL'], ['better-sqlite3', 'NORMAL']] as const) {
    const openDriver = await chooseDriver(driver);
    const wanted = Number(values.cuts);
    const found = [];
    for (let run = 0; run < 10; run++) {
      // Two of the ten are signed behind the answers alone, with a run of entries without a pause in the midst.
      const events = run < 2 ? recordRun({ entries: 380, synchronous, driver, carryOver: 1000, signing: 'behind' }) : recordRun({ entries: 120, synchronous, driver });
      // A fifth of them where the log is begun anew, another where an epoch ends.
      for (const [among, share] of [[undefined, 0.6], [findRenewals(events), 0.2], [findKeyChanges(events), 0.2]] as const) found.push(...examineCuts({ events, cuts: Math.ceil((wanted * share) / 10), random: dice, openDriver, ...(among === undefined ? {} : { among }) }));
    }
    const lost = found.filter((one) => one.lost > 0).length;
    const doubled = found.filter((one) => one.doubled > 0).length;
    const faults = found.filter((one) => one.fault !== null).length;
    console.log(`  cuts: ${driver} ${synchronous}: ${found.length} cuts, lost something in ${lost}, doubled in ${doubled}, fault at start in ${faults}`);
    isGood &&= synchronous === 'FULL' ? lost + doubled + faults === 0 : lost > found.length / 10;
  }
  return isGood;
}

async function disk(): Promise<boolean> {
  if (!canRecord()) return skip('disk', 'system calls cannot be made to fail here (strace)');
  const counts = { runs: 0, lost: 0, doubled: 0, faults: 0, disorderly: 0, refused: 0, unfinished: 0 };
  const note = async (failing: Failing, input: Parameters<typeof runOnFailingDisk>[1]): Promise<void> => {
    const run = await runOnFailingDisk(failing, input);
    counts.runs += 1;
    counts.lost += run.lost;
    counts.doubled += run.doubled;
    counts.refused += run.refused.length;
    if (run.fault !== null) counts.faults += 1;
    if (!run.isOrderly) counts.disorderly += 1;
    if (run.promised > 0 && run.promised < input.wanted) counts.unfinished += 1;
    if (run.lost + run.doubled > 0 || run.fault !== null || !run.isOrderly) console.log(`  disk: ${failing.call} number ${failing.when} gives ${failing.error}:`, run);
  };
  for (const [call, last, step] of [['pwrite64', 260, 3], ['fsync', 45, 1], ['fdatasync', 6, 1], ['ftruncate', 3, 1]] as const) {
    for (let number = 1; number <= last; number += step) {
      for (const error of ['EIO', 'ENOSPC'] as const) {
        await note({ call, error, when: String(number) }, { wanted: 20, tries: 30 });
      }
    }
  }
  // The signature of a hundred entries, behind the answer to one of them.
  for (let number = 100; number <= 140; number++) await note({ call: 'fsync', error: 'EIO', when: String(number) }, { wanted: 120, tries: 130, signing: 'behind' });
  console.log(`  disk: ${counts.runs} runs, one system call failing in each: ${JSON.stringify(counts)}`);
  return counts.lost + counts.doubled + counts.faults + counts.disorderly + counts.unfinished === 0;
}

async function full(): Promise<boolean> {
  let isGood = true;
  let refused = 0;
  const levels = Number(values.levels);
  for (let level = 0; level < levels; level++) {
    const small = mountSmallDisk(260 + level * 24);
    if (small === null) return skip('full', 'no small disk can be mounted here (not root)');
    const dataDir = join(small.folder, 'counter');
    const run = await runOnFailingDisk(null, { wanted: 900, tries: 900, dataDir });
    const wrong = run.refused.filter((code) => code !== 'store/full');
    small.grow(16_000);
    const after = await runOnFailingDisk(null, { wanted: 5, tries: 5, dataDir });
    small.unmount();
    refused += run.refused.length;
    const good = run.lost + run.doubled === 0 && run.fault === null && run.refused.length > 0 && wrong.length === 0 && after.fault === null && after.promised === 5;
    if (!good) console.log(`  full: ${260 + level * 24} KB:`, { ...run, refused: run.refused.length, wrong }, after);
    isGood &&= good;
  }
  console.log(`  full: ${levels} sizes of disk filled up, ${refused} entries refused by name, all promised ones there, work went on with more room: ${isGood}`);
  return isGood;
}

async function tamper(): Promise<boolean> {
  const openDriver = await chooseDriver();
  const folder = mkdtempSync(join(tmpdir(), 'counter-tampered-'));
  const { log, earlier } = makeCleanLog(openDriver, 130);
  const rows = [];
  for (const kind of tamperKinds) {
    const count = { kind: kind.name, tried: 0, found: 0, named: 0, atStart: 0 };
    for (; count.tried < Math.ceil(Number(values.tampers) / tamperKinds.length); count.tried++) {
      layDown(log, folder);
      const expected = kind.work({ folder, size: log.size, earlier }, draw);
      const { firstBad, atStart } = await judge(folder, openDriver);
      if (firstBad !== null) count.found += 1;
      if (firstBad?.seq === expected) count.named += 1;
      if (atStart !== null) count.atStart += 1;
    }
    rows.push(count);
  }
  let accused = 0;
  for (let trial = 0; trial < Number(values.clean); trial++) {
    if (trial % 20 === 0) layDown(makeCleanLog(openDriver, 1 + draw(240)).log, folder);
    const { firstBad, atStart } = await judge(folder, openDriver);
    if (firstBad !== null || atStart !== null) accused += 1;
  }
  rmSync(folder, { recursive: true, force: true });
  console.table(rows);
  console.log(`  tamper: ${rows.reduce((sum, { tried }) => sum + tried, 0)} tamperings of ${rows.length} kinds; ${values.clean} looks at clean logs, accused ${accused}`);
  return accused === 0 && rows.every(({ tried, found, named }) => tried === found && tried === named);
}

async function exportsAgree(): Promise<boolean> {
  if (!canVerify()) return skip('exports', 'no python3 or openssl 3 here');
  const wanted = Number(values.exports);
  const counts = { good: 0, goodAgreed: 0, bad: 0, badAgreed: 0, badFound: 0 };
  while (counts.good < wanted) {
    // A log of its own for each ten; the next export is made while the verifiers are at the one before.
    const sizes = Array.from({ length: Math.min(10, wanted - counts.good) }, () => 2 + draw(60)).toSorted((a, b) => a - b);
    let asked = Promise.resolve();
    for await (const made of makeExports(sizes)) {
      await asked;
      asked = askAboutBoth(made, counts);
    }
    await asked;
    if (counts.good % 100 === 0) console.log(`  exports: so far ${JSON.stringify(counts)}`);
  }
  console.log(`  exports: ${JSON.stringify(counts)}`);
  return counts.goodAgreed === counts.good && counts.badAgreed === counts.bad && counts.badFound === counts.bad;
}

/** Good as it is, then with one harm done to it. */
async function askAboutBoth({ folder, fingerprint, platform }: MadeExport, counts: { good: number; goodAgreed: number; bad: number; badAgreed: number; badFound: number }): Promise<void> {
  const good = await askAll(folder, { key: fingerprint, platform });
  counts.good += 1;
  if (good.ours.startsWith('OK') && good.python === good.ours && good.shell === good.ours) counts.goodAgreed += 1;
  else console.log('  exports: a good one:', good);
  const what = harm(folder, draw);
  const bad = await askAll(folder);
  counts.bad += 1;
  if (bad.ours.startsWith('BAD')) counts.badFound += 1;
  if (bad.python === bad.ours && bad.shell === bad.ours) counts.badAgreed += 1;
  else console.log(`  exports: ${what}:`, bad);
  rmSync(join(folder, '..'), { recursive: true, force: true });
}

function time(): boolean {
  const counts = { schedules: 0, judged: 0, greens: 0, falseGreens: 0, falseGreensOfAWallClock: 0 };
  const steps = fc.array(stepArbitrary, { minLength: 1, maxLength: 60 });
  const count = (schedule: readonly ScheduleStep[], driftPpm: number): void => {
    const found = countFalseGreens(schedule, driftPpm);
    counts.schedules += 1;
    counts.judged += found.judged;
    counts.greens += found.greens;
    counts.falseGreens += found.falseGreens;
    counts.falseGreensOfAWallClock += countFalseGreens(schedule, driftPpm, { believesWall: true }).falseGreens;
  };
  fc.assert(fc.property(steps, fc.integer({ min: -450, max: 450 }), count), { numRuns: 10_000, seed: Number(values.seed) });
  console.log(`  time: ${JSON.stringify(counts)}`);
  return counts.falseGreens === 0 && counts.falseGreensOfAWallClock > 0;
}

function skip(name: string, why: string): boolean {
  console.log(`  ${name}: skipped: ${why}`);
  return true;
}
