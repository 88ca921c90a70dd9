import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { decodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { enrolCounter, firstCompany, fullGrant, isOnServer, organisation, purpose, queryOf, startPlatform, type TestCounter, logIn } from './test-counter.ts';

describe('after a restart', () => {
  let first: Awaited<ReturnType<typeof startPlatform>>;
  let second: Awaited<ReturnType<typeof startPlatform>>;
  let counter: TestCounter;
  const used = { query: queryOf(''), code: '', reply: {} as unknown, codeId: '' };
  beforeAll(async () => {
    first = await startPlatform();
    counter = await enrolCounter(first.platform);
    const { code, codeId } = await first.platform.mint(fullGrant({ oneTime: true }));
    Object.assign(used, { code, codeId, query: queryOf(code) });
    used.reply = await counter.query(code, used.query);
    await first.stop();
    second = await startPlatform({ dataDir: first.dataDir, now: first.clock.now });
  });
  afterAll(() => second.remove());

  const ask = (query: object) => counter.call(enterprisePaths.query, query, { url: second.platform.url });

  test('the account, the keys and the use of the code are still there', async () => {
    expect((await second.platform.profile()).signingKeys).toEqual(counter.profile.signingKeys);
    expect((await ask(used.query)).payload).toEqual(used.reply);
    expect((await ask(queryOf(used.code))).payload).toMatchObject({ verdict: 'used' });
  });

  test('the records of making, verifying and looking are kept', async () => {
    const views = (await (await (await logIn(second.platform.url)).get(`codes/${used.codeId}/views`)).json()) as { views: { orgName: string }[] };
    expect(views.views.map(({ orgName }) => orgName)).toContain(organisation.name);
    if (isOnServer) return;
    const db = new Database(path.join(first.dataDir, 'platform.sqlite'), { readonly: true });
    const count = (sql: string) => (db.prepare(sql).get() as { n: number }).n;
    expect(count('select count(*) n from minted_code')).toBe(1);
    expect(count("select count(*) n from verify_record where verdict = 'valid'")).toBe(1);
    expect(count('select count(*) n from code_use')).toBe(1);
    db.close();
  });

  test('the enrolment code is the one that the database names, whoever was started', () => {
    expect(second.platform.enrolmentCode).toBe(first.platform.enrolmentCode);
  });

  test('nothing on disk and in the log names a code, a token, a person or a secret', async () => {
    const reply = used.reply as { trustedToken: string; certList: { certificateID: string }[] };
    const needles = [
      used.code,
      used.code.slice(-64),
      used.query.requestId === '' ? 'never' : reply.trustedToken,
      reply.certList[0]?.certificateID ?? 'never',
      counter.profile.appSecret,
      firstCompany().legalRepresentative,
      firstCompany().presenter,
      firstCompany().phone,
      purpose.operator,
      purpose.bizNum,
    ];
    const haystacks = [...readdirSync(first.dataDir).map((name) => readFileSync(path.join(first.dataDir, name))), Buffer.from([...first.logged, ...second.logged].join(''))];
    const found = needles.filter((needle) => haystacks.some((haystack) => haystack.includes(needle)));
    expect(found).toEqual([]);
    // The search does find what is there in the clear.
    if (!isOnServer) expect(haystacks.some((haystack) => haystack.includes(counter.profile.accountId))).toBe(true);
    expect(haystacks.some((haystack) => haystack.includes(enterprisePaths.query))).toBe(true);
  });

  test.skipIf(isOnServer)('every table is strict and the file is written through', () => {
    const db = new Database(path.join(first.dataDir, 'platform.sqlite'), { readonly: true });
    const tables = db.prepare("select name, strict from pragma_table_list where schema = 'main' and type = 'table'").all() as { name: string; strict: number }[];
    const own = tables.filter(({ name }) => !name.startsWith('sqlite_') && !name.startsWith('kysely_'));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(({ strict }) => strict !== 1)).toEqual([]);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  test('the public keys of the profile are points in the agreed form', async () => {
    const { envelopePublicKey, signingKeys } = await second.platform.profile();
    for (const key of [envelopePublicKey, ...signingKeys.map(({ publicKey }) => publicKey)]) {
      expect(key).toMatch(/^04[0-9A-F]{128}$/);
      expect(encodeHexUpper(decodeHex(key) ?? new Uint8Array())).toBe(key);
    }
  });
});
