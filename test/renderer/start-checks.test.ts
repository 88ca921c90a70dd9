import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../domain/contracts/counter.ts';
import { scannerTestIds, scannerTestText } from '../../domain/scanner-test.ts';
import { decodeMatrix } from '../../hanxin/index.ts';
import { zhCn } from '../../renderer/i18n/zh-cn.ts';
import { measurePace } from '../../renderer/screens/devices/key-pace.ts';
import { listStartChecks, type Probes } from '../../renderer/screens/devices/start-checks.ts';
import { drawModules } from '../../renderer/screens/devices/test-symbol.tsx';

const { t } = i18next;
beforeAll(() => i18next.init({ lng: 'zh-CN', resources: { 'zh-CN': { translation: zhCn } }, interpolation: { escapeValue: false }, initAsync: false }));

const now = Date.parse('2026-11-21T08:20:00+08:00');
const day = 86_400_000;
const status: Status = {
  platform: { name: '上海平台', state: 'online', sinceAt: now - 1000, roundTripMs: 41 },
  scanners: [{ id: 's1', name: 'NLS-FM430', state: 'ready' }],
  catalogue: { fetchedAt: now - 3_600_000, entries: 186, scenarios: 42 },
  keys: { validUntilAt: now + 200 * day },
  clock: { state: 'synchronised', offsetMs: 12, uncertaintyMs: 100, checkedAt: now },
  audit: { seq: 20, headHash: '', state: 'ok' },
  pendingSync: 0,
} as Status;
const probes: Probes = { cameras: 1, cameraPermission: 'granted', diskFreeBytes: 84 * 1024 ** 3, wedgeProved: false };
const levels = (change: Partial<Status>, probed: Partial<Probes> = {}) => Object.fromEntries(listStartChecks({ ...status, ...change }, { ...probes, ...probed }, now, t).map(({ id, level }) => [id, level]));

describe('the start-of-day check', () => {
  test('is green throughout when all is well, but for the printer that only a person can see', () => {
    expect(levels({})).toEqual({ scanner: 'good', camera: 'good', printer: 'unknown', network: 'good', clock: 'good', keys: 'good', catalogue: 'good', audit: 'good', disk: 'good', pending: 'good' });
  });

  test.each<[string, Partial<Status>, Partial<Probes>, string, string]>([
    ['a lost scanner', { scanners: [{ id: 's', name: 'N', state: 'lost' }] }, {}, 'scanner', 'bad'],
    ['no scanner at all, where a camera reads', { scanners: [] }, {}, 'scanner', 'warn'],
    ['a keyboard scanner that has scanned', { scanners: [] }, { wedgeProved: true }, 'scanner', 'good'],
    ['no camera', {}, { cameras: 0 }, 'camera', 'warn'],
    ['a camera that is forbidden', {}, { cameraPermission: 'denied' }, 'camera', 'bad'],
    ['the platform away', { platform: { ...status.platform, state: 'offline' } }, {}, 'network', 'bad'],
    ['a wrong clock', { clock: { ...status.clock, state: 'wrong' } }, {}, 'clock', 'bad'],
    ['a clock nobody compared', { clock: { ...status.clock, state: 'unproven' } }, {}, 'clock', 'warn'],
    ['no keys', { keys: { validUntilAt: null } }, {}, 'keys', 'bad'],
    ['keys that have ended', { keys: { validUntilAt: now } }, {}, 'keys', 'bad'],
    ['keys that end this week', { keys: { validUntilAt: now + 6 * day } }, {}, 'keys', 'warn'],
    ['an old catalogue', { catalogue: { ...status.catalogue, fetchedAt: now - day - 1 } }, {}, 'catalogue', 'warn'],
    ['no catalogue', { catalogue: { ...status.catalogue, fetchedAt: null } }, {}, 'catalogue', 'bad'],
    ['a broken chain', { audit: { ...status.audit, state: 'broken' } }, {}, 'audit', 'bad'],
    ['a disk nearly full', {}, { diskFreeBytes: 200 * 1024 ** 2 }, 'disk', 'bad'],
    ['a disk filling up', {}, { diskFreeBytes: 1024 ** 3 }, 'disk', 'warn'],
    ['records that wait', { pendingSync: 3 }, {}, 'pending', 'warn'],
  ])('%s is said, and nothing else', (_, change, probed, id, level) => {
    expect(levels(change, probed)).toEqual({ ...levels({}), [id]: level });
  });

  test('without a scanner the day cannot begin where no camera is, or none may be used', () => {
    expect(levels({ scanners: [] }, { cameras: 0 })).toMatchObject({ scanner: 'bad', camera: 'warn' });
    expect(levels({ scanners: [] }, { cameraPermission: 'denied' })).toMatchObject({ scanner: 'bad', camera: 'bad' });
    expect(levels({ scanners: [] }, { cameraPermission: 'prompt' })).toMatchObject({ scanner: 'warn', camera: 'warn' });
  });
});

describe('the pace of a keyboard scanner', () => {
  test('is counted within scans, not between them', () => {
    const pace = measurePace([{ times: [0, 4, 9, 60] }, { times: [9000, 9003] }]);
    expect(pace).toMatchObject({ scans: 2, gaps: 4, medianMs: 5, largestMs: 51 });
    expect(pace?.bins.filter(({ count }) => count > 0)).toEqual([{ from: 2, to: 5, count: 2 }, { from: 5, to: 10, count: 1 }, { from: 50, to: 100, count: 1 }]);
    expect(measurePace([{ times: [5] }])).toBeNull();
  });
});

describe('the symbols of the self-test', () => {
  test.each(scannerTestIds)('%s is drawn as Han Xin Code that holds it', (id) => {
    const rows = drawModules(scannerTestText(id), 'hanXin');
    expect(decodeMatrix({ size: rows.length, modules: Uint8Array.from(rows.flat(), Number) })?.text).toBe(scannerTestText(id));
  });
});
