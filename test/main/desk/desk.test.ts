import { describe, expect, test } from 'vitest';
import type { PlatformProfile } from '../../../domain/contracts/enterprise.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { generateSm2KeyPair } from '../../../domain/crypto/sm2.ts';
import { fail, ok } from '../../../domain/failure.ts';
import { createSecret } from '../../../domain/secret.ts';
import { createBroadcast } from '../../../main/desk/broadcast.ts';
import { openCases } from '../../../main/desk/cases.ts';
import { createPlatformLink } from '../../../main/desk/platform-link.ts';
import { decodeAccount, encodeAccount, moveProfile, pinPlatformKeys } from '../../../main/desk/platform-account.ts';
import { collectGarbage } from '../../live-memory.ts';

describe('a broadcast', () => {
  test('gives a slow listener the newest and never more than its limit', async () => {
    const numbers = createBroadcast<number>({ limit: 3 });
    const slow = numbers.subscribe();
    for (let number = 0; number < 100; number++) numbers.publish(number);
    expect([(await slow.next()).value, (await slow.next()).value, (await slow.next()).value]).toEqual([97, 98, 99]);
    numbers.close();
    expect((await slow.next()).done).toBe(true);
  });

  test('ends for a listener whose signal is aborted, also while it waits', async () => {
    const numbers = createBroadcast<number>({ limit: 3 });
    const stop = new AbortController();
    const waiting = numbers.subscribe(stop.signal).next();
    stop.abort();
    expect((await waiting).done).toBe(true);
    expect((await numbers.subscribe(AbortSignal.abort()).next()).done).toBe(true);
  });
});

describe('a listener that is gone before it listened', () => {
  test('keeps nothing of what is published', async () => {
    const events = createBroadcast<object>({ limit: 3 });
    const stop = new AbortController();
    const listener = events.subscribe(stop.signal);
    const publish = (): WeakRef<object> => {
      const event = {};
      events.publish(event);
      return new WeakRef(event);
    };
    const published = [publish()];
    stop.abort();
    published.push(publish());
    await new Promise((resolve) => void setImmediate(resolve));
    collectGarbage();
    expect(published.map((event) => event.deref())).toEqual([undefined, undefined]);
    expect((await listener.next()).done).toBe(true);
  });
});

describe('case numbers', () => {
  const opening = async (now: () => number, taken: readonly string[]) => {
    const opened: number[] = [];
    const cases = await openCases({
      store: {
        openCase: () => Promise.resolve(ok(null)),
        countCases: ({ fromAt, toAt }) => Promise.resolve(ok(opened.filter((at) => at >= fromAt && at < toAt).length)),
        bizNumTaken: ({ bizNum }) => Promise.resolve(ok(taken.includes(bizNum))),
      },
      journal: {
        head: () => ({ seq: 0, hash: '' }),
        fault: () => null,
        ready: async () => null,
        record: ({ row }) => {
          if (row?.table === 'case') opened.push(row.opened.openedAt);
          return Promise.resolve(ok({ seq: 1, hash: '' }));
        },
      },
      now,
      random: systemRandom,
      numberPrefix: () => 'PD',
      onClosed: () => {},
    });
    if (!cases.ok) throw new Error(cases.failure.code);
    return cases.value;
  };
  const matter = { itemCode: '1', itemName: 'm', purposes: [], certificateTypes: [], recent: false };

  test('count from one each day in Asia/Shanghai, and step over those that were typed', async () => {
    const time = { now: Date.parse('2026-05-01T23:59:00+08:00') };
    const cases = await opening(() => time.now, ['PD-2026-0502-0002']);
    expect(await cases.next()).toMatchObject({ failure: { code: 'case/not-open' } });
    expect(await cases.open({ matter, useFor: '核验' })).toMatchObject({ value: { bizNum: 'PD-2026-0501-0001' } });
    time.now += 60_000;
    expect(await cases.next()).toMatchObject({ value: { bizNum: 'PD-2026-0502-0001' } });
    expect(await cases.next()).toMatchObject({ value: { bizNum: 'PD-2026-0502-0003', useFor: '核验' } });
  });
});

describe('the change from one case to the next', () => {
  const matter = { itemCode: '1', itemName: 'm', purposes: [], certificateTypes: [], recent: false };
  const opening = async () => {
    const written: string[] = [];
    const opened: string[] = [];
    const during: (() => void)[] = [];
    const cases = await openCases({
      store: {
        openCase: () => Promise.resolve(ok(null)),
        countCases: () => Promise.resolve(ok(opened.length)),
        bizNumTaken: () => Promise.resolve(ok(false)),
      },
      journal: {
        head: () => ({ seq: 0, hash: '' }),
        fault: () => null,
        ready: async () => null,
        record: ({ type, ref, row }) => {
          for (const look of during) look();
          written.push(`${type} ${ref}`);
          if (row?.table === 'case') opened.push(row.opened.bizNum);
          return Promise.resolve(ok({ seq: 1, hash: '' }));
        },
      },
      ...{ now: () => 0, random: systemRandom, numberPrefix: () => 'PD' },
      onClosed: () => void written.push('forgotten'),
    });
    if (!cases.ok) throw new Error(cases.failure.code);
    await cases.value.open({ matter, useFor: '核验' });
    return { cases: cases.value, written, opened, during };
  };

  test('asked for twice at once is made twice, one after the other: no number twice, no case closed twice', async () => {
    const { cases, written, opened } = await opening();
    await Promise.all([cases.next(), cases.next()]);
    expect(new Set(opened).size).toBe(3);
    const closed = written.filter((entry) => entry.startsWith('case.closed'));
    expect(new Set(closed).size).toBe(2);
  });

  test('leaves no moment in which a verdict of the person before could still be kept', async () => {
    const { cases, written, during } = await opening();
    const seen: (string | null)[] = [];
    during.push(() => seen.push(cases.current()?.caseId ?? null));
    const [, kept] = await Promise.all([cases.next(), cases.openFirst({ matter, useFor: '首个事项' })]);
    expect(seen).toEqual([null, null]);
    expect(kept).toMatchObject({ value: { useFor: '核验' } });
    expect(cases.current()?.bizNum).toBe('PD-1970-0101-0002');
    expect(written.at(-1)).toBe('forgotten');
  });
});

describe('the platform account', () => {
  const keys = generateSm2KeyPair(systemRandom);
  const profile: PlatformProfile = {
    ...{ platformId: '310000', name: '平台', baseUrl: 'http://127.0.0.1:1/', fileHosts: ['127.0.0.1:1', 'files.test'] },
    ...{ accountId: 'a', appId: 'b', appSecret: 'c', envelopePublicKey: encodeHex(keys.publicKey) },
    signingKeys: [
      { keyId: 'k', publicKey: encodeHex(keys.publicKey), notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' },
      { keyId: 'bad', publicKey: '04'.repeat(65), notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' },
    ],
  };

  test('comes back as it was kept, and prints no key', () => {
    const account = { profile, privateKey: createSecret(keys.privateKey) };
    const kept = decodeAccount(encodeAccount(account));
    expect(kept?.profile).toEqual(profile);
    expect(encodeHex(kept?.privateKey.reveal() ?? new Uint8Array())).toBe(encodeHex(keys.privateKey));
    expect(JSON.stringify(account)).not.toContain(encodeHex(keys.privateKey));
  });

  test('pins good keys only, and follows the platform to another address with its own files', () => {
    expect(pinPlatformKeys(profile).get('310000')?.keys.map(({ keyId }) => keyId)).toEqual(['k']);
    expect(moveProfile(profile, 'http://127.0.0.1:2')).toMatchObject({ baseUrl: 'http://127.0.0.1:2', fileHosts: ['127.0.0.1:2', 'files.test'], signingKeys: profile.signingKeys });
  });

  test('gives the clock its platform’s time as it was read, once', async () => {
    const observed: [number, number][] = [];
    const clock = { state: () => ({}) as never, forChecks: () => ({}) as never, observe: (...seen: [number, number]) => void observed.push(seen) };
    const matters = { catalogue: () => ({ fetchedAt: 10_000, entries: 0, scenarios: [] }) } as never;
    const link = createPlatformLink({ now: () => 10_000, clock, matters, keepKeys: () => Promise.reject(new Error('kept')), onChanged: () => {} });
    // The channel has already put the time in the middle of the header's second.
    const health = () => Promise.resolve(ok({ serverAt: 9_990, receivedAt: 10_000, roundTripMs: 20 }));
    link.use(profile, { health, catalogue: () => Promise.reject(new Error('asked')), scenarios: () => Promise.reject(new Error('asked')), signingKeys: () => Promise.resolve(fail('remote/unreachable')), close: () => {} });
    await link.refresh();
    expect(observed).toEqual([[0, 20]]);
    // How long the keys hold is said of our platform: those of another are no comfort when they end later.
    const end = link.keysValidUntil();
    const later = profile.signingKeys.map((key) => ({ ...key, notAfter: '2099-01-01T00:00:00Z' }));
    link.use({ ...profile, others: [{ platformId: '320000', name: '江苏', signingKeys: later }] }, {} as never);
    expect(link.keys().get('320000')?.keys).toHaveLength(1);
    expect(link.keysValidUntil()).toBe(end);
  });
});
