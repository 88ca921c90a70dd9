import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { App } from '../../main/app.ts';
import { createGrantedMemory } from '../../main/desk/granted.ts';
import type { Note } from '../../main/desk/journal.ts';
import { createScanDesk, type DeskEvent, type DeskOutcome } from '../../main/desk/scan-desk.ts';
import type { Platform } from '../../platform/app.ts';
import { auditTypes, clientOf, firstCompany, type ListedCompany, mintCode, scanForWindow, startCounter, startPlatform } from './running-counter.ts';

const held = {} as { platform: Platform; company: ListedCompany; app: App };

beforeAll(async () => {
  held.platform = await startPlatform();
  held.company = await firstCompany(held.platform);
  held.app = await startCounter(held.platform, { limits: { timeoutMs: 4000 } });
});

beforeEach(async () => {
  for (const name of Object.keys(held.platform.faults)) Object.assign(held.platform.faults, { [name]: undefined });
  await clientOf(held.app).case.next();
});

afterAll(async () => {
  await held.app.close();
  await held.platform.close();
});

test('data that did not come is asked for again without using the code up, and both answers are recorded', async () => {
  held.platform.faults.dataMissing = true;
  const code = await mintCode(held.platform, held.company);
  const first = await scanForWindow(held.app, code);
  expect(first).toMatchObject({ state: 'data-missing', supportCode: 'E-DATA-01' });
  held.platform.faults.dataMissing = undefined;
  const second = await clientOf(held.app).verdict.retry({ scanId: first.scanId });
  expect(second).toMatchObject({ scanId: first.scanId, state: 'verified' });
  expect(second.auditSeq).toBeGreaterThan(first.auditSeq);
  const records = await clientOf(held.app).record.list({ limit: 500 });
  expect(records.filter(({ scanId }) => scanId === first.scanId)).toHaveLength(1);
  expect(held.app.cases.current()?.scans).toBe(1);
});

test('a platform that does not answer in time is said to be down, and is back by itself', async () => {
  held.platform.faults.latencyMs = 6000;
  const code = await mintCode(held.platform, held.company);
  expect(await scanForWindow(held.app, code)).toMatchObject({ state: 'platform-down', supportCode: 'E-NET-02', subject: null });
  expect(held.app.status.current().platform.state).toBe('offline');
  held.platform.faults.latencyMs = undefined;
  held.app.hub.forgetRepeats();
  expect(await scanForWindow(held.app, code)).toMatchObject({ state: 'verified' });
  expect(held.app.status.current().platform.state).toBe('online');
});

test.each([
  ['wrongFileHash', 'file/wrong-hash'],
  ['wrongFileMagic', 'file/wrong-magic'],
] as const)('a certificate file with %s is refused, recorded and never shown', async (fault, code) => {
  const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company));
  held.platform.faults[fault] = true;
  const opening = clientOf(held.app).certificate.open({ scanId: verdict.scanId, certificateId: verdict.certificates[0]?.certificateId ?? '' });
  await expect(opening).rejects.toMatchObject({ data: { code } });
  expect((await auditTypes(held.app)).at(-1)).toBe('certificate.refused');
});

test('a clock that is wrong is seen in the first answer of the platform, shown and recorded', async () => {
  const app = await startCounter(held.platform, { now: () => Date.now() - 120_000 });
  const { state, offsetMs } = app.status.current().clock;
  expect(state).toBe('wrong');
  expect(Math.abs(offsetMs - 120_000)).toBeLessThan(5000);
  expect(await auditTypes(app)).toContain('clock.wrong');
  await app.close();
});

test('when the clocks disagree nothing is green, whichever of them is wrong', async () => {
  held.platform.faults.clockOffsetMs = 120_000;
  const verdict = await scanForWindow(held.app, await mintCode(held.platform, held.company));
  expect(verdict).toMatchObject({ state: 'clock-wrong', supportCode: 'E-CLK-01', subject: null, certificates: [] });
  expect(held.app.status.current().clock.state).toBe('wrong');
  held.platform.faults.clockOffsetMs = undefined;
  await held.app.link.refresh();
  expect(held.app.status.current().clock.state).toBe('synchronised');
});

test('groups that were not authorised are hidden and written down by name only (C 0300 6.3.2 j)', async () => {
  const notes: Note[] = [];
  const events: DeskEvent<DeskOutcome, never>[] = [];
  const scan = { scanId: 's', source: 'serial', device: 'd', bytes: new Uint8Array([1]), text: '\u0001', receivedAt: 1 } as const;
  const outcome: DeskOutcome = {
    ...{ scanId: 's', requestId: 'r', scannedAt: 1, elapsedMs: 1, roundTripMs: 1, state: 'verified', supportCode: null, kind: 'k', checks: [], askedPlatform: true },
    ...{ failure: null, code: null, subject: null, consent: null, consentDigest: null, information: [], certificates: [], clockOffsetMs: null, grantedUntil: null },
    permissions: { read: true, retain: false, download: false, transfer: false, raw: 1 },
    hiddenExtras: ['1.2.3'],
  };
  const desk = createScanDesk<DeskOutcome, never>({
    verifier: { verify: () => Promise.resolve(outcome), retry: () => Promise.resolve(outcome) },
    seen: () => Promise.resolve({ ok: true, value: null }),
    journal: {
      head: () => ({ seq: 0, hash: '' }),
      fault: () => null,
      ready: async () => null,
      record: (note) => {
        notes.push(note);
        return Promise.resolve({ ok: true, value: { seq: notes.length, hash: '' } });
      },
    },
    memory: createGrantedMemory(),
    hindrance: async () => null,
    currentCase: () => ({ caseId: 'c', itemCode: 'i', itemName: 'n', useFor: 'u', bizNum: 'b', openedAt: 1, scans: 0 }),
    countScan: () => {},
    context: () => ({ purpose: { useFor: 'u', itemName: 'n', itemCode: 'i', itemOrg: 'o', operator: 'p', bizNum: 'b' }, operator: { operatorId: '1', name: 'p', orgCode: 'o', orgName: 'o' }, deviceId: 'd' }),
    outbox: () => null,
    onOutcome: () => {},
    publish: (event) => events.push(event),
  });
  await desk.take(scan);
  expect(notes.map(({ type }) => type)).toEqual(['scan.verdict', 'data.hidden']);
  expect(notes[1]).toMatchObject({ ref: 's', result: 'groups 1', detail: { oids: ['1.2.3'] } });
  expect(events.map(({ type }) => type)).toEqual(['reading', 'verdict']);
});
