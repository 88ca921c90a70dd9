import { describe, expect, test } from 'vitest';
import { encodeHexUpper } from '../../../domain/crypto/hex.ts';
import { generateSm2KeyPair, pinSm2PublicKey, type PinnedSm2Key, signSm2, sm2DefaultId, verifySm2 } from '../../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { createFixedRandom } from './fixed-random.ts';

const codeCount = 100;
const id = sm2DefaultId;

interface SignedCode {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const { codes, key } = signCodes();

describe(`one flipped bit in ${codeCount} signed service codes (109 bytes A ‖ B, 64 bytes r ‖ s) is always refused`, () => {
  test('the codes verify as they were signed', () => {
    for (const code of codes) expect(verifySm2({ key, ...code, id })).toBe(true);
    expect([codes.length, codes[0]?.message.length, codes[0]?.signature.length]).toEqual([codeCount, 109, 64]);
  });

  test('every bit of every one', { timeout: 1_200_000 }, () => {
    expect(acceptedFlips(codes)).toEqual({ accepted: [], tried: codeCount * 173 * 8 });
  });
});

function acceptedFlips(some: readonly SignedCode[]): { accepted: string[]; tried: number } {
  const accepted: string[] = [];
  let tried = 0;
  for (const [index, { message, signature }] of some.entries()) {
    const whole = new Uint8Array([...message, ...signature]);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = whole.slice();
      flipped[bit >> 3] = (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      tried++;
      const cut = message.length;
      if (verifySm2({ key, message: flipped.subarray(0, cut), signature: flipped.subarray(cut), id })) accepted.push(`code ${index}, bit ${bit}`);
    }
  }
  return { accepted, tried };
}

function signCodes(): { codes: SignedCode[]; key: PinnedSm2Key } {
  const random = createFixedRandom([], 18);
  const { privateKey, publicKey } = generateSm2KeyPair(random);
  const pinned = pinSm2PublicKey(publicKey);
  if (pinned === null) throw new Error('a fresh key must be valid');
  const signed = Array.from({ length: codeCount }, (_, i) => {
    const company = `91310000MA1K${String(i).padStart(5, '0')}X`;
    const expiry = `20260101${String(100_000 + i)}`;
    const message = encodeUtf8(`${company}911QYM1310000${expiry}${encodeHexUpper(random(32))}`);
    return { message, signature: signSm2({ privateKey, message, id, random }) };
  });
  return { codes: signed, key: pinned };
}
