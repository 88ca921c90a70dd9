import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../domain/crypto/base64.ts';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { App } from '../../main/app.ts';
import type { Platform } from '../../platform/app.ts';
import { actorsOf, auditTypes, checkLog, clientOf, firstCompany, type ListedCompany, mintCode, scan, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

const held = {} as { platform: Platform; company: ListedCompany; app: App };

beforeAll(async () => {
  held.platform = await startPlatform();
  held.company = await firstCompany(held.platform);
  held.app = await startCounter(held.platform);
});

afterAll(async () => {
  await held.app.close();
  await held.platform.close();
});

const granting = (permissions: { retain?: boolean; download?: boolean }) => ({ permissions: { retain: false, download: false, transfer: false, ...permissions } });

describe('a case', () => {
  test('is open from the start with the first matter and a generated number, and 下一位 counts on', async () => {
    const client = clientOf(held.app);
    const first = await client.case.current();
    expect(first).toMatchObject({ itemName: '公司变更登记', scans: 0 });
    expect(first?.bizNum).toMatch(/^PD-\d{4}-\d{4}-\d{4}$/);
    const next = await client.case.next();
    expect(Number(next.bizNum.slice(-4))).toBe(Number(first?.bizNum.slice(-4)) + 1);
    expect(next.itemCode).toBe(first?.itemCode);
  });

  test('is opened for a linked matter only, and with a real purpose', async () => {
    const client = clientOf(held.app);
    const [, second] = await client.matter.list();
    await expect(client.case.open({ itemCode: 'none', useFor: '核验营业执照' })).rejects.toMatchObject({ data: { code: 'case/field-missing', detail: 'itemCode' } });
    await expect(client.case.open({ itemCode: second?.itemCode ?? '', useFor: '   x ' })).rejects.toMatchObject({ data: { detail: 'useFor' } });
    const opened = await client.case.open({ itemCode: second?.itemCode ?? '', useFor: '核验营业执照', bizNum: 'Q-17' });
    expect(opened).toMatchObject({ bizNum: 'Q-17', useFor: '核验营业执照', itemName: second?.itemName });
    expect((await client.matter.list())[0]).toMatchObject({ itemCode: second?.itemCode, recent: true });
  });

  test('forgets what was granted with 下一位: the verdict, its documents, its token', async () => {
    const client = clientOf(held.app);
    const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company, granting({ download: true })));
    const document = await client.certificate.open({ scanId: verdict.scanId, certificateId: verdict.certificates[0]?.certificateId ?? '' });
    await client.case.next();
    await expect(client.verdict.show({ scanId: verdict.scanId })).rejects.toMatchObject({ data: { code: 'verdict/unknown' } });
    await expect(client.certificate.copy({ documentId: document.documentId, purpose: 'print' })).rejects.toMatchObject({ data: { code: 'verdict/unknown' } });
    await expect(client.certificate.open({ scanId: verdict.scanId, certificateId: document.certificateId })).rejects.toMatchObject({ data: { code: 'verdict/unknown' } });
  });
});

describe('a scan', () => {
  test('shows a complete verdict, masked, without code or token, and is recorded with it', async () => {
    const code = await mintCode(held.platform, held.company);
    const { outcome } = await scan(held.app, code);
    const verdict = await clientOf(held.app).verdict.show({ scanId: outcome.scanId });
    expect(verdict).toMatchObject({ state: 'verified', supportCode: null, askedPlatform: true, oneTime: true, consentDigest: { equal: true } });
    expect(verdict.subject).toMatchObject({ name: held.company.name, uscc: held.company.uscc });
    expect(verdict.subject?.presenter).toMatch(/^.\*.?$/u);
    expect(verdict.subject?.presenterRole).toBe('legal');
    const printed = JSON.stringify(verdict);
    expect(printed).not.toContain(held.company.presenter);
    expect(printed).not.toContain(code.slice(20, 120));
    expect(outcome.holderToken?.reveal().length).toBeGreaterThan(8);
    expect(printed).not.toContain(outcome.holderToken?.reveal());
    const [record] = await clientOf(held.app).record.list({ limit: 1 });
    expect(record).toMatchObject({ scanId: outcome.scanId, state: 'verified', subjectName: held.company.name, auditSeq: verdict.auditSeq });
  });

  test('reveals personal fields by an entry of its own', async () => {
    const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company));
    const revealed = await clientOf(held.app).verdict.reveal({ scanId: verdict.scanId });
    // The legal representative showed it; the company's agent is another person.
    const { presenter, legalRepresentative } = revealed.subject ?? {};
    expect(presenter).toBe(legalRepresentative);
    expect(presenter).not.toBe(held.company.presenter);
    expect(revealed.information.flatMap(({ fields }) => fields).some(({ masked }) => masked)).toBe(false);
    expect(verdict.information.flatMap(({ fields }) => fields).some(({ masked }) => masked)).toBe(true);
    expect((await auditTypes(held.app)).at(-1)).toBe('data.revealed');
    expect((await clientOf(held.app).verdict.show({ scanId: verdict.scanId })).subject?.presenter).not.toBe(presenter);
  });

  test('of the same code in the same case shows the verdict again and asks nothing', async () => {
    const code = await mintCode(held.platform, held.company);
    await scan(held.app, code);
    const before = held.app.journal.head().seq;
    held.app.hub.forgetRepeats();
    await expect(scan(held.app, code)).rejects.toThrow('repeat');
    expect(held.app.journal.head().seq).toBe(before);
  });

  test('of a one-time code by the next person is refused as used', async () => {
    const code = await mintCode(held.platform, held.company);
    await scan(held.app, code);
    await clientOf(held.app).case.next();
    const second = await scanForWindow(held.app, code);
    expect(second).toMatchObject({ state: 'already-used', supportCode: 'E-USED-01', subject: null, information: [], certificates: [] });
    expect(second.usedAt).not.toBeNull();
  });

  test('of something else is a recorded refusal, too', async () => {
    const verdict = await scanForWindow(held.app, 'https://example.org/?code=1');
    expect(verdict).toMatchObject({ state: 'not-a-service-code', askedPlatform: false });
    const submitted = await clientOf(held.app).scan.submit({ source: 'camera', bytesBase64: encodeBase64(new Uint8Array(4097)) }).catch((error: unknown) => error);
    expect(submitted).toMatchObject({ data: { code: 'scan/too-long' } });
    expect(await clientOf(held.app).scan.submit({ source: 'camera', bytesBase64: '!' })).toEqual({ scanId: null });
  });

  test('after a restart in the same case is answered again: a one-time code is not lost with the process', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'counter-app-'));
    const first = await startCounter(held.platform, { dataDir });
    const code = await mintCode(held.platform, held.company);
    const before = await scan(first, code);
    const opened = first.cases.current();
    await first.close();
    const second = await startCounter(held.platform, { dataDir });
    expect(second.cases.current()).toMatchObject({ caseId: opened?.caseId, bizNum: opened?.bizNum, scans: 1 });
    const after = await scan(second, code);
    expect(after.outcome.state).toBe('verified');
    expect(after.outcome.requestId).toBe(before.outcome.requestId);
    expect(await auditTypes(second)).toEqual(['app.start', 'access.set-up', 'platform.enrolled', 'case.opened', 'scan.verdict', 'app.stop', 'app.start', 'scan.verdict']);
    expect(await actorsOf(second, 'app.start'), 'nobody has come in yet when a program starts').toEqual(['-', '-']);
    await second.close();
  });
});

describe('permissions', () => {
  test.each([
    ['print', false],
    ['save', false],
    ['print', true],
    ['save', true],
  ] as const)('a copy to %s is given with the download bit only (%s), and either way written down', async (purpose, download) => {
    const client = clientOf(held.app);
    const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company, granting({ download })));
    const entries = await Promise.all(verdict.certificates.map(({ certificateId }) => client.certificate.open({ scanId: verdict.scanId, certificateId })));
    const document = entries.find(({ format }) => format === 'PDF');
    const copying = client.certificate.copy({ documentId: document?.documentId ?? '', purpose });
    if (!download) {
      await expect(copying).rejects.toMatchObject({ code: 'FAILURE', data: { code: 'permission/not-granted' } });
      expect((await auditTypes(held.app)).at(-1)).toBe('permission.refused');
      return;
    }
    const copy = await copying;
    expect(Buffer.from(copy.bytesBase64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect((await auditTypes(held.app)).at(-1)).toBe(purpose === 'print' ? 'copy.printed' : 'copy.saved');
    expect(copy.auditSeq).toBe(held.app.journal.head().seq);
  });

  test('a certificate that was not granted is not fetched', async () => {
    const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company, { certificateTypes: [] }));
    expect(verdict.certificates).toEqual([]);
    await expect(clientOf(held.app).certificate.open({ scanId: verdict.scanId, certificateId: 'x' })).rejects.toMatchObject({ data: { code: 'verdict/not-granted' } });
    expect((await auditTypes(held.app)).at(-1)).toBe('permission.refused');
  });

  test('an original is kept, sealed, only where the consent lets it be retained', async () => {
    const client = clientOf(held.app);
    for (const retain of [false, true]) {
      await client.case.next();
      const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company, granting({ retain })));
      const opened = await client.certificate.open({ scanId: verdict.scanId, certificateId: verdict.certificates[0]?.certificateId ?? '' });
      const kept = await held.app.store.document({ documentId: opened.documentId });
      expect(kept.ok && kept.value !== null).toBe(retain);
      if (kept.ok && kept.value !== null) expect(encodeBase64(kept.value)).toBe(opened.bytesBase64);
      const scans = await held.app.store.scans({ limit: 1 });
      const body = scans.ok ? (decodeUtf8(scans.value[0]?.body ?? new Uint8Array()) ?? '') : '';
      // What was granted lies apart from the evidence: it has a shorter life.
      expect(body).not.toContain('"information"');
      const last = (await auditTypes(held.app)).slice(-3);
      expect(last.includes('content.kept')).toBe(retain);
    }
  });
});

describe('failing closed', () => {
  test('with a broken chain nothing is verified, so that no one-time code is used up unrecorded', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'counter-app-'));
    await (await startCounter(held.platform, { dataDir })).close();
    const database = new Database(join(dataDir, 'counter.db'));
    database.exec('DROP TRIGGER audit_no_update');
    database.exec("UPDATE audit SET line = replace(line, 'kiosk', 'other') WHERE seq = 1");
    database.close();
    const app = await startCounter(held.platform, { dataDir });
    expect(app.status.current().audit.state).toBe('broken');
    const code = await mintCode(held.platform, held.company);
    await expect(scan(app, code)).rejects.toThrow('audit/chain-broken');
    await app.close();
    expect((await scan(held.app, code)).outcome.state).toBe('verified');
  });

  test('a break deep in the chain, found by a full verification, stops the verifying of codes, too', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'counter-app-'));
    const before = await startCounter(held.platform, { dataDir });
    for (let n = 0; n < 210; n++) await before.journal.record({ type: 'notice.given', result: 'screen', ref: `${n}` });
    await before.close();
    const database = new Database(join(dataDir, 'counter.db'));
    database.exec('DROP TRIGGER audit_no_update');
    database.exec("UPDATE audit SET line = replace(line, 'kiosk', 'other') WHERE seq = 1");
    database.close();
    const app = await startCounter(held.platform, { dataDir });
    expect(app.status.current().audit.state).toBe('ok');
    expect((await checkLog(app)).at(-1)).toMatchObject({ type: 'report', report: { intact: false } });
    expect(app.status.current().audit.state).toBe('broken');
    await expect(scan(app, await mintCode(held.platform, held.company))).rejects.toThrow('audit/chain-broken');
    await app.close();
  });

  test('when a record cannot be written the verdict is not shown', async () => {
    const app = await startCounter(held.platform);
    const code = await mintCode(held.platform, held.company);
    await app.store.close();
    await expect(scan(app, code)).rejects.toThrow(/store\/locked/);
    expect(app.memory.findCode(encodeUtf8(code))).toBeNull();
    await app.close();
  });

  test('without a platform there is no case, and the scanner is told so', async () => {
    const app = await startCounter(null);
    expect(app.status.current().platform.state).toBe('not-enrolled');
    await expect(scan(app, 'anything')).rejects.toThrow('case/not-open');
    await app.close();
  });

  test('a bug leaves as an id only, and is in the log under it', async () => {
    const logged: object[] = [];
    const app = await startCounter(null, { log: { info: () => {}, warn: () => {}, error: (facts) => logged.push(facts) } });
    const retention: App['retention'] = { ...app.retention, show: () => Promise.reject(new Error('inside: secret path')) };
    const audit: App['audit'] = { ...app.audit, verify: () => Promise.reject(new Error('inside: secret path')) };
    const broken: App = { ...app, retention, audit, site: { ...app.site, current: () => ({ ...app.site.current(), role: 'auditor' }) } };
    const error = await clientOf(broken).retention.show({ profile: null }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'FAILURE', data: { code: 'internal/bug', detail: expect.stringMatching(/^[0-9a-f]{8}$/) } });
    expect(JSON.stringify(error)).not.toContain('secret path');
    // A message may quote what was scanned: the log has the name and the places only.
    expect(JSON.stringify(logged)).not.toContain('secret path');
    expect(logged).toMatchObject([{ procedure: 'retention.show', name: 'Error', stack: expect.stringContaining('app.test.ts') }]);
    expect(await checkLog(broken)).toEqual([{ type: 'failed', code: 'internal/bug', detail: expect.stringMatching(/^[0-9a-f]{8}$/) }]);
    expect(logged).toHaveLength(2);
    await app.close();
  });
});

describe('roles', () => {
  test('an auditor reads everything and changes nothing, and each try is written down', async () => {
    const app = await startCounter(held.platform, { site: { role: 'auditor' } });
    const client = clientOf(app);
    expect((await client.audit.list({ beforeSeq: null, limit: 10 })).length).toBeGreaterThan(0);
    expect((await checkLog(app)).at(-1)).toMatchObject({ type: 'report', report: { intact: true } });
    const refused = { code: 'FAILURE', data: { code: 'access/not-your-role' } };
    await expect(client.case.next()).rejects.toMatchObject(refused);
    await expect(client.scan.submit({ source: 'wedge', bytesBase64: 'QQ==' })).rejects.toMatchObject(refused);
    await expect(client.settings.save(await client.settings.read())).rejects.toMatchObject(refused);
    await expect(client.verdict.reveal({ scanId: 'x' })).rejects.toMatchObject(refused);
    expect((await auditTypes(app)).slice(-4)).toEqual(Array.from({ length: 4 }, () => 'permission.refused'));
    await app.close();
  });

  test('a mistake in the settings file keeps the counter from starting, with its place, and nothing is written over it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'counter-app-'));
    const text = '{\n  "whenOffline": "provisonal"\n}';
    writeFileSync(join(dataDir, 'site.json'), text);
    await expect(startCounter(null, { dataDir })).rejects.toThrow(/^settings\/unfit site\.json line 2: "whenOffline".*Did you mean "provisional"/);
    expect(readFileSync(join(dataDir, 'site.json'), 'utf8')).toBe(text);
  });

  test('what a good code is without the platform is chosen by the administrator, or in practice, and recorded', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'counter-app-'));
    const app = await startCounter(null, { dataDir });
    expect(await clientOf(app).offlineRule.show()).toEqual({ rule: 'refuse', mayChoose: true });
    const operator = { id: '1', name: '甲', role: 'operator' } as const;
    const attended: App = { ...app, access: { ...app.access, state: () => ({ state: 'open', operator }), role: () => 'operator' } };
    expect((await clientOf(attended).offlineRule.show()).mayChoose).toBe(false);
    await expect(clientOf(attended).offlineRule.choose({ rule: 'provisional' })).rejects.toMatchObject({ data: { code: 'access/not-your-role' } });
    expect(app.site.current().whenOffline).toBeUndefined();
    await clientOf(app).offlineRule.choose({ rule: 'provisional' });
    expect((await auditTypes(app)).at(-1)).toBe('settings.changed');
    await app.close();
    expect(JSON.parse(readFileSync(join(dataDir, 'site.json'), 'utf8'))).toMatchObject({ whenOffline: 'provisional' });
  });

  test('settings are kept in the open file and recorded', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'counter-app-'));
    const app = await startCounter(null, { dataDir });
    const settings = await clientOf(app).settings.read();
    await clientOf(app).settings.save({ ...settings, operator: { id: '77', name: '王芳' } });
    expect((await clientOf(app).session.current()).operator).toEqual({ id: '77', name: '王芳', role: 'operator' });
    expect((await auditTypes(app)).at(-1)).toBe('settings.changed');
    await app.close();
    const again = await startCounter(null, { dataDir });
    expect((await clientOf(again).session.current()).operator.name).toBe('王芳');
    await again.close();
  });
});
