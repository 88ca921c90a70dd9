import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../../domain/roles.ts';
import { encodeBase64 } from '../../../domain/crypto/base64.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import type { App } from '../../../main/app.ts';
import { clientOf, startCounter } from '../running-counter.ts';

const held: { app?: App } = {};
beforeAll(async () => {
  held.app = await startCounter(null);
});
afterAll(() => held.app?.close());

/** The counter as somebody of this role sits at it. */
function at(role: Role) {
  const { app } = held;
  if (app === undefined) throw new Error('no counter');
  const operator = { id: '10200', name: '郑岚', role };
  return clientOf({ ...app, access: { ...app.access, state: () => ({ state: 'open', operator }) as const, role: () => role } });
}

test('an entry is opened only after the look is in the log, and the content comes as names and values', async () => {
  const noted = await held.app?.journal.record({ type: 'data.revealed', result: 'shown', ref: 'scan-7', bytes: encodeUtf8('{"fields":["phone"],"of":{"name":"云帆\\u202e"}}') });
  if (noted?.ok !== true) throw new Error('nothing recorded');
  const content = await at('auditor').audit.entry({ seq: noted.value.seq });
  expect(content?.facts).toEqual([{ name: 'fields.0', value: 'phone' }, { name: 'of.name', value: expect.stringMatching(/^云帆.*202E/i) }]);
  const [look] = await at('auditor').audit.list({ beforeSeq: null, limit: 1 });
  expect(look).toMatchObject({ seq: content?.auditSeq, type: 'audit.viewed', ref: String(noted.value.seq) });
  expect(await at('supervisor').audit.entry({ seq: 999_999 })).toBeNull();
});

test('no code that may still be good reaches the window, nor where a device hangs on this machine', async () => {
  const code = encodeUtf8('a code that lives for minutes yet');
  const seen = async (note: Parameters<App['journal']['record']>[0]) => {
    const noted = await held.app?.journal.record(note);
    if (noted?.ok !== true) throw new Error('nothing recorded');
    return (await at('auditor').audit.entry({ seq: noted.value.seq }))?.facts;
  };
  const verdict = await seen({ type: 'scan.verdict', result: 'verified', ref: 'scan-8', detail: { code: encodeBase64(code), requestId: 'r-1', failure: { code: 'network/timeout' } } });
  expect(verdict).toEqual([
    { name: 'code.sm3', value: createHash('sm3').update(code).digest('hex') },
    { name: 'requestId', value: 'r-1' },
    { name: 'failure.code', value: 'network/timeout' },
  ]);
  const detail = { serial: [{ path: '/dev/ttyUSB0', baudRate: 9600 }], hid: [{ id: 'hid:1EAB:0022:/dev/hidraw3', isOn: true }], file: String.raw`C:\Users\x`, url: 'https://a.example/b' };
  const changed = await seen({ type: 'settings.changed', result: 'serial', ref: 'site', detail });
  expect(changed).toEqual([{ name: 'serial.0.baudRate', value: '9600' }, { name: 'hid.0.isOn', value: 'true' }, { name: 'url', value: 'https://a.example/b' }]);
});

test('an entry without content says so; who may not open one leaves a refusal and no look', async () => {
  expect(await at('auditor').audit.entry({ seq: 1 })).toMatchObject({ facts: null });
  await expect(at('operator').audit.entry({ seq: 1 })).rejects.toMatchObject({ data: { code: 'access/not-your-role' } });
  const [last] = await at('auditor').audit.list({ beforeSeq: null, limit: 1 });
  expect(last?.type).toBe('permission.refused');
});

test('the auditor searches headers, and draws a day with its checkpoints', async () => {
  const { app } = held;
  const found = await at('auditor').audit.search({ about: 'scan-7', limit: 10 });
  expect(found.map(({ type }) => type)).toEqual(['data.revealed']);
  await app?.store.checkpoint({ at: app.now() });
  const now = app?.now() ?? 0;
  const { hours, checkpoints } = await at('auditor').audit.picture({ fromAt: now - 3_600_000, toAt: now + 3_600_000 });
  expect(hours.find(({ what }) => what === 'data.revealed')?.entries).toBe(1);
  expect(checkpoints.at(-1)).toMatchObject({ isCountersigned: false });
  await expect(at('auditor').audit.picture({ fromAt: 0, toAt: now })).rejects.toBeDefined();
});
