import fc from 'fast-check';
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../domain/contracts/counter.ts';
import { gammaTable } from '../../domain/code-search.ts';
import { bendLuma, lumaOfPixels, lumaOfPlane, passOfFrame } from '../../renderer/camera/luma.ts';
import { createCodeChooser } from '../../renderer/camera/code-chooser.ts';
import { concerns, listChips } from '../../renderer/components/status-chips.ts';
import { takeSessionToken } from '../../renderer/connection/session-token.ts';
import { fitScale, nextZoom } from '../../renderer/documents/sheet-scale.ts';
import { tileSize } from '../../renderer/documents/watermark.ts';
import { printAuditResult } from '../../renderer/i18n/audit-words.ts';
import { printConsentName, printConsentValue } from '../../renderer/i18n/consent-words.ts';
import { printAge, printCountdown, printDayClock, printDuration, printElapsed, printHourMinute, printPassed } from '../../renderer/i18n/durations.ts';
import { printDevice } from '../../renderer/i18n/device-name.ts';
import { printVerdictKind } from '../../renderer/i18n/kind-name.ts';
import { zhCn } from '../../renderer/i18n/zh-cn.ts';
import { commandOf, windowKeys } from '../../renderer/keys.ts';
import { setsNoLimit } from '../../renderer/components/checklist.tsx';
import { defaultChoice } from '../../renderer/camera/camera-track.ts';
import { parsePreferences } from '../../renderer/preferences.ts';
import { mergeEntries } from '../../renderer/screens/audit/audit-entries.ts';
import { isRefusal } from '../../renderer/screens/audit/refusal.ts';
import { judgeKeys } from '../../renderer/screens/devices/key-trace.ts';
import { findCopyLock } from '../../renderer/documents/copy-lock.ts';
import { findGrantEnd } from '../../renderer/screens/verify/grant-end.ts';
import { bandLines, endLooks, stateLooks } from '../../renderer/screens/verify/verdict-look.ts';
import { makeSampleVerdict, sampleNames } from '../fakes/sample-verdicts.ts';

const { t } = i18next;
beforeAll(() => i18next.init({ lng: 'zh-CN', resources: { 'zh-CN': { translation: zhCn } }, interpolation: { escapeValue: false }, initAsync: false }));

describe('times in words', () => {
  test('the countdown never shows more than is left and ends at 00:00', () => {
    expect([252_000, 251_999, 1, 0, -5].map(printCountdown)).toEqual(['04:12', '04:12', '00:01', '00:00', '00:00']);
  });
  test('seconds below a minute, then minutes and seconds', () => {
    expect([59_999, 60_000, 412_000, 3_700_000].map((ms) => printDuration(ms, t))).toEqual(['59 秒', '1 分 0 秒', '6 分 52 秒', '1 小时 1 分']);
  });
  test('times of day are those of Asia/Shanghai, whatever the machine is set to', () => {
    expect(printDayClock(Date.UTC(2026, 10, 21, 23, 30, 5))).toBe('2026-11-22 07:30:05');
    expect(printHourMinute(Date.UTC(2026, 0, 1))).toBe('08:00');
  });
  test('what the window read itself is named by its way in', () => {
    expect(['wedge', 'image', 'NLS-FM430'].map((device) => printDevice(device, t))).toEqual(['键盘口扫描枪', '图片', 'NLS-FM430']);
  });
  test('ages, elapsed and passed times', () => {
    expect([30_000, 7_300_000, 3 * 86_400_000].map((ms) => printAge(ms, t))).toEqual(['不到 1 分钟', '2 小时', '3 天']);
    expect([9, 410, 12_400].map((ms) => printElapsed(ms, t))).toEqual(['9 毫秒', '0.41 秒', '12 秒']);
    expect([412_000, 4_000_000].map(printPassed)).toEqual(['6:52', '1:06:40']);
  });
});

describe('the band', () => {
  const at = Date.parse('2026-11-21T10:28:32+08:00');
  test('an expired code says the words of the standard and for how long', () => {
    const [line, more] = bandLines(makeSampleVerdict('expired', 's', at, 1), at, t);
    expect(line).toBe('企业数字凭证（企业服务码）已过期');
    expect(more).toContain('已过 6 分 52 秒');
  });
  test('an unrelated code is named and never called expired', () => {
    const lines = bandLines(makeSampleVerdict('payment', 's', at, 1), at, t).join(' ');
    expect(lines).toContain('微信付款码');
    expect(lines).not.toContain('过期');
  });
  test('another grantee is named', () => {
    expect(bandLines(makeSampleVerdict('grantee', 's', at, 1), at, t)[1]).toContain('徐汇区行政服务中心');
  });
  test('a result whose granted time is over says so and is no pass any more', () => {
    const verdict = makeSampleVerdict('verified', 's', at, 1);
    const endsAt = verdict.expiresAt ?? 0;
    expect([findGrantEnd(verdict, endsAt - 1), findGrantEnd(verdict, endsAt)]).toEqual([null, 'ended']);
    expect(bandLines(verdict, endsAt - 1, t)[1]).toContain('授权给');
    expect(bandLines(verdict, endsAt, t)).toEqual(['上海云帆智能科技有限公司', '授权已于 10:32:44 结束，核验时有效']);
    expect(endLooks.ended.tone).not.toBe(stateLooks.verified.tone);
    expect(findGrantEnd(makeSampleVerdict('expired', 's', at, 1), at)).toBe(null);
  });
  test('a grant that was taken back says so, when and by whose word, also after its time, and looks otherwise than one that ran out', () => {
    const verdict = { ...makeSampleVerdict('verified', 's', at, 1), withdrawnAt: at };
    for (const now of [at, (verdict.expiresAt ?? 0) + 1]) {
      expect(findGrantEnd(verdict, now)).toBe('withdrawn');
      expect(bandLines(verdict, now, t)[1]).toBe('平台于 10:28:32 告知：持证方已撤回授权。核验时有效');
    }
    expect(endLooks.withdrawn.tone).not.toBe(endLooks.ended.tone);
    expect(findGrantEnd({ ...makeSampleVerdict('expired', 's', at, 1), withdrawnAt: at }, at)).toBe(null);
  });
  test('a copy is locked by the consent, then by its end, then by the file', () => {
    const free = { permissions: { download: true, transfer: false }, restrictions: [], end: null };
    expect((['print', 'save', 'forward'] as const).map((purpose) => findCopyLock(purpose, free))).toEqual([null, null, 'not-granted']);
    expect((['print', 'forward'] as const).map((purpose) => findCopyLock(purpose, { ...free, end: 'ended' }))).toEqual(['ended', 'not-granted']);
    expect(findCopyLock('print', { ...free, end: 'withdrawn' })).toBe('withdrawn');
    expect((['print', 'save'] as const).map((purpose) => findCopyLock(purpose, { ...free, restrictions: ['print'] }))).toEqual(['by-file', null]);
  });
  test.each(sampleNames)('%s: no line of the band says again what the other says', (name) => {
    const [first, second] = bandLines(makeSampleVerdict(name, 's', at, 1), at, t);
    expect(first).not.toBe('');
    expect(second).not.toBe(first);
  });
  test('a limit that the consent does not set is not ticked off', () => {
    const verdict = makeSampleVerdict('verified', 's', at, 1);
    const lines = (change: object) => verdict.checks.filter((check) => setsNoLimit(check, { ...verdict, ...change })).map(({ id }) => id);
    expect([lines({}), lines({ grantee: null }), lines({ oneTime: false, grantee: null })]).toEqual([[], ['grantee'], ['one-time', 'grantee']]);
    expect(setsNoLimit({ id: 'grantee', outcome: 'not-made', ms: null }, { grantee: null, oneTime: false })).toBe(false);
  });
  test('a kind from a newer host has a name too', () => {
    expect([printVerdictKind({ kind: 'constructor' }, t), printVerdictKind({ kind: 'wifi' }, t)]).toEqual(['无法识别的内容', '无线网络配置码']);
  });
});

describe('luma', () => {
  test('gamma keeps black and white and bends the middle', () => {
    for (const gamma of [0.5, 1, 2]) expect([gammaTable(gamma)[0], gammaTable(gamma)[255]]).toEqual([0, 255]);
    const bent = [2, 1, 0.5].map((gamma) => {
      const target = new Uint8Array(1);
      bendLuma(Uint8Array.of(128), gamma, target);
      return target[0];
    });
    expect(bent).toEqual([64, 128, 181]);
  });
  test('grey pixels keep their brightness within one step', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 255 }), (grey) => Math.abs((lumaOfPixels(Uint8Array.of(grey, grey, grey, 255), 1, 1).values[0] ?? -9) - grey) <= 1));
  });
  test('row padding is dropped', () => {
    expect([...lumaOfPlane(Uint8Array.of(1, 2, 9, 3, 4, 9), 3, 2, 2).values]).toEqual([1, 2, 3, 4]);
  });
  test('four passes take turns', () => {
    expect([0, 1, 2, 3, 4].map((frame) => passOfFrame(frame).name)).toEqual(['plain', 'gamma 2', 'gamma 0.5', 'denoise', 'plain']);
  });
});

describe('which code is meant', () => {
  const found = (text: string) => ({ bytes: new TextEncoder().encode(text), symbology: ']Q1', corners: [] });
  const [one, two] = [found('A'), found('B')];
  const run = (frames: readonly (readonly ReturnType<typeof found>[])[]) => {
    const chooser = createCodeChooser();
    return frames.map((codes) => chooser.push(codes).code).map((code) => (code === null ? null : new TextDecoder().decode(code.bytes)));
  };
  test('one seen twice, with frames between that saw nothing', () => {
    expect(run([[one], [], [], [one]])).toEqual([null, null, null, 'A']);
  });
  test('not before every pass has looked, however often it is seen', () => {
    expect(run([[one], [one], [one], [one], [one]])).toEqual([null, null, null, 'A', 'A']);
    expect(run([[one], [one], [one, two], [one], [one]])).toEqual([null, null, null, null, null]);
  });
  test('none while another was in view a moment ago, also when one pass saw only one of them', () => {
    expect(run([[one, two], [one], [one], [one], [one]])).toEqual([null, null, null, null, null]);
    expect(run([[two], [one], [one], [one], [one]])).toEqual([null, null, null, null, null]);
  });
  test('two are said to be there for as long as both were seen lately', () => {
    const chooser = createCodeChooser();
    expect([[one], [two], [one], [], [one, one]].map((codes) => chooser.push(codes).areSeveral)).toEqual([false, true, true, true, true]);
    expect(Array.from({ length: 9 }, () => chooser.push([one]).areSeveral).at(-1)).toBe(false);
  });
  test('one again once the other has been gone for two rounds', () => {
    expect(run([[two], ...Array.from({ length: 8 }, () => [one])]).at(-1)).toBe('A');
  });
});

describe('the token', () => {
  const take = (hash: string, stored: string | null = null) => {
    const seen: { address: string | null; stored: string | null } = { address: null, stored };
    const token = takeSessionToken({
      location: { hash, pathname: '/', search: '' },
      history: { replaceState: (_data, _title, address) => void (seen.address = String(address)) },
      storage: { getItem: () => seen.stored, setItem: (_key, value) => void (seen.stored = value) },
    });
    return { token, ...seen };
  };
  test('is taken out of the address bar and kept for a reload', () => {
    expect(take('#t=abcdefghijklmnop_-12')).toEqual({ token: 'abcdefghijklmnop_-12', address: '/', stored: 'abcdefghijklmnop_-12' });
    expect(take('', 'abcdefghijklmnop_-12').token).toBe('abcdefghijklmnop_-12');
  });
  test.each(['', '#t=', '#t=short', '#t=has space in it 123456', '#x=abcdefghijklmnop'])('%j is none', (hash) => {
    expect(take(hash)).toMatchObject({ token: null, address: null });
  });
});

describe('keys', () => {
  const key = (part: Partial<KeyboardEvent>) => commandOf({ code: '', key: '', ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, target: null, defaultPrevented: false, isComposing: false, ...part });
  test('every key of the list does its command, and no other function key does anything', () => {
    for (const { key: name, command } of windowKeys) expect(key(name.length === 1 ? { code: `Key${name}`, key: name.toLowerCase() } : { key: name })).toBe(command);
    const others = Array.from({ length: 24 }, (_, index) => `F${index + 1}`).filter((name) => !windowKeys.some((row) => row.key === name));
    expect(others.map((name) => key({ key: name }))).toEqual(others.map(() => null));
  });
  test('function keys act anywhere; C only by its physical key', () => {
    expect([key({ key: 'F5' }), key({ key: 'F8' }), key({ code: 'KeyC', key: 'ｃ' }), key({ code: 'KeyV', key: 'c' })]).toEqual(['f5', 'f8', 'camera', null]);
  });
  test.each([{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { isComposing: true }, { defaultPrevented: true }])('%j leaves it to the system', (part) => {
    expect(key({ key: 'F5', ...part })).toBeNull();
  });
});

describe('preferences', () => {
  test('one bad field does not lose the others', () => {
    expect(parsePreferences('{"theme":"dark","language":"xx","sound":"loud"}')).toEqual({ theme: 'dark', language: 'zh-CN', sound: true, camera: defaultChoice });
  });
  test('anything at all is some preferences', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => ['system', 'light', 'dark', 'contrast'].includes(parsePreferences(text).theme)));
  });
});

describe('the self-test', () => {
  const run = (text: string, gap: number, end = 'Enter') => [...text, end].map((key, index) => ({ code: key.length > 1 ? key : `Key${key}`, key, timeStamp: index * gap, capsLock: false }));
  test.each([
    ['a scanner', run('ABCDEFGH', 4), 'good'],
    ['a slow scanner', run('ABCDEFGH', 50), 'slow'],
    ['a person', run('ABCDEFGH', 140), 'typed'],
    ['a few keys', run('AB', 4), 'typed'],
    ['no ending key', run('ABCDEFGH', 4, 'Z'), 'no-suffix'],
    ['an input method', run('ABCDEFGH', 4).map((key) => ({ ...key, key: 'Process' })), 'input-method'],
  ] as const)('%s', (_, trace, kind) => {
    expect(judgeKeys(trace, 30).kind).toBe(kind);
  });
});

describe('chips', () => {
  const now = 1_800_000_000_000;
  const good: Status = {
    platform: { name: 'p', state: 'online', sinceAt: now, roundTripMs: 4 },
    scanners: [{ id: 's', name: 'NLS', state: 'ready' }],
    catalogue: { fetchedAt: now - 7_200_000, entries: 1, scenarios: 1 },
    keys: { validUntilAt: now + 90 * 86_400_000 },
    clock: { state: 'synchronised', offsetMs: 0, uncertaintyMs: 1, checkedAt: now },
    audit: { seq: 1, headHash: '', state: 'ok' },
    pendingSync: 0,
    offline: { waiting: 0, failure: null, setApart: 0, refused: 0, lastSyncAt: null },
  };
  const levels = (part: Partial<Status>) => new Map(listChips({ ...good, ...part }, 'off', now, t).map((chip) => [chip.id, chip.level]));
  test('a good day shows neither keys nor clock nor chain', () => {
    expect([...levels({}).keys()]).toEqual(['platform', 'scanner', 'camera', 'catalogue', 'pending']);
  });
  test.each([
    [7_230_000, '时钟慢 2 小时 0 分 30 秒'],
    [-7_230_000, '时钟快 2 小时 0 分 30 秒'],
    [-61_400, '时钟快 1 分 1 秒'],
    [2 * 86_400_000 + 3_660_000, '时钟慢 2 天 1 小时 1 分'],
  ])('a clock that is off by %d ms is said as a person would', (offsetMs, text) => {
    const chip = listChips({ ...good, clock: { ...good.clock, state: 'wrong', offsetMs } }, 'off', now, t).find(({ id }) => id === 'clock');
    expect(chip?.text).toBe(text);
  });
  test('each trouble has its colour before it is a surprise', () => {
    expect(levels({ platform: { ...good.platform, state: 'offline' } }).get('platform')).toBe('bad');
    expect(levels({ scanners: [{ id: 's', name: 'NLS', state: 'lost' }] }).get('scanner')).toBe('bad');
    expect(levels({ catalogue: { ...good.catalogue, fetchedAt: now - 25 * 3_600_000 } }).get('catalogue')).toBe('warn');
    expect(levels({ keys: { validUntilAt: now + 3 * 86_400_000 } }).get('keys')).toBe('warn');
    expect(levels({ keys: { validUntilAt: now - 1 } }).get('keys')).toBe('bad');
    expect(levels({ clock: { ...good.clock, state: 'wrong', offsetMs: 187_000 } }).get('clock')).toBe('bad');
    expect(levels({ clock: { ...good.clock, state: 'confirmed' } }).get('clock')).toBe('warn');
    expect(levels({ audit: { ...good.audit, state: 'broken' } }).get('audit')).toBe('bad');
    expect(levels({ pendingSync: 2 }).get('pending')).toBe('warn');
    expect(levels({ offline: { waiting: 1, failure: null, setApart: 0, refused: 0, lastSyncAt: null } }).get('offline')).toBe('warn');
    expect(levels({ offline: { waiting: 1, failure: null, setApart: 0, refused: 1, lastSyncAt: now } }).get('offline')).toBe('bad');
    // Set apart, or refused as a whole: it leads to who can act, and the system administrator sees it too.
    const stuck = listChips({ ...good, offline: { waiting: 1, failure: 'remote/refused', setApart: 2, refused: 0, lastSyncAt: null } }, 'off', now, t).find(({ id }) => id === 'offline');
    expect(stuck).toMatchObject({ level: 'bad', opens: 'settings', text: '未能补核验 2' });
    expect(stuck?.facts[0]).toBe('未能补核验 2 · 待补核验 1');
    expect((['operator', 'supervisor', 'administrator', 'security', 'auditor'] as const).filter((role) => concerns(role, { id: 'offline' }))).toEqual(['operator', 'supervisor', 'administrator']);
  });
});

describe('the consent record', () => {
  test('elements have their names and times are times', () => {
    expect([printConsentName('sqqx.sqjzsj', 'zh-CN'), printConsentName('x.toString', 'zh-CN')]).toEqual(['授权截止时间', 'x.toString']);
    expect([printConsentValue('sqzt.sqsj', '20261121103240', t), printConsentValue('xxsy', '{}', t), printConsentValue('bsqzt.zjlx', '3', t), printConsentValue('czqx', '3', t)]).toEqual(['2026-11-21 10:32:40', '—', '3', '3 · 查看 · 保留凭证']);
  });
});

describe('audit and documents', () => {
  test('results are worded, digests cut, refusals told', () => {
    const worded = (type: string, result: string): string => printAuditResult({ type, result }, 'zh-CN', t);
    expect(worded('scan.verdict', 'expired E-EXP-01')).toBe('已过期 E-EXP-01');
    expect(worded('copy.saved', 'ab'.repeat(32))).toBe('abababababab');
    expect(worded('certificate.refused', 'file/wrong-hash')).toContain('文件核验未通过');
    expect(worded('access.opened', 'operator')).toBe('操作员');
    expect(['asked', 'idle', 'change', 'session-end', 'key-removed'].map((reason) => worded('access.locked', reason))).toEqual(['本人锁定', '无人操作', '换人', '登录满时', '本人密钥拔出']);
    expect(worded('access.refused', '5 locked-out')).toBe('连错5次 暂停登录');
    expect(worded('access.person', 'attempts cleared')).toBe('错误计数清零');
    expect(worded('access.person', 'added supervisor')).toBe('新增 值班长');
    expect(worded('offline.answered', 'confirmed')).toBe('补核验通过');
    expect(worded('offline.set-apart', 'refused')).toBe('未能补核验：平台拒收');
    expect(worded('platform.keys', '7')).toBe('7');
    expect(['expired E-EXP-01', 'verified', 'ok'].map((result) => isRefusal({ type: 'scan.verdict', result }))).toEqual([true, false, false]);
    expect(isRefusal({ type: 'permission.refused', result: 'x' })).toBe(true);
    expect(['audit.anchor-missing', 'store.mended', 'app.start'].map((type) => isRefusal({ type, result: 'missing' }))).toEqual([true, true, false]);
  });
  test('entries read twice are shown once, newest first', () => {
    const entry = (seq: number) => ({ seq, entryAt: 0, type: '', result: '', actor: '', ref: '', hash: '', prevHash: '' });
    expect(mergeEntries([entry(3), entry(2)], [entry(4), entry(3), entry(1)]).map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  });
  test('a wide page is shown whole, a tall one at the width, none above its size', () => {
    expect(fitScale({ width: 1000, height: 500 }, { width: 528, height: 128 })).toBeCloseTo(0.2);
    expect(fitScale({ width: 500, height: 1000 }, { width: 278, height: 128 })).toBeCloseTo(0.5);
    expect(fitScale({ width: 100, height: 50 }, { width: 2000, height: 2000 })).toBe(1);
    expect([nextZoom(0.36, 1), nextZoom(0.36, -1), nextZoom(4, 1)]).toEqual([0.5, 0.33, 4]);
  });
  test('a watermark tile is wider than its longest line', () => {
    const lines = ['浦东新区政务服务中心 12 号窗口 周敏 PD-2026-1121-0387', '仅用于公司变更登记'];
    expect(tileSize(lines, 13).width).toBeGreaterThan(13 * 25);
  });
});
