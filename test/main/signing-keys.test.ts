import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { printServiceCode } from '../../domain/service-code.ts';
import type { App } from '../../main/app.ts';
import { platformId, type Platform } from '../../platform/app.ts';
import { auditTypes, firstCompany, type ListedCompany, mintCode, scan, startCounter, startPlatform } from './running-counter.ts';

let platform: Platform;
let company: ListedCompany;
let app: App;
const dataDir = () => mkdtempSync(join(tmpdir(), 'counter-app-'));
beforeEach(async () => {
  platform = await startPlatform();
  company = await firstCompany(platform);
});
afterEach(async () => {
  await app.close();
  await platform.close();
});

const control = (path: string, body: object = {}) =>
  fetch(`${platform.url}/ops/keys/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', origin: platform.url }, body: JSON.stringify(body) });
const judge = async (code: string) => {
  const { askedPlatform, state, supportCode } = (await scan(app, code)).outcome;
  return { askedPlatform, state, supportCode };
};
const keyCount = () => app.link.profile()?.signingKeys.length;
const forge = () =>
  printServiceCode({
    ...{ identity: { kind: 'uscc', uscc: company.uscc }, platformId, expiresAt: Math.floor(Date.now() / 1000) * 1000 + 300_000, consentDigest: systemRandom(32) },
    sign: (message) => signSm2({ privateKey: generateSm2KeyPair(systemRandom).privateKey, message, id: sm2DefaultId, random: systemRandom }),
  });

describe('signing keys that change while a counter runs', () => {
  test('a code of a new key is verified at its first scan, the change is written down, and the key is still known after a restart', async () => {
    const folder = dataDir();
    app = await startCounter(platform, { dataDir: folder });
    const before = await mintCode(platform, company);
    await control('rotate');
    const after = await mintCode(platform, company);
    expect(keyCount()).toBe(1);
    expect(await judge(after)).toMatchObject({ state: 'verified' });
    expect(await judge(before)).toMatchObject({ state: 'verified' });
    const types = await auditTypes(app);
    expect(types.filter((type) => type === 'platform.keys')).toHaveLength(1);
    expect(types.indexOf('platform.keys')).toBeLessThan(types.indexOf('scan.verdict'));
    await app.close();
    app = await startCounter(null, { dataDir: folder, waitsForReady: false });
    await expect.poll(() => keyCount()).toBe(2);
  });

  test('a revoked key is known for one after a refresh, and its codes are refused here without asking', async () => {
    app = await startCounter(platform);
    const code = await mintCode(platform, company);
    const [old] = (await platform.profile()).signingKeys;
    await control('rotate');
    await control('revoke', { platformId, keyId: old?.keyId });
    expect(await app.link.refreshKeys()).toBe(true);
    expect(await judge(code)).toEqual({ askedPlatform: false, state: 'key-ended', supportCode: 'E-SIG-03' });
  });

  test('offline a code of an unknown key is not called forged, and what the known keys say still counts', async () => {
    app = await startCounter(platform);
    const known = await mintCode(platform, company);
    await control('rotate');
    const unknown = await mintCode(platform, company);
    await platform.close();
    expect(await judge(unknown)).toEqual({ askedPlatform: false, state: 'key-unknown', supportCode: 'E-SIG-05' });
    expect(await judge(known)).toMatchObject({ askedPlatform: true, state: 'platform-down' });
  });

  test('a forged code is called that once the keys are fresh, and changes none', async () => {
    app = await startCounter(platform);
    expect(await judge(forge())).toEqual({ askedPlatform: false, state: 'signature-invalid', supportCode: 'E-SIG-01' });
    expect(await auditTypes(app)).not.toContain('platform.keys');
  });

  test('a list older than the one that is held is refused, and the keys stay', async () => {
    app = await startCounter(platform);
    await control('rotate');
    expect(await app.link.refreshKeys()).toBe(true);
    const held = app.link.profile()?.keySequence ?? 0;
    expect(held).toBe(2);
    const client = app.link.client();
    expect(await client?.signingKeys(held)).toMatchObject({ ok: true });
    expect(await client?.signingKeys(held + 1)).toEqual({ ok: false, failure: { code: 'remote/forged', detail: 'old key list' } });
  });
});
