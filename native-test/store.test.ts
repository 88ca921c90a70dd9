import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeHex } from '../domain/crypto/hex.ts';
import { accountSetting, decodeAccount } from '../main/desk/platform-account.ts';
import { clientOf, firstCompany, mintCode, scan, startCounter, startPlatform } from '../test/main/running-counter.ts';

/** Every way in which a text could lie readable in a file. */
function spellings(text: string): Map<string, Buffer> {
  const utf8 = Buffer.from(text, 'utf8');
  const found = new Map<string, Buffer>([
    ['utf8', utf8],
    ['utf16le', Buffer.from(text, 'utf16le')],
    ['utf16be', Buffer.from(text, 'utf16le').swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['reversed', Buffer.from(utf8.toReversed())],
    ['escaped', Buffer.from(JSON.stringify(text).slice(1, -1).replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`))],
  ]);
  // Where a text begins within a BASE64 stream changes all its letters: three alignments, ends left out.
  for (const shift of [0, 1, 2]) {
    const letters = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64');
    found.set(`base64+${shift}`, Buffer.from(letters.slice(Math.ceil((shift * 8) / 6) + 1, -4)));
  }
  return found;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

function findSpellings(folder: string, canaries: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const file of filesUnder(folder)) {
    const content = readFileSync(file);
    for (const [name, text] of canaries) {
      for (const [spelling, bytes] of spellings(text)) if (content.includes(bytes)) found.push(`${name} as ${spelling} in ${file}`);
    }
  }
  return found;
}

test('nothing personal, no code, token, secret or key lies readable in the data folder, running or closed', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'counter-canary-'));
  const platform = await startPlatform();
  const company = await firstCompany(platform);
  const app = await startCounter(platform, { dataDir });
  const canaries = new Map<string, string>([['company', company.name], ['presenter', company.presenter], ['uscc', company.uscc]]);
  for (const retain of [true, false]) {
    const code = await mintCode(platform, company, { permissions: { retain, download: true, transfer: false } });
    const { outcome } = await scan(app, code);
    expect(outcome.state).toBe('verified');
    canaries.set(`code ${retain}`, code);
    canaries.set(`signature ${retain}`, code.slice(-128));
    canaries.set(`token ${retain}`, outcome.holderToken?.reveal() ?? '');
    for (const { fields } of outcome.information) for (const { label, value, personal } of fields) if (personal !== undefined) canaries.set(label, value);
    for (const { certificateID, certificateNumber } of outcome.certificates) {
      canaries.set(`number ${certificateNumber}`, certificateNumber);
      await clientOf(app).certificate.open({ scanId: outcome.scanId, certificateId: certificateID });
    }
    await clientOf(app).verdict.reveal({ scanId: outcome.scanId });
    await clientOf(app).case.next();
  }
  const kept = await app.store.setting({ name: accountSetting });
  const account = kept.ok && kept.value !== null ? decodeAccount(kept.value) : null;
  if (account === null) throw new Error('no account');
  canaries.set('application secret', account.profile.appSecret);
  canaries.set('private key', Buffer.from(account.privateKey.reveal()).toString('latin1'));
  canaries.set('private key in hex', encodeHex(account.privateKey.reveal()));
  expect([...canaries.values()].every((text) => text.length >= 2)).toBe(true);
  expect(canaries.size).toBeGreaterThan(14);

  expect(filesUnder(dataDir).some((file) => file.endsWith('-wal'))).toBe(true);
  expect(findSpellings(dataDir, canaries)).toEqual([]);
  await app.close();
  expect(findSpellings(dataDir, canaries)).toEqual([]);
  await platform.close();
});

test('the search finds a text in every spelling', () => {
  const text = '上海云帆智能科技有限公司';
  for (const [spelling, bytes] of spellings(text)) {
    const folder = mkdtempSync(join(tmpdir(), 'counter-canary-'));
    writeFileSync(join(folder, 'a.bin'), Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]));
    expect(findSpellings(folder, new Map([['company', text]])), spelling).toHaveLength(1);
  }
  const folder = mkdtempSync(join(tmpdir(), 'counter-canary-'));
  for (const shift of [0, 1, 2]) writeFileSync(join(folder, `${shift}.txt`), Buffer.from(`${'x'.repeat(shift)}${text} and more`).toString('base64'));
  expect(findSpellings(folder, new Map([['company', text]]))).toHaveLength(3);
});
