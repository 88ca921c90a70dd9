import { describe, expect, test } from 'vitest';
import type { Case } from '../../../domain/contracts/counter.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { ok } from '../../../domain/failure.ts';
import { printServiceCode } from '../../../domain/service-code.ts';
import { createGrantedMemory } from '../../../main/desk/granted.ts';
import { createScanDesk, type DeskContext, type DeskEvent, type DeskOutcome, type DeskScan } from '../../../main/desk/scan-desk.ts';

const expiresAt = 300_000;
const nothing = { read: false, retain: false, download: false, transfer: false, raw: 0 };

/** A desk whose verifier answers what `verdict` says of the scan. */
function openDesk(verdict: (scan: DeskScan) => Partial<DeskOutcome>) {
  const current: Case = { caseId: 'case', itemCode: '1', itemName: 'm', useFor: '核验', bizNum: 'PD-1', openedAt: 0, scans: 0 };
  const memory = createGrantedMemory<DeskOutcome, string>();
  const events: DeskEvent<DeskOutcome, string>[] = [];
  const contexts: DeskContext[] = [];
  const outcomeOf = (scan: DeskScan): DeskOutcome => ({
    ...{ scanId: scan.scanId, requestId: 'r', scannedAt: scan.receivedAt, elapsedMs: 1, roundTripMs: 1, state: 'verified', supportCode: null },
    ...{ kind: 'enterprise-service-code', checks: [], askedPlatform: true, failure: null, code: { digest: 'd', expiresAt }, subject: null },
    ...{ consent: null, consentDigest: null, permissions: nothing, information: [], hiddenExtras: [], certificates: [], clockOffsetMs: 0, grantedUntil: expiresAt },
    ...verdict(scan),
  });
  let onRetry = (): void => {};
  let operatorId = '10387';
  const written: string[] = [];
  const desk = createScanDesk<DeskOutcome, string>({
    verifier: {
      verify: (scan, context) => {
        contexts.push(context);
        return Promise.resolve(outcomeOf(scan));
      },
      retry: (outcome) => {
        onRetry();
        return Promise.resolve({ ...outcome });
      },
    },
    seen: () => Promise.resolve(ok(null)),
    journal: { head: () => ({ seq: 0, hash: '' }), fault: () => null, ready: async () => null, record: (note) => (written.push(note.type), Promise.resolve(ok({ seq: 1, hash: '' }))) },
    memory,
    hindrance: async () => null,
    currentCase: () => current,
    countScan: () => {},
    context: () => ({ purpose: {}, operator: { operatorId }, deviceId: 'd' }) as Omit<DeskContext, 'requestId'>,
    outbox: () => null,
    onOutcome: () => {},
    publish: (event) => void events.push(event),
  });
  const take = (receivedAt: number, text = 'code') =>
    desk.take({ scanId: `scan at ${receivedAt}`, source: 'serial', device: 's', bytes: encodeUtf8(text), text, receivedAt });
  return { desk, memory, events, contexts, written, take, duringRetry: (work: () => void) => (onRetry = work), logIn: (id: string) => void (operatorId = id) };
}

describe('the scan desk', () => {
  test('shows the verdict of the same code again as long as the code lives, and asks anew when it has ended', async () => {
    const { take, events, contexts } = openDesk(({ receivedAt }) => (receivedAt < expiresAt ? {} : { state: 'expired', supportCode: 'E-EXP-01' }));
    await take(1000);
    await take(expiresAt - 1);
    expect([events.at(-1)?.type, contexts.length]).toEqual(['repeat', 1]);
    await take(expiresAt);
    expect(events.at(-1)).toMatchObject({ type: 'verdict', granted: { outcome: { state: 'expired' } } });
  });

  test('knows a service code again when another device writes it in lower case', async () => {
    const code = printServiceCode({
      identity: { kind: 'uscc', uscc: '91310000MA1K35T44M' },
      ...{ platformId: '310100', expiresAt, consentDigest: new Uint8Array(32), sign: () => new Uint8Array(64) },
    });
    const { take, events, contexts } = openDesk(({ receivedAt }) => (receivedAt < 2000 ? { state: 'platform-down', supportCode: 'E-NET-02' } : {}));
    await take(1000, code);
    await take(2000, `${code.toLowerCase()}\r`);
    expect(contexts[1]).toMatchObject({ requestId: contexts[0]?.requestId, firstAskedAt: 1000 });
    await take(3000, 'another');
    expect(contexts[2]?.requestId).not.toBe(contexts[0]?.requestId);
    const shown = openDesk(() => ({}));
    await shown.take(1000, code.toLowerCase());
    await shown.take(2000, code);
    expect(shown.events.at(-1)?.type).toBe('repeat');
    expect(events.at(-1)?.type).toBe('verdict');
  });

  test('says when a request that is asked again was asked first: its answer may be that old', async () => {
    const { take, contexts } = openDesk(({ receivedAt }) => (receivedAt < 100_000 ? { state: 'platform-down', supportCode: 'E-NET-02' } : {}));
    await take(1000);
    await take(200_000);
    expect(contexts.map(({ firstAskedAt }) => firstAskedAt)).toEqual([undefined, 1000]);
  });

  test('neither shows nor writes down for the next operator what the one before had asked', async () => {
    const opened = openDesk(() => {
      opened.logIn('10388');
      return {};
    });
    await opened.take(1000);
    expect(opened.events.map(({ type }) => type)).toEqual(['reading', 'refused']);
    expect(opened.written).toEqual([]);
    expect(opened.memory.find('scan at 1000')).toBeNull();
    const again = openDesk(() => ({}));
    await again.take(1000);
    const granted = again.memory.find('scan at 1000');
    if (granted === null) throw new Error('no verdict');
    again.duringRetry(() => again.logIn('10388'));
    expect(await again.desk.retry(granted)).toMatchObject({ failure: { code: 'verdict/unknown' } });
  });

  test('keeps a certificate that was opened while the data was asked for again', async () => {
    const { desk, memory, take, duringRetry } = openDesk(() => ({}));
    await take(1000);
    const granted = memory.find('scan at 1000');
    if (granted === null) throw new Error('no verdict');
    duringRetry(() => memory.keep('scan at 1000', { ...granted, documents: new Map([['document', 'opened']]) }));
    await desk.retry(granted);
    expect(memory.findDocument('document')?.document).toBe('opened');
  });
});
