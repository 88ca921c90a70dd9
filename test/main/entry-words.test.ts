import type { TFunction } from 'i18next';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { AccessSchema } from '../../domain/contracts/access.ts';
import { PlatformProfileSchema } from '../../domain/contracts/enterprise.ts';
import type { App } from '../../main/app.ts';
import { entryTypeWords, recordedWords } from '../../main/commands/entry-words.table.ts';
import { firstSite, SiteSchema } from '../../main/desk/site.ts';
import type { Platform } from '../../platform/app.ts';
import { printAuditActor, printAuditRef, printAuditResult, printAuditWord } from '../../renderer/i18n/audit-words.ts';
import { describeEntry, type EntryFact, printFieldName } from '../../renderer/i18n/entry-words.ts';
import { clientOf, firstCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

// A text stands for its key, so that what is worded shows.
const t = ((key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values)].join('/')) as unknown as TFunction;
const held = {} as { platform: Platform; app: App };
beforeAll(async () => {
  held.platform = await startPlatform();
  held.app = await startCounter(held.platform, { site: { ...firstSite, role: 'supervisor', whenOffline: 'provisional' }, healthEveryMs: 3_600_000 });
});
afterAll(async () => {
  await held.app.close();
  await held.platform.close();
});

/** The content of every entry so far, by type; the newest of each. */
async function readAll(): Promise<Map<string, readonly EntryFact[]>> {
  const client = clientOf(held.app);
  const found = new Map<string, readonly EntryFact[]>();
  for (const { seq, type } of (await client.audit.list({ beforeSeq: null, limit: 500 })).toReversed()) {
    const facts = (await client.audit.entry({ seq }))?.facts ?? null;
    if (facts !== null) found.set(`${type} ${facts.length > 0 ? '' : 'empty'}`.trim(), facts);
  }
  return found;
}

describe('the content of an entry', () => {
  test('has a word for every field that a day at the counter writes down, in both languages', async () => {
    const company = await firstCompany(held.platform);
    const client = clientOf(held.app);
    const verdict = await scanForWindow(held.app, await mintCode(held.platform, company, { permissions: { retain: true, download: true, transfer: true } }));
    const opened = await client.certificate.open({ scanId: verdict.scanId, certificateId: verdict.certificates[0]?.certificateId ?? '' });
    await client.certificate.copy({ documentId: opened.documentId, purpose: 'forward', recipient: '社保窗口' });
    const shown = await scanForWindow(held.app, await mintCode(held.platform, company));
    await client.certificate.open({ scanId: shown.scanId, certificateId: shown.certificates[1]?.certificateId ?? '' });
    await client.settings.save({ ...(await client.settings.read()), operator: { id: '10388', name: '郑岚' }, serial: [{ path: '/dev/ttyS9', baudRate: 9600, suffix: 'CR', parity: 'even' }] });
    held.platform.faults.extraCertificate = true;
    await scanForWindow(held.app, await mintCode(held.platform, company, { certificateTypes: company.certificates.slice(0, 1).map(({ typeCode }) => typeCode) }));
    held.platform.faults.extraCertificate = undefined;
    held.platform.faults.httpStatus = 503;
    await scanForWindow(held.app, await mintCode(held.platform, company));
    held.platform.faults.httpStatus = undefined;
    await held.app.offline.sync(true);
    const entries = await readAll();
    expect([...entries.keys()]).toEqual(expect.arrayContaining(['platform.enrolled', 'case.opened', 'scan.verdict', 'content.kept', 'certificate.opened', 'copy.forwarded', 'key.certified', 'settings.changed', 'data.hidden', 'offline.answered']));
    const unnamed = [...entries].flatMap(([type, facts]) =>
      facts.filter(({ name }) => !/^checks\.\d+\.|\.fields\.\d+\.(label|value|personal)$/.test(name)).flatMap(({ name }) => (['zh-CN', 'en'] as const).filter((language) => printFieldName(name, language) === null).map((language) => `${type} ${name} ${language}`)));
    expect(unnamed).toEqual([]);
    const raw = [...entries].flatMap(([type, facts]) => describeEntry(facts, 'zh-CN', t).flatMap(({ heading, rows }) => [heading, ...rows.map(({ label }) => label)].map((word) => `${type}: ${word}`)));
    expect(raw.filter((word) => /: .*\b[a-z]+[A-Z]?[a-z]*\b/.test(word) && !/check\.|SM3|HID|AIM|Base64/.test(word))).toEqual([]);
  });

  test.each([
    ['the settings of a site', SiteSchema],
    ['the profile of a platform', v.omit(PlatformProfileSchema, ['appSecret'])],
  ])('has a word for every field of %s', (_, schema) => {
    const unnamed = listPaths(schema).filter((path) => printFieldName(path, 'zh-CN') === null || printFieldName(path, 'en') === null);
    // Where a device hangs on this machine is in no content for a window.
    expect(unnamed.filter((path) => !path.endsWith('path'))).toEqual([]);
  });

  test('a field without a word keeps its name', () => {
    expect(describeEntry([{ name: 'unheardOf.3.thing', value: 'x' }], 'zh-CN', t)).toEqual([{ heading: 'unheardOf 4', rows: [{ label: 'unheardOf.3.thing', value: 'x', isCode: false }] }]);
  });

  test('checks, granted fields, times, lengths, permissions and choices are read as words', () => {
    const facts = Object.entries({
      permissions: '7', askedPlatform: 'true', roundTripMs: '41.6', openedAt: '1795500000000', whenOffline: 'provisional', 'failure.code': 'remote/timeout', seenBefore: 'null',
      'checks.0.id': 'signature', 'checks.0.outcome': 'passed', 'checks.0.ms': '3.4', 'checks.1.id': 'online', 'checks.1.outcome': 'not-made', 'checks.1.ms': 'null',
      'information.0.title': '登记信息', 'information.0.fields.0.label': '住所', 'information.0.fields.0.value': '张江路', 'consent.sqzt.sqsj': '20261121102828', 'consent.xxlb.0': '1.2.156',
    }).map(([name, value]) => ({ name, value }));
    const sections = describeEntry(facts, 'zh-CN', t).map(({ heading, rows }) => [heading, ...rows.map(({ label, value }) => `${label}=${value}`)]);
    expect(sections).toEqual([
      ['', '操作权限=permission.read · permission.retain · permission.download', '已向平台核验=audit.content.yes', '平台答复用时=audit.content.ms/42', '开始时间=2026-11-24 14:00:00', '平台连不上时=settings.offline.rules.provisional', '此前核验编号=—'],
      ['未核验的原因', '原因=failure.remote/timeout'],
      ['核验明细', 'check.signature=checkOutcome.passed · checklist.ms/3', 'check.online=checkOutcome.not-made'],
      ['授权信息 1', '类别=登记信息', '住所=张江路'],
      ['授权记录 · 授权主体', '授权时间=2026-11-21 10:28:28'],
      ['授权记录', '授权信息类别=1.2.156'],
    ]);
  });

  test('the list names what was set, not the keys of the file', () => {
    expect(printAuditResult({ type: 'settings.changed', result: 'whenOffline retention' }, 'zh-CN', t)).toBe('平台连不上时、保存期限');
    expect(printAuditResult({ type: 'settings.changed', result: 'site idleMinutes' }, 'en', t)).toBe('Window, Locks when idle for');
  });
});

describe('the list of entries is in words, both languages', () => {
  test.each([
    ['access.escrow-opened', 'passphrase of S002', 'S002 的口令', 'passphrase of S002'],
    ['access.escrow-opened', 'retention kiosk', 'retention.shorten retention.profiles.kiosk', 'retention.shorten retention.profiles.kiosk'],
    ['access.escrow-opened', 'recovery code', '更换恢复码', 'another recovery code'],
    ['access.key', 'device key to secret-service', '设备密钥移到系统密钥库（secret-service）', 'device key to the key store of the system (secret-service)'],
    ['access.key', 'bound usb', '绑定 智能密码钥匙', 'bound USB key'],
    ['access.key', 'refused key/absent', '被拒 failure.key/absent', 'refused failure.key/absent'],
    ['access.set-up', 'administrator records kept', 'role.administrator 保留已有记录', 'role.administrator earlier records kept'],
    ['audit.anchor-missing', 'missing', '缺失', 'missing'],
    ['clock.overridden', '-120 s', '-120 秒', '-120 s'],
    ['retention.purged', '2026-03-01 key 7 records 12', '2026-03-01 的密钥（7 号），12 条记录', 'key 7 of 2026-03-01, 12 records'],
    ['store.mended', 'truncated lost 5-9 anchor 1/9 00ff00ff00ff00ff', 'mended.damage.truncated；丢失第 5–9 条；末端记录为第 1 代第 9 条（00ff00ff00ff00ff）', 'mended.damage.truncated; entries 5–9 lost; kept outside the log: generation 1, entry 9 (00ff00ff00ff00ff)'],
    ['store.restored', 'before 1/9 00ff00ff00ff00ff', '此前为第 1 代，至第 9 条（00ff00ff00ff00ff）', 'before: generation 1, up to entry 9 (00ff00ff00ff00ff)'],
  ])('%s: the result %s', (type, result, chinese, english) => {
    expect((['zh-CN', 'en'] as const).map((language) => printAuditResult({ type, result }, language, t))).toEqual([chinese, english]);
  });

  test.each([
    ['access.set-up', 'file', '本机密钥文件', 'a key file on this machine'],
    ['access.escrow-opened', 'code', '恢复码', 'recovery code'],
    ['audit.anchor-missing', 'entry 12', '第 12 条', 'entry 12'],
    ['audit.viewed', '12', '第 12 条', 'entry 12'],
    ['retention.purged', 'evidence', 'retention.classes.evidence', 'retention.classes.evidence'],
    ['store.backup-failed', '2026-11-22T16:00:00.000Z', '2026-11-23 00:00:00', '2026-11-23 00:00:00'],
    ['case.opened', '', 'general.dash', 'general.dash'],
  ])('%s: about %s', (type, ref, chinese, english) => {
    expect((['zh-CN', 'en'] as const).map((language) => printAuditRef({ type, ref }, language, t))).toEqual([{ text: chinese, isCode: false }, { text: english, isCode: false }]);
  });

  test('an id, a name and a number stay what they are', () => {
    for (const ref of ['10387', 'a1b2c3', 'counter-2026-11-22T08-00-00-000Z.backup', '1.0.0']) expect(printAuditRef({ type: 'access.opened', ref }, 'zh-CN', t)).toEqual({ text: ref, isCode: true });
    expect(['-', 'counter', '10387'].map((actor) => printAuditActor(actor, 'zh-CN'))).toEqual(['—', '本程序', '10387']);
  });
});

test('the command line names what happened as the window does in English, and each reason of a lock', () => {
  for (const reason of AccessSchema.entries.lockedBy.wrapped.options.filter((known) => known !== 'start')) expect(Object.hasOwn(recordedWords, reason), reason).toBe(true);
  for (const [type, word] of Object.entries(entryTypeWords)) expect(word).toBe(printAuditWord(type, 'en'));
  for (const [name, word] of Object.entries(recordedWords)) expect([printAuditResult({ type: '', result: name }, 'en', t), printAuditRef({ type: '', ref: name }, 'en', t).text], name).toContain(word);
});

/** The paths of all values that a schema lets be; lists are numbered 0. */
function listPaths(schema: unknown, path = ''): string[] {
  const { type, entries, item, wrapped, pipe } = schema as { type?: string; entries?: Record<string, unknown>; item?: unknown; wrapped?: unknown; pipe?: unknown[] };
  if (wrapped !== undefined) return listPaths(wrapped, path);
  if (entries !== undefined) return Object.entries(entries).flatMap(([key, child]) => listPaths(child, path === '' ? key : `${path}.${key}`));
  if (type === 'array' && item !== undefined) return listPaths(item, `${path}.0`);
  return pipe !== undefined && type === 'object' ? listPaths(pipe[0], path) : [path];
}
