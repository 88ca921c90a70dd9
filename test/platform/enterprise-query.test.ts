import { describe, expect, test } from 'vitest';
import { consentDigest } from '../../domain/consent-record.ts';
import { enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { encodeHexUpper } from '../../domain/crypto/hex.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { generateSm2KeyPair } from '../../domain/crypto/sm2.ts';
import { openEnvelope } from '../../domain/envelope.ts';
import { parseServiceCode } from '../../domain/service-code.ts';
import { enrolCounter, firstCompany, fullGrant, organisation, postJson, queryOf, startPlatform, logIn } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

describe('the enterprise query', () => {
  const { counter, running } = usePlatform();

  test('gives what was granted, and the consent record whose digest is in the code', async () => {
    const { code } = await running.platform.mint(fullGrant());
    const reply = await counter.query(code);
    expect(reply.verdict).toBe('valid');
    expect(reply.subject).toMatchObject({ name: firstCompany().name, uscc: firstCompany().uscc });
    expect(reply.certList?.map((entry) => entry.certificateType)).toEqual(firstCompany().certificates.map(({ type }) => type));
    expect(Object.keys(reply.data ?? {})).toEqual(firstCompany().information.map(({ oid }) => oid));
    const parsed = parseServiceCode({ text: code });
    if (!parsed.ok || reply.authRecord === undefined) throw new Error('no code or record');
    expect(encodeHexUpper(consentDigest(reply.authRecord))).toBe(encodeHexUpper(parsed.code.consentDigest));
  });

  test('gives nothing that was not granted', async () => {
    const [group] = firstCompany().information.slice(3);
    const { code } = await running.platform.mint(fullGrant({ certificateTypes: [], informationGroups: [group?.oid ?? ''] }));
    const reply = await counter.query(code);
    expect(reply.verdict).toBe('valid');
    expect(Object.keys(reply.data ?? {})).toEqual([group?.oid]);
    expect(reply.infoList).toEqual([{ oid: group?.oid, title: group?.title }]);
    expect(reply.certList).toEqual([]);
    expect(reply.subject?.legalRepresentative).toBeUndefined();
    expect(JSON.stringify({ ...reply, subject: { ...reply.subject, presenter: '' } })).not.toContain(firstCompany().legalRepresentative);
  });

  test('names who showed the code, and as what: the legal representative, or the agent', async () => {
    const [, group] = firstCompany().information.slice(2);
    const shown = [];
    for (const role of ['legal', 'agent'] as const) {
      const holder = await logIn(running.platform.url, firstCompany().id, role);
      const { code } = (await (await holder.post('codes', fullGrant({ certificateTypes: [], informationGroups: [group?.oid ?? ''] }))).json()) as { code: string };
      const { subject } = await counter.query(code);
      shown.push([subject?.presenterRole, subject?.presenter, subject?.legalRepresentative]);
    }
    expect(shown).toEqual([['legal', firstCompany().legalRepresentative, undefined], ['agent', firstCompany().presenter, undefined]]);
  });

  test('names the head of the company only where something granted names it', async () => {
    const [basic] = firstCompany().information;
    const { code } = await running.platform.mint(fullGrant({ certificateTypes: [], informationGroups: [basic?.oid ?? ''] }));
    expect((await counter.query(code)).subject?.legalRepresentative).toBe(firstCompany().legalRepresentative);
  });

  test('answers the same request with the same answer, also for a one-time code', async () => {
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    const query = queryOf(code);
    const first = await counter.query(code, query);
    const again = await counter.query(code, query);
    expect(first).toMatchObject({ verdict: 'valid', requestId: query.requestId });
    expect(again).toEqual(first);
  });

  test('calls a one-time code used for every other request, with the time of the use', async () => {
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    const first = await counter.query(code);
    running.clock.advance(1000);
    const second = await counter.query(code);
    expect(second).toMatchObject({ verdict: 'used', usedAt: first.verifiedAt, oneTime: true });
    expect(second.data ?? second.certList ?? second.subject ?? second.trustedToken).toBeUndefined();
  });

  test('a code that is not one-time may be verified again', async () => {
    const { code } = await running.platform.mint(fullGrant());
    expect((await counter.query(code)).verdict).toBe('valid');
    expect((await counter.query(code)).verdict).toBe('valid');
  });

  test('the same request id for another code is refused', async () => {
    const [one, two] = [await running.platform.mint(fullGrant()), await running.platform.mint(fullGrant())];
    const query = queryOf(one.code);
    await counter.query(one.code, query);
    const result = await counter.call(enterprisePaths.query, { ...query, code: two.code });
    expect(result).toMatchObject({ status: '16', payload: undefined });
  });

  test('20 requests at once for a one-time code: exactly one is valid', async () => {
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    const replies = await Promise.all(Array.from({ length: 20 }, () => counter.query(code)));
    expect(replies.filter(({ verdict }) => verdict === 'valid')).toHaveLength(1);
    expect(replies.filter(({ verdict }) => verdict === 'used')).toHaveLength(19);
  });

  test('20 times the same request at once: one use, one answer', async () => {
    const { code } = await running.platform.mint(fullGrant({ oneTime: true }));
    const query = queryOf(code);
    const replies = await Promise.all(Array.from({ length: 20 }, () => counter.query(code, query)));
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(replies[0]?.verdict).toBe('valid');
  });

  test.each([
    [4 * 60_000 + 59_000, 'valid'],
    [5 * 60_000 - 1, 'valid'],
    [5 * 60_000, 'expired'],
    [5 * 60_000 + 1000, 'expired'],
  ])('%i ms after it was made the code is %s', async (age, verdict) => {
    const fresh = await startPlatform();
    const other = await enrolCounter(fresh.platform);
    const { code } = await fresh.platform.mint(fullGrant());
    fresh.clock.advance(age);
    const reply = await other.query(code);
    expect(reply.verdict).toBe(verdict);
    expect(reply.data === undefined).toBe(verdict === 'expired');
    await fresh.remove();
  });

  test('an expired one-time code is not used up, and its first answer is still given to its first request', async () => {
    const fresh = await startPlatform();
    const other = await enrolCounter(fresh.platform);
    const { code, codeId } = await fresh.platform.mint(fullGrant({ oneTime: true }));
    const query = queryOf(code);
    const early = await other.query(code, query);
    fresh.clock.advance(6 * 60_000);
    expect(await other.query(code, query)).toEqual(early);
    expect((await other.query(code)).verdict).toBe('expired');
    expect(codeId).toMatch(/^[0-9a-f]{32}$/);
    await fresh.remove();
  });

  test('an answer is forgotten after a day, the use of the code never', async () => {
    const fresh = await startPlatform();
    const other = await enrolCounter(fresh.platform);
    const { code } = await fresh.platform.mint(fullGrant({ oneTime: true }));
    const query = queryOf(code);
    const early = await other.query(code, query);
    await fresh.stop();
    // The client must have noticed that its kept connection is gone before the port is taken again.
    await new Promise((resolve) => setTimeout(resolve, 100));
    fresh.clock.advance(24 * 3600_000);
    const later = await startPlatform({ dataDir: fresh.dataDir, now: fresh.clock.now, port: Number(new URL(fresh.platform.url).port) });
    expect(early.verdict).toBe('valid');
    expect(await other.query(code, query)).toMatchObject({ verdict: 'expired' });
    await later.remove();
  });

  test('a named grantee may read, another organisation may not and does not use the code up', async () => {
    const bank = { name: '某某银行上海张江支行', code: '91310000MA1FL00017' };
    const bankCounter = await enrolCounter(running.platform, bank);
    const { code } = await running.platform.mint(fullGrant({ oneTime: true, grantee: { name: bank.name, code: bank.code } }));
    const refused = await counter.query(code);
    expect(refused.verdict).toBe('granteeMismatch');
    expect(refused.data ?? refused.certList ?? refused.subject ?? refused.authRecord).toBeUndefined();
    expect((await bankCounter.query(code)).verdict).toBe('valid');
  });

  test('an operator credential of another organisation is refused: it would make a named grantee worthless', async () => {
    const { code } = await running.platform.mint(fullGrant());
    const query = queryOf(code, { name: '别的单位', code: '91310000MA1FL00017' });
    expect(await counter.call(enterprisePaths.query, query)).toMatchObject({ status: '15', payload: undefined });
  });

  test.each([0, 17, 18, 30, 40, 60, 108, 109, 172, 236])('one flipped character at %i is never valid', async (position) => {
    const { code } = await running.platform.mint(fullGrant());
    const flipped = code.slice(0, position) + (code[position] === '1' ? '2' : '1') + code.slice(position + 1);
    const reply = await counter.query(flipped);
    expect(['unknownCode', 'badSignature']).toContain(reply.verdict);
    expect(reply.data ?? reply.certList ?? reply.subject ?? reply.trustedToken).toBeUndefined();
  });

  test('tells a forged signature from a code it never made', async () => {
    const { code } = await running.platform.mint(fullGrant());
    const last = code.at(-1) === '0' ? '1' : '0';
    expect((await counter.query(code.slice(0, -1) + last)).verdict).toBe('badSignature');
    expect((await counter.query('310000202600014485')).verdict).toBe('unknownCode');
  });

  test('waits for the second authentication, then answers the same request', async () => {
    const { code, codeId } = await running.platform.mint(fullGrant({ oneTime: true, secondAuthentication: true }));
    const query = queryOf(code);
    const waiting = await counter.query(code, query);
    expect(waiting.verdict).toBe('secondAuthentication');
    expect(waiting.data ?? waiting.certList ?? waiting.subject).toBeUndefined();
    const confirmed = await (await logIn(running.platform.url)).post(`codes/${codeId}/confirm`);
    expect(confirmed.status).toBe(200);
    expect((await counter.query(code, query)).verdict).toBe('valid');
    expect((await counter.query(code)).verdict).toBe('used');
  });

  test.each(['code', 'operatorCredential', 'useFor', 'itemName', 'itemCode', 'itemOrg', 'bizNum', 'requestId'] as const)(
    'a query without %s is refused and named',
    async (field) => {
      const { code } = await running.platform.mint(fullGrant());
      const { [field]: _left, ...query } = queryOf(code);
      const result = await counter.call(enterprisePaths.query, { ...query });
      expect(result).toMatchObject({ status: '13', payload: undefined });
      expect(result.message).toContain(field);
    },
  );

  test('an empty reason is no reason', async () => {
    const { code } = await running.platform.mint(fullGrant());
    expect((await counter.call(enterprisePaths.query, { ...queryOf(code), useFor: '' })).status).toBe('13');
  });

  test('the holder sees who looked, at what and when', async () => {
    const { code, codeId } = await running.platform.mint(fullGrant());
    const reply = await counter.query(code);
    const views = (await (await (await logIn(running.platform.url)).get(`codes/${codeId}/views`)).json()) as { views: unknown[] };
    expect(views.views).toEqual([
      {
        viewedAt: reply.verifiedAt,
        orgName: organisation.name,
        operator: '周敏',
        useFor: '核验营业执照及法定代表人信息',
        itemName: '公司变更登记',
        verdict: 'valid',
        items: [...firstCompany().information.map(({ title }) => title), ...firstCompany().certificates.map(({ type }) => type)],
      },
    ]);
  });

  test('the answer can be opened by the caller alone', async () => {
    const { code } = await running.platform.mint(fullGrant());
    const envelope = counter.seal(queryOf(code), { appToken: counter.appToken(), interfacePath: enterprisePaths.query });
    const response = await postJson(`${running.platform.url}${enterprisePaths.query}`, envelope);
    const body: unknown = await response.json();
    const stranger = generateSm2KeyPair(systemRandom);
    expect(openEnvelope({ envelope: body, privateKey: stranger.privateKey })).toMatchObject({ ok: false, failure: { code: 'remote/undecryptable' } });
    expect(openEnvelope({ envelope: body, privateKey: counter.keys.privateKey })).toMatchObject({ ok: true });
  });
});
