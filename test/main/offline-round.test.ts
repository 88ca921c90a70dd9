import { describe, expect, test } from 'vitest';
import type { OfflineRecord, OfflineReply } from '../../domain/contracts/enterprise.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { type Failure, ok, type Result } from '../../domain/failure.ts';
import type { Note } from '../../main/desk/journal.ts';
import { handInAll } from '../../main/offline-round.ts';
import type { OutboxRecord } from '../../main/store/records.ts';

const body = encodeUtf8(JSON.stringify({ codeSealed: '04', clockOffset: 0, deviceId: 'd', operatorId: 'o' }));
const record = (seq: number, over: Partial<OutboxRecord> = {}): OutboxRecord => ({ auditSeq: seq, recordId: `r${seq}`, scanId: `s${seq}`, scannedAt: seq, prevHash: 'p', hash: 'h', body, fault: null, ...over });
const refusal = (detail: string): { ok: false; failure: Failure } => ({ ok: false, failure: { code: 'remote/refused', detail } });

/** A log of waiting records, and a platform that does not take some of them. */
function world({ records, refuse, mostRefusals = 200 }: { records: readonly OutboxRecord[]; refuse: (batch: readonly OfflineRecord[]) => Failure | null; mostRefusals?: number }) {
  const answers = new Map<string, string>();
  let calls = 0;
  const run = () =>
    handInAll({
      mostRefusals,
      now: () => 1,
      store: { outboxWaiting: async ({ afterSeq, limit }) => ok(records.filter(({ auditSeq, recordId }) => auditSeq > afterSeq && !answers.has(recordId)).slice(0, limit)) },
      client: {
        submitOffline: async (batch): Promise<Result<OfflineReply>> => {
          calls += 1;
          const failure = refuse(batch);
          return failure === null ? ok({ records: batch.map(({ recordId }) => ({ recordId, verdict: 'confirmed' as const })) }) : { ok: false, failure };
        },
      },
      journal: {
        record: async ({ row, type }: Note) => {
          if (row?.table === 'outbox') answers.set(row.recordId, `${type} ${row.answer}${row.cause === null ? '' : ` ${row.cause}`}`);
          return ok({ seq: 1, hash: '' });
        },
      },
    });
  return { run, answers, calls: () => calls };
}

const many = (count: number): OutboxRecord[] => Array.from({ length: count }, (_, at) => record(at + 1));
const has = (batch: readonly OfflineRecord[], ...ids: readonly string[]): boolean => batch.some(({ recordId }) => ids.includes(recordId));

describe('a round of handing in', () => {
  test.each([
    ['13 入参缺失', 'offline.set-apart refused 13'],
    ['16 请求编号', 'offline.answered conflict'],
    ['999', 'offline.set-apart refused 999'],
  ])('refused for one record with %s: the rest are answered, in order, and that one is set apart', async (detail, said) => {
    const { answers, run } = world({ records: many(120), refuse: (batch) => (has(batch, 'r60') ? refusal(detail).failure : null) });
    expect(await run()).toEqual({ ok: true, value: said.includes('conflict') ? 120 : 119 });
    expect(answers.get('r60')).toBe(said);
    expect([...answers].filter(([id]) => id !== 'r60').map(([id, answer]) => [id, answer])).toEqual(many(120).filter(({ auditSeq }) => auditSeq !== 60).map(({ recordId }) => [recordId, 'offline.answered confirmed']));
  });

  test.each([
    [{ code: 'remote/http-status', detail: '413' }, 'refused HTTP 413'],
    [{ code: 'remote/malformed', detail: 'records' }, 'refused malformed'],
  ] as const)('%o for one record sets it apart as well', async (failure, said) => {
    const { answers, run } = world({ records: many(3), refuse: (batch) => (has(batch, 'r2') ? failure : null) });
    expect(await run()).toEqual({ ok: true, value: 2 });
    expect(answers.get('r2')).toBe(`offline.set-apart ${said}`);
  });

  test('bad ones at the head of the log are set apart once one behind them is answered', async () => {
    const bad = ['r1', 'r2', 'r3', 'r4'];
    const { answers, run } = world({ records: many(70), refuse: (batch) => (has(batch, ...bad) ? refusal('13').failure : null) });
    expect(await run()).toEqual({ ok: true, value: 66 });
    expect([...answers].filter(([, answer]) => answer.includes('set-apart')).map(([id]) => id)).toEqual(bad);
  });

  test('where none is answered nothing is set apart, and the platform is not asked for each', async () => {
    const { answers, calls, run } = world({ records: many(50), refuse: () => refusal('13 入参').failure, mostRefusals: 12 });
    expect(await run()).toEqual(refusal('13 入参'));
    expect([answers.size, calls()]).toEqual([0, 12]);
    const alone = world({ records: many(1), refuse: () => refusal('13').failure });
    expect(await alone.run()).toEqual(refusal('13'));
    expect(alone.answers.size).toBe(0);
  });

  test.each(['11', '14', '19', '90', '91', '99', 'clock 70000'])('%s is about us: asked once', async (detail) => {
    const { calls, run } = world({ records: many(50), refuse: () => refusal(detail).failure });
    expect(await run()).toEqual(refusal(detail));
    expect(calls()).toBe(1);
  });

  test('a silence in the middle ends the round with what was answered kept', async () => {
    const { answers, run } = world({ records: many(120), refuse: (batch) => (has(batch, 'r101') ? { code: 'remote/timeout' } : null) });
    expect(await run()).toEqual({ ok: false, failure: { code: 'remote/timeout' } });
    expect(answers.size).toBe(100);
  });

  test('what cannot be read is set apart with its reason, whatever the platform says', async () => {
    const spoilt = [record(1, { body: null, fault: 'damaged' }), record(2, { body: null, fault: 'erased' }), record(3, { body: encodeUtf8('{"codeSealed":1}') }), record(4, { body: Uint8Array.of(0xff) }), record(5)];
    const { answers, run } = world({ records: spoilt, refuse: () => null });
    expect(await run()).toEqual({ ok: true, value: 1 });
    expect(Object.fromEntries(answers)).toEqual({ r1: 'offline.set-apart unreadable damaged', r2: 'offline.set-apart unreadable erased', r3: 'offline.set-apart unreadable damaged', r4: 'offline.set-apart unreadable damaged', r5: 'offline.answered confirmed' });
  });
});
