import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { enterprisePaths, type OfflineRecord, OfflineReplySchema } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encryptSm2 } from '../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { fullGrant } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

describe('/eis/offline/submit', () => {
  const { counter, running } = usePlatform();

  const mint = async (oneTime = false) => (await running.platform.mint(fullGrant({ oneTime }))).code;
  const recordOf = (code: string, changes: Partial<OfflineRecord> = {}): OfflineRecord => ({
    recordId: encodeHex(systemRandom(8)),
    codeSealed: seal(code),
    scannedAt: new Date(running.clock.now()).toISOString(),
    clockOffset: 0,
    deviceId: 'window-12',
    operatorId: '3101',
    prevHash: '0'.repeat(64),
    hash: encodeHex(systemRandom(32)),
    provisional: 'provisional',
    ...changes,
  });
  const seal = (code: string) => {
    const publicKey = decodeHex(counter.profile.envelopePublicKey) ?? new Uint8Array();
    return encodeHexUpper(encryptSm2({ publicKey, plaintext: encodeUtf8(code), layout: 'C1C3C2', random: systemRandom }));
  };
  const submit = (...records: OfflineRecord[]) => counter.call(enterprisePaths.submitOffline, { records });
  const verdictsOf = async (...records: OfflineRecord[]) => v.parse(OfflineReplySchema, (await submit(...records)).payload).records.map(({ verdict }) => verdict);

  test('judges each record as of its scan, hours later', async () => {
    const [good, late, early] = [recordOf(await mint()), await mint(), await mint()];
    running.clock.advance(5 * 60_000);
    const atEnd = recordOf(late);
    const before = recordOf(early, { scannedAt: new Date(running.clock.now() - 3600_000).toISOString() });
    running.clock.advance(3 * 3600_000);
    expect(await verdictsOf(good, atEnd, before)).toEqual(['confirmed', 'expiredAtScan', 'unknownCode']);
  });

  test('a grant that waits for its holder is not confirmed, and says why', async () => {
    const { code } = await running.platform.mint(fullGrant({ secondAuthentication: true }));
    const { records } = v.parse(OfflineReplySchema, (await submit(recordOf(code))).payload);
    expect(records).toMatchObject([{ verdict: 'unknownCode', cause: 'secondAuthentication' }]);
  });

  test('reckons with the clock that the counter knows to be wrong, and believes no time to come', async () => {
    const code = await mint();
    const scannedAt = new Date(running.clock.now() + 4 * 60_000 - 3600_000).toISOString();
    const expiring = await mint();
    running.clock.advance(6 * 60_000);
    expect(await verdictsOf(recordOf(code, { scannedAt, clockOffset: 3600_000 }), recordOf(code, { scannedAt }))).toEqual(['confirmed', 'unknownCode']);
    expect(await verdictsOf(recordOf(expiring, { scannedAt: '2030-01-01T00:00:00Z' }))).toEqual(['expiredAtScan']);
  });

  test('a one-time code: for the first that hands it in, and used elsewhere for the others', async () => {
    const code = await mint(true);
    const [first, second] = [recordOf(code), recordOf(code)];
    expect(await verdictsOf(first)).toEqual(['confirmed']);
    expect(await verdictsOf(second, first)).toEqual(['usedElsewhere', 'confirmed']);
    expect((await counter.query(code)).verdict).toBe('used');
    const online = await mint(true);
    await counter.query(online);
    expect(await verdictsOf(recordOf(online))).toEqual(['usedElsewhere']);
  });

  test('is answered alike however often it comes; the same id for another record is refused, and nothing of that batch is done', async () => {
    const code = await mint(true);
    const record = recordOf(code);
    const answers = await Promise.all(Array.from({ length: 6 }, () => verdictsOf(record)));
    expect(answers).toEqual(Array.from({ length: 6 }, () => ['confirmed']));
    const untouched = await mint(true);
    expect(await submit(recordOf(untouched), { ...record, hash: 'another' })).toMatchObject({ status: '16', payload: undefined });
    expect((await counter.query(untouched)).verdict).toBe('valid');
  });

  test('forged, foreign and unreadable codes', async () => {
    const code = await mint();
    const forged = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
    expect(await verdictsOf(recordOf(forged), recordOf('https://example.com'), recordOf(code, { codeSealed: '04AB' }), recordOf(code, { scannedAt: 'yesterday' }))).toEqual([
      'badSignature', 'unknownCode', 'unknownCode', 'unknownCode',
    ]);
    const { code: named } = await running.platform.mint(fullGrant({ grantee: { name: '别的单位', code: '91310000MA1FL00017' } }));
    expect(await verdictsOf(recordOf(named))).toEqual(['unknownCode']);
    expect(await counter.call(enterprisePaths.submitOffline, { records: [] })).toMatchObject({ status: '13' });
    expect(await counter.call(enterprisePaths.submitOffline, { records: [recordOf(code)] }, { sign: null })).toMatchObject({ status: '18' });
  });
});
