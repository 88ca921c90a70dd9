import { describe, expect, test } from 'vitest';
import { verifyAudit } from '../../main/audit/verification.ts';
import { verifyExport } from '../../main/audit/export-verification.ts';
import type { Append } from '../../main/store/records.ts';
import type { Store } from '../../main/store/store.ts';
import { askAll, canVerify, exportStore } from './audit-export.ts';
import { exportLines, readExported } from './forged-export.ts';
import { createSigningPerson } from './signing-person.ts';
import { anEntry, aScan, makeFolder, openedStore, openingCase } from './store/opened-store.ts';

const [clerk, other] = [createSigningPerson('10387'), createSigningPerson('10412')];
const plain: Append = { entry: anEntry({ ref: '编号 \\ "x","signature":"y"' }), body: null, business: null };
const notice: Append = { entry: anEntry({ type: 'notice.given', result: 'screen', actor: '10387' }), body: null, business: null };

/** A log with right hashes, MACs and checkpoints, whatever was written into it: the machine's own key is in the wrong hands. */
async function withLog<T>(entries: readonly Append[], work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openedStore(makeFolder());
  for (const one of entries) expect(await store.append(one)).toMatchObject({ ok: true });
  await store.checkpoint({ at: 1_790_000_000_000 });
  const done = await work(store);
  await store.close();
  return done;
}

const check = (entries: readonly Append[], more = {}) =>
  withLog(entries, async (store) => {
    const { folder } = await exportStore(store);
    const report = await verifyAudit({ source: store, monotonic: () => 0, platformKeys: () => [], ...more });
    return { live: report.ok ? report.value : null, folder };
  });

const good = [openingCase, plain, aScan('before anybody signs'), clerk.announce(), plain, clerk.sign(aScan('s1')), other.announce(), other.sign(aScan('s2')), clerk.sign(notice)];
const signed = clerk.sign(aScan('s3'));
const withEntry = (one: Append, more: Partial<Append['entry']>): Append => ({ ...one, entry: { ...one.entry, ...more } });
const named = (one: Append, actor: string): Append => withEntry(one, { actor });

const forgeries: Readonly<Record<string, Append>> = {
  'signed by somebody else': named(other.sign(named(aScan('s3'), '10387')), '10387'),
  'not signed': named(aScan('s3'), '10387'),
  'a notice that is not signed': notice,
  'a notice that is not signed, with a role and a device of no usual form': withEntry(notice, { role: 'a "b', device: '\\' }),
  'a signature with a role of no usual form': withEntry(signed, { role: 'a "b' }),
  'a key made known without a signature, with a role of no usual form': { ...plain, entry: anEntry({ type: 'access.signs', actor: '10387', ref: '10387', role: 'a "b', result: clerk.announce().entry.result }) },
  'another device than the one signed': withEntry(signed, { device: 'e' }),
  'another time than the one signed': withEntry(signed, { at: signed.entry.at + 1 }),
  'other content than the one signed': withEntry(signed, { content: '0'.repeat(64) }),
  'signed by somebody who made no key known': createSigningPerson('10999').sign(aScan('s3')),
  'a key made known for somebody else': withEntry(other.announce(), { actor: '10412', ref: '10387' }),
  'a key made known without having it': withEntry(clerk.announce(), { result: createSigningPerson('10387').announce().entry.result }),
  'a key that is none': withEntry(clerk.announce(), { result: `04${'1'.repeat(128)}` }),
  'a key made known without a signature': { ...plain, entry: anEntry({ type: 'access.signs', actor: '10387', ref: '10387', result: clerk.announce().entry.result }) },
};

describe('what people signed for', () => {
  test('holds, with keys that were renewed, beside what is not signed', async () => {
    const before = clerk.sign(aScan('s4'));
    const renewed = createSigningPerson('10387');
    const { live, folder } = await check([...good, before, renewed.announce(), renewed.sign(aScan('s5'))]);
    expect(live).toMatchObject({ intact: true, persons: { signed: 8, checked: 8 } });
    expect(verifyExport(folder)).toMatchObject({ ok: true, persons: { signed: 8, checked: 8 } });
    if (canVerify()) expect(await askAll(folder)).toEqual({ ours: 'OK 12', python: 'OK 12', shell: 'OK 12' });
  });

  test.each(Object.entries(forgeries))('finds %s, in a log that holds otherwise', async (_name, forged) => {
    const seq = good.length + 1;
    const { live, folder } = await check([...good, forged, plain]);
    expect(live).toMatchObject({ intact: false, firstBad: { seq, kind: 'signature' } });
    expect(verifyExport(folder)).toMatchObject({ ok: false, badSeq: seq, kind: 'signature' });
    if (canVerify()) expect(await askAll(folder)).toEqual({ ours: `BAD ${seq} signature`, python: `BAD ${seq} signature`, shell: `BAD ${seq} signature` });
  });

  test.skipIf(!canVerify())('asks for a signature however a line is written that means to bear none', async () => {
    const { folder } = await check([...good, notice]);
    const lines = readExported(folder);
    const unsigned = lines.at(-1) ?? '';
    const rest = lines.slice(0, -1);
    const before = await exportLines(rest);
    expect(await askAll(before)).toEqual({ ours: `OK ${rest.length}`, python: `OK ${rest.length}`, shell: `OK ${rest.length}` });
    const ways = [
      unsigned,
      unsigned.replace('"notice.given"', '"n\\u006ftice.given"'),
      unsigned.replace('"actor":"10387"', '"actor":"1038\\u0037"'),
      unsigned.replace('"actor":"10387"', '"actor":"1","actor":"10387"'),
      unsigned.replace('"notice.given"', '"app.start","type":"notice.given"'),
      unsigned.replace('"actor":"10387"', '"actor":"1"').replace('"bodyHash"', '"actor":"10387","bodyHash"'),
    ];
    expect(new Set(ways).size).toBe(ways.length);
    for (const line of ways) {
      const bad = `BAD ${lines.length} signature`;
      expect(await askAll(await exportLines([...rest, line])), line).toEqual({ ours: bad, python: bad, shell: bad });
    }
    // What the counter itself may have printed is no way of hiding anything.
    const odd = JSON.stringify({ ...JSON.parse(unsigned), actor: '窗口 "1" \\ \u0007', type: 'app.start', result: '\\u006f \n', ref: '\\' });
    expect(await askAll(await exportLines([...rest, odd]))).toEqual({ ours: `OK ${lines.length}`, python: `OK ${lines.length}`, shell: `OK ${lines.length}` });
  });

  test('the key of before holds no more once another was made known', async () => {
    const { live } = await check([...good, createSigningPerson('10387').announce(), signed]);
    expect(live).toMatchObject({ firstBad: { seq: good.length + 2, kind: 'signature' } });
  });

  test('an everyday check works out a sample and asks every entry for its signature', async () => {
    const wrong = [...good, named(other.sign(named(aScan('s3'), '10387')), '10387')];
    const sample = (draw: () => number) => ({ sample: { signatures: 4, draw } });
    expect((await check(wrong, sample(() => 0.1))).live).toMatchObject({ intact: false });
    expect((await check(wrong, sample(() => 0.9))).live).toMatchObject({ intact: true, persons: { signed: 6, checked: 2 } });
    expect((await check([...good, notice], sample(() => 0.9))).live).toMatchObject({ intact: false });
  });
});
