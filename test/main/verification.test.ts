import { expect, test } from 'vitest';
import { verifyAudit } from '../../main/audit/verification.ts';
import { anEntry, makeFolder, openedStore } from './store/opened-store.ts';

test('what is recorded and signed while the log is checked is left to the next check: it is no missing end', async () => {
  const store = await openedStore(makeFolder());
  const append = () => store.append({ entry: anEntry(), body: null, business: null });
  for (let n = 0; n < 620; n++) await append();
  const meanwhile: Promise<unknown>[] = [];
  const work = () => {
    if (meanwhile.length === 0) meanwhile.push(append(), append(), store.checkpoint({ at: 1_790_000_000_000 }));
  };
  const check = (onProgress: () => void) => verifyAudit({ source: store, monotonic: () => 0, platformKeys: () => [], onProgress });
  expect(await check(work)).toMatchObject({ ok: true, value: { intact: true, checked: 620, firstBad: null } });
  expect(await Promise.all(meanwhile)).toMatchObject([{ ok: true }, { ok: true }, { ok: true, value: { size: 622 } }]);
  expect(await check(() => {})).toMatchObject({ ok: true, value: { intact: true, checked: 622, signed: 622 } });
  await store.close();
});

test('a signed checkpoint over entries that are not there is a missing end', async () => {
  const store = await openedStore(makeFolder());
  for (let n = 0; n < 3; n++) await store.append({ entry: anEntry(), body: null, business: null });
  await store.checkpoint({ at: 1_790_000_000_000 });
  const rows = await store.chain({ fromSeq: 1, limit: 2 });
  const last = rows.ok ? rows.value.at(-1) : undefined;
  if (last === undefined) throw new Error('no entries');
  const cut = {
    head: async () => ({ ok: true as const, value: { seq: 2, hash: last.hash, firstBad: null } }),
    chain: async () => rows,
    checkpoints: store.checkpoints,
    unfound: store.unfound,
    auditIdentity: store.auditIdentity,
  };
  expect(await verifyAudit({ source: cut, monotonic: () => 0, platformKeys: () => [] })).toMatchObject({ ok: true, value: { intact: false, firstBad: { seq: 3, kind: 'truncated' } } });
  await store.close();
});

test('a log whose MACs were all left out is no good one for whoever has the first key, whatever is noted beside it of how far there may be none', async () => {
  const store = await openedStore(makeFolder());
  for (let n = 0; n < 5; n++) await store.append({ entry: anEntry(), body: null, business: null });
  await store.checkpoint({ at: 1_790_000_000_000 });
  const [rows, identity] = [await store.chain({ fromSeq: 1, limit: 10 }), await store.auditIdentity(null)];
  if (!rows.ok || !identity.ok) throw new Error('no log');
  const stripped = {
    head: store.head,
    checkpoints: store.checkpoints,
    unfound: store.unfound,
    chain: async () => ({ ok: true as const, value: rows.value.map((row) => ({ ...row, mac: null })) }),
    auditIdentity: async () => ({ ok: true as const, value: { ...identity.value, seed: null, withoutMacUpTo: 1000 } }),
  };
  const check = (given: object) => verifyAudit({ source: stripped, monotonic: () => 0, platformKeys: () => [], ...given });
  expect(await check({ seed: new Uint8Array(32).fill(1) })).toMatchObject({ value: { intact: false, macsChecked: false, firstBad: { seq: 1, kind: 'mac' } } });
  expect(await check({})).toMatchObject({ value: { intact: true, macsChecked: false, withoutMac: 5 } });
  await store.close();
});
