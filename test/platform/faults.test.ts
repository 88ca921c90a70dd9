import { beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { consentDigest } from '../../domain/consent-record.ts';
import { type EnterpriseReply, enterprisePaths } from '../../domain/contracts/enterprise.ts';
import { FileReplySchema, sharingPaths } from '../../domain/contracts/sharing.ts';
import { decodeHex, encodeHex, encodeHexUpper } from '../../domain/crypto/hex.ts';
import { sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { openEnvelope, type ReplyEnvelope, verifyReplySignature } from '../../domain/envelope.ts';
import { parseServiceCode } from '../../domain/service-code.ts';
import type { Faults } from '../../platform/faults.ts';
import { type CallResult, enrolCounter, fullGrant, postJson, purpose, queryOf } from './test-counter.ts';
import { usePlatform } from './running-platform.ts';

describe('faults on request', () => {
  const { counter, running } = usePlatform();
  beforeEach(() => setFaults({}));

  function setFaults(faults: Faults): void {
    for (const name of Object.keys(running.platform.faults) as (keyof Faults)[]) delete running.platform.faults[name];
    Object.assign(running.platform.faults, faults);
  }
  const mint = async (changes: Parameters<typeof fullGrant>[0] = {}) => (await running.platform.mint(fullGrant(changes))).code;
  const ask = async (code: string) => (await counter.call(enterprisePaths.query, queryOf(code))) as Omit<CallResult, 'payload'> & { payload: EnterpriseReply | undefined };

  test('dropAfterCommit: the work is done, and the same request gets its answer later', async () => {
    const code = await mint({ oneTime: true });
    const query = queryOf(code);
    setFaults({ dropAfterCommit: true });
    await expect(counter.call(enterprisePaths.query, query)).rejects.toThrow();
    setFaults({});
    expect((await counter.query(code)).verdict).toBe('used');
    expect((await counter.query(code, query)).verdict).toBe('valid');
  });

  test('httpStatus: no work is done', async () => {
    const code = await mint({ oneTime: true });
    setFaults({ httpStatus: 503 });
    const response = await fetch(`${running.platform.url}${enterprisePaths.query}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(response.status).toBe(503);
    setFaults({});
    expect((await counter.query(code)).verdict).toBe('valid');
  });

  test('malformed and wrongKey: nothing that can be read', async () => {
    const code = await mint();
    setFaults({ malformed: true });
    await expect(ask(code)).rejects.toThrow(SyntaxError);
    setFaults({ wrongKey: true });
    await expect(ask(code)).rejects.toThrow('remote/undecryptable');
  });

  test('swappedOrder: what a tolerant reader opens; unsigned, forged and swapped answers', async () => {
    const requestOf = () => counter.seal({}, { appToken: counter.appToken() });
    const checked = async (faults: Faults) => {
      setFaults(faults);
      const envelope = requestOf();
      const body = (await (await postJson(`${running.platform.url}${sharingPaths.catalogue}`, envelope)).json()) as ReplyEnvelope;
      const publicKey = decodeHex(counter.profile.envelopePublicKey) ?? new Uint8Array();
      const { state } = verifyReplySignature({ envelope: body, accountId: counter.profile.accountId, publicKey, signerId: sm2DefaultId, requestNonce: envelope.head.nonce ?? '' });
      const opened = openEnvelope({ envelope: body, privateKey: counter.keys.privateKey });
      return [state, opened.ok ? opened.value.accepted?.order : null];
    };
    expect(await checked({})).toEqual(['valid', 'C1C3C2']);
    expect(await checked({ swappedOrder: true })).toEqual(['valid', 'C1C2C3']);
    expect(await checked({ unsignedReply: true })).toEqual(['absent', 'C1C3C2']);
    expect(await checked({ forgedReply: true })).toEqual(['invalid', 'C1C3C2']);
    expect(await checked({ swappedReply: true })).toEqual(['invalid', 'C1C3C2']);
  });

  test('expiredKeys: a profile whose keys have ended', async () => {
    setFaults({ expiredKeys: true });
    const { signingKeys } = (await enrolCounter(running.platform)).profile;
    expect(signingKeys.every(({ notAfter }) => Date.parse(notAfter) < running.clock.now())).toBe(true);
  });

  test('headStatus and resultZero: no', async () => {
    const code = await mint();
    setFaults({ headStatus: '7' });
    expect(await ask(code)).toMatchObject({ status: '7', payload: undefined });
    setFaults({ resultZero: true });
    expect((await ask(code)).payload).toMatchObject({ result: '0', verdict: 'valid' });
  });

  test('digestMismatch: another consent record than the one in the code', async () => {
    const code = await mint();
    const parsed = parseServiceCode({ text: code });
    const inCode = parsed.ok ? encodeHexUpper(parsed.code.consentDigest) : '';
    const digest = async () => encodeHexUpper(consentDigest((await ask(code)).payload?.authRecord ?? {}));
    expect(await digest()).toBe(inCode);
    setFaults({ digestMismatch: true });
    expect(await digest()).not.toBe(inCode);
  });

  test('dataMissing: verified and empty; the same request gets the data later', async () => {
    const code = await mint({ oneTime: true });
    const query = queryOf(code);
    setFaults({ dataMissing: true });
    const reply = await counter.query(code, query);
    expect(reply.verdict).toBe('valid');
    expect(reply.data ?? reply.certList ?? reply.infoList).toBeUndefined();
    setFaults({});
    expect((await counter.query(code, query)).data).toBeDefined();
  });

  test('clockOffsetMs: the platform believes another time', async () => {
    const code = await mint();
    setFaults({ clockOffsetMs: 6 * 60_000 });
    expect((await counter.query(code)).verdict).toBe('expired');
  });

  test('latencyMs: late', async () => {
    const code = await mint();
    setFaults({ latencyMs: 300 });
    const from = performance.now();
    expect((await counter.query(code)).verdict).toBe('valid');
    expect(performance.now() - from).toBeGreaterThan(290);
  });

  test('wrongFileHash and wrongFileMagic', async () => {
    const { certList } = await counter.query(await mint());
    const download = async () => {
      const request = { certificateID: certList?.[0]?.certificateID ?? '', ...purpose };
      const [entry] = v.parse(FileReplySchema, (await counter.call(sharingPaths.fileById, request)).payload).dataList;
      const content = new Uint8Array(await (await fetch(entry?.fileUrl ?? '')).arrayBuffer());
      return { isAsAnnounced: encodeHex(sm3(content)) === entry?.fileSm3, magic: new TextDecoder('latin1').decode(content.subarray(0, 2)) };
    };
    expect(await download()).toEqual({ isAsAnnounced: true, magic: '%P' });
    setFaults({ wrongFileHash: true });
    expect(await download()).toEqual({ isAsAnnounced: false, magic: '%P' });
    setFaults({ wrongFileMagic: true });
    expect(await download()).toEqual({ isAsAnnounced: true, magic: '<!' });
  });
});
