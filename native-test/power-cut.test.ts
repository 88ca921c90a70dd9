import { describe, expect, test } from 'vitest';
import type { DriverName } from '../main/store/driver.ts';
import { chooseDriver } from '../main/store/driver-choice.ts';
import { canRecord, countDamagedLogs, createDice, examineCuts, findKeyChanges, findRenewals, recordRun } from './durability/power-cut.ts';

// The full figure is made by `npm run soak -- audit --only cuts`.
const cuts = 40;

describe.skipIf(!canRecord())('power cuts, from recorded system calls (strace)', () => {
  test.each<DriverName>(['better-sqlite3', 'node:sqlite'])('%s at FULL: nothing promised is lost, nothing is corrupt', async (driver) => {
    const events = recordRun({ entries: 60, synchronous: 'FULL', driver });
    expect(events.filter(({ kind }) => kind === 'ack')).toHaveLength(60);
    const found = examineCuts({ events, cuts, random: createDice(11), openDriver: await chooseDriver(driver) });
    expect(found.filter(({ lost, doubled, fault }) => lost + doubled > 0 || fault !== null)).toEqual([]);
  });

  test.each([['better-sqlite3', 'the log is begun anew', findRenewals], ['node:sqlite', 'the log is begun anew', findRenewals], ['better-sqlite3', 'an epoch ends', findKeyChanges]] as const)('%s, where %s: nothing promised is lost, nothing is corrupt', async (driver, _, find) => {
    const events = recordRun({ entries: 120, synchronous: 'FULL', driver });
    const first = events.findIndex(({ kind }) => kind === 'ack');
    const among = find(events).filter((at) => at > first);
    expect(among.length).toBeGreaterThan(20);
    const found = examineCuts({ events, cuts, random: createDice(12), openDriver: await chooseDriver(driver), among });
    expect(found.filter(({ lost, doubled, fault }) => lost + doubled > 0 || fault !== null)).toEqual([]);
  });

  test('where the log is signed behind the answer, with pauses and without: nothing promised is lost, nothing is corrupt', async () => {
    const events = recordRun({ entries: 380, synchronous: 'FULL', driver: 'better-sqlite3', carryOver: 1000, signing: 'behind' });
    const first = events.findIndex(({ kind }) => kind === 'ack');
    const changes = findKeyChanges(events).filter((at) => at > first);
    expect(changes.length).toBeGreaterThan(10);
    const found = examineCuts({ events, cuts: Math.ceil(cuts / 3), random: createDice(14), openDriver: await chooseDriver(), among: [...changes, ...Array.from({ length: 40 }, (_, step) => first + step * Math.floor((events.length - first) / 40))] });
    expect(found.filter(({ lost, doubled, fault }) => lost + doubled > 0 || fault !== null)).toEqual([]);
  });

  test('at rest after the log was begun anew it reads whole, so that the next start need not look through everything', () => {
    const events = recordRun({ entries: 120, synchronous: 'FULL', driver: 'better-sqlite3', carryOver: 1000 });
    expect(countDamagedLogs(events, createDice(13))).toEqual({ cuts: expect.toSatisfy((cutsAtRest: number) => cutsAtRest > 20), damaged: 0 });
  });

  test('the same cuts at NORMAL lose what was promised: the simulation can tell', async () => {
    const events = recordRun({ entries: 60, synchronous: 'NORMAL', driver: 'better-sqlite3' });
    const found = examineCuts({ events, cuts, random: createDice(11), openDriver: await chooseDriver('better-sqlite3') });
    expect(found.filter(({ lost }) => lost > 0).length).toBeGreaterThan(cuts / 4);
    // And the end kept beside the database tells the store itself.
    expect(found.some(({ fault }) => fault?.startsWith('rolled-back') === true)).toBe(true);
  });
});
