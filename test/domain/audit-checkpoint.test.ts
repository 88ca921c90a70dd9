import { expect, test } from 'vitest';
import { isCheckpointSigned, parseCheckpoint, printCheckpoint, printFingerprint } from '../../domain/audit-checkpoint.ts';
import { createEntryMac, nextEpochKey } from '../../domain/audit-mac.ts';
import { systemRandom } from '../../domain/crypto/random.ts';
import { encodeSm2SignatureDer, generateSm2KeyPair, signSm2, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

const checkpoint = { device: 'c0ffee', gen: 1, size: 100, root: new Uint8Array(32).fill(7), head: 'ab'.repeat(32), t: '2026-11-22T01:02:03.004Z', boot: 3 };

test('a checkpoint is printed as four lines and read back only as printed', () => {
  const text = printCheckpoint(checkpoint);
  expect(text).toBe(`counter-audit/c0ffee/1\n100\n${'BwcH'.repeat(10)}Bwc=\n${'ab'.repeat(32)} 2026-11-22T01:02:03.004Z 3\n`);
  expect(parseCheckpoint(text)).toEqual(checkpoint);
  for (const bad of [text.trimEnd(), `${text}\n`, text.replace('100', '0100'), text.replace('abab', 'ABAB'), text.replace('BwcH', 'Bwc'), text.replace('/1\n', '/0\n'), '', text.replace('c0ffee', 'c0/ffee')])
    expect(parseCheckpoint(bad), bad).toBeNull();
});

test('a signature holds for its text and key alone', () => {
  const [ours, other] = [generateSm2KeyPair(systemRandom), generateSm2KeyPair(systemRandom)];
  const text = printCheckpoint(checkpoint);
  const signature = encodeSm2SignatureDer(signSm2({ privateKey: ours.privateKey, message: encodeUtf8(text), id: sm2DefaultId, random: systemRandom }));
  expect(isCheckpointSigned(ours.publicKey, { text, signature })).toBe(true);
  expect(isCheckpointSigned(other.publicKey, { text, signature })).toBe(false);
  expect(isCheckpointSigned(ours.publicKey, { text: text.replace('100', '101'), signature })).toBe(false);
  expect(isCheckpointSigned(ours.publicKey, { text, signature: signature.with(10, (signature[10] ?? 0) ^ 1) })).toBe(false);
  expect(isCheckpointSigned(ours.publicKey, { text, signature: new Uint8Array() })).toBe(false);
  expect(printFingerprint(ours.publicKey)).toMatch(/^([0-9a-f]{4}-){3}[0-9a-f]{4}$/);
});

test('epoch keys run one way, and a MAC belongs to its epoch', () => {
  const first = new Uint8Array(32).fill(1);
  const second = nextEpochKey(first);
  expect(encodeHex(second)).not.toBe(encodeHex(first));
  expect(createEntryMac(first)('aa')).not.toEqual(createEntryMac(second)('aa'));
  expect(createEntryMac(first)('aa')).toEqual(createEntryMac(first)('aa'));
});
