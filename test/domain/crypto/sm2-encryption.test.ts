import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDerReader, derTag, encodeDer } from '../../../domain/crypto/der.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { decryptSm2, encryptSm2, generateSm2KeyPair, type Sm2CipherLayout, sm2PublicKeyOf } from '../../../domain/crypto/sm2.ts';
import { sm3 } from '../../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { createFixedRandom } from './fixed-random.ts';
import { hex, readVectors, type SmFixtures, vectorsAreMissing } from './shared-vectors.ts';
import { badPrivateKeys, badPublicKeys, bytes32, example, join } from './sm2-example.ts';

const layouts: readonly Sm2CipherLayout[] = ['C1C3C2', 'C1C2C3', 'asn1'];
const plaintext = encodeUtf8('encryption standard');
const { c1, c2, c3, privateKey, publicKey } = example;

describe('GB/T 32918.5 annex C', () => {
  test('encrypts with the printed k and decrypts, in every layout', () => {
    const encrypt = (layout: Sm2CipherLayout) => encryptSm2({ publicKey, plaintext, layout, random: createFixedRandom([example.k]) });
    expect(encrypt('C1C3C2')).toEqual(join(c1, c3, c2));
    expect(encrypt('C1C2C3')).toEqual(join(c1, c2, c3));
    for (const layout of layouts) expect(decryptSm2({ privateKey, ciphertext: encrypt(layout), layout, leading04: true })).toEqual(plaintext);
  });

  test('decrypts with and without the leading 04, as told', () => {
    const full = join(c1, c3, c2);
    expect(decryptSm2({ privateKey, ciphertext: full.subarray(1), layout: 'C1C3C2', leading04: false })).toEqual(plaintext);
    expect(decryptSm2({ privateKey, ciphertext: full, layout: 'C1C3C2' })).toEqual(plaintext);
    expect(decryptSm2({ privateKey, ciphertext: full, layout: 'C1C3C2', leading04: false })).toBeNull();
    expect(decryptSm2({ privateKey, ciphertext: full.subarray(1), layout: 'C1C3C2', leading04: true })).toBeNull();
  });
});

describe('encryption', () => {
  test('what is encrypted to any key comes back, in every layout', () => {
    const texts = fc.uint8Array({ minLength: 1, maxLength: 300 });
    fc.assert(fc.property(fc.integer({ min: 1 }), texts, fc.constantFrom(...layouts), (seed, text, layout) => {
      const random = createFixedRandom([], seed);
      const pair = generateSm2KeyPair(random);
      const ciphertext = encryptSm2({ publicKey: pair.publicKey, plaintext: text, layout, random });
      expect(decryptSm2({ privateKey: pair.privateKey, ciphertext, layout })).toEqual(text);
      expect(decryptSm2({ privateKey, ciphertext, layout })).toBeNull();
    }), { numRuns: 40 });
  });

  test('100 KB come back', () => {
    const large = Uint8Array.from({ length: 102_400 }, (_, i) => i * 31);
    const ciphertext = encryptSm2({ publicKey, plaintext: large, layout: 'asn1', random: systemRandom });
    expect(decryptSm2({ privateKey, ciphertext, layout: 'asn1' })).toEqual(large);
  });

  test('a key stream of zeros is neither used nor accepted', () => {
    // With k = 470 the first byte derived for the example key is zero: the one-byte plaintext would stand there in clear.
    const [weak, good] = [bytes32(470n), bytes32(471n)];
    const secret = Uint8Array.of(0x5a);
    const ciphertext = encryptSm2({ publicKey, plaintext: secret, layout: 'C1C3C2', random: createFixedRandom([weak, good]) });
    expect(ciphertext.subarray(0, 65)).toEqual(sm2PublicKeyOf(good));
    expect(decryptSm2({ privateKey, ciphertext, layout: 'C1C3C2' })).toEqual(secret);
    const shared = sharedPoint(470n);
    const clear = join(sm2PublicKeyOf(weak), sm3(join(shared.subarray(0, 32), secret, shared.subarray(32))), secret);
    expect(decryptSm2({ privateKey, ciphertext: clear, layout: 'C1C3C2' })).toBeNull();
  });

  test('encrypts nothing to a key that is none, and no empty text', () => {
    for (const [name, bad] of badPublicKeys) {
      expect(() => encryptSm2({ publicKey: bad, plaintext, layout: 'C1C3C2', random: systemRandom }), name).toThrow(RangeError);
    }
    expect(() => encryptSm2({ publicKey, plaintext: new Uint8Array(), layout: 'C1C3C2', random: systemRandom })).toThrow(RangeError);
  });
});

describe('decryption answers null, never text and never an error,', () => {
  test.each(layouts)('to every flipped bit, cut and growth (%s)', (layout) => {
    const ciphertext = encryptSm2({ publicKey, plaintext, layout, random: createFixedRandom([example.k]) });
    for (let bit = 0; bit < ciphertext.length * 8; bit++) {
      const flipped = ciphertext.slice();
      flipped[bit >> 3] = (ciphertext[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decryptSm2({ privateKey, ciphertext: flipped, layout }), `bit ${bit}`).toBeNull();
    }
    for (let length = 0; length < ciphertext.length; length++) {
      expect(decryptSm2({ privateKey, ciphertext: ciphertext.subarray(0, length), layout })).toBeNull();
    }
    expect(decryptSm2({ privateKey, ciphertext: join(ciphertext, Uint8Array.of(0)), layout })).toBeNull();
  });

  test('to the wrong layout', () => {
    for (const made of layouts) {
      const ciphertext = encryptSm2({ publicKey, plaintext, layout: made, random: systemRandom });
      for (const read of layouts) {
        if (read !== made) expect(decryptSm2({ privateKey, ciphertext, layout: read })).toBeNull();
      }
    }
  });

  test('to a C1 that is no point of the curve', () => {
    for (const [name, bad] of badPublicKeys) {
      expect(decryptSm2({ privateKey, ciphertext: join(bad, c3, c2), layout: 'C1C3C2' }), name).toBeNull();
    }
  });

  test('to no C2', () => {
    const empty = sm3(sharedPoint(470n));
    const start = sm2PublicKeyOf(bytes32(470n));
    expect(decryptSm2({ privateKey, ciphertext: join(start, empty), layout: 'C1C3C2' })).toBeNull();
    expect(decryptSm2({ privateKey, ciphertext: join(start, empty), layout: 'C1C2C3' })).toBeNull();
    const asn1 = join(hex('3068022017a8dbf0e9d5ce427a04c8800bef14de5e22e24c5cee027d8f71fe0bf8a909b10220'), start.subarray(33), hex('0420'), empty, hex('0400'));
    expect(decryptSm2({ privateKey, ciphertext: asn1, layout: 'asn1' })).toBeNull();
  });

  test('to a fifth element within the DER sequence', () => {
    const ciphertext = encryptSm2({ publicKey, plaintext, layout: 'asn1', random: createFixedRandom([example.k]) });
    const content = createDerReader(ciphertext).read(derTag.sequence) ?? new Uint8Array();
    expect(decryptSm2({ privateKey, ciphertext: encodeDer(derTag.sequence, content), layout: 'asn1' })).toEqual(plaintext);
    expect(decryptSm2({ privateKey, ciphertext: encodeDer(derTag.sequence, content, hex('0400')), layout: 'asn1' })).toBeNull();
  });

  test('to any bytes at all', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...layouts), fc.boolean(), (ciphertext, layout, leading04) => {
      expect(decryptSm2({ privateKey, ciphertext, layout, leading04 })).toBeNull();
    }));
  });

  test.each(badPrivateKeys)('but a private key that is %s is a fault of the caller', (_name, bad) => {
    expect(() => decryptSm2({ privateKey: bad, ciphertext: join(c1, c3, c2), layout: 'C1C3C2' })).toThrow(RangeError);
  });
});

describe.skipIf(vectorsAreMissing)('against the shared vectors (skipped without ../shared/vectors)', () => {
  test('12 ciphertexts of OpenSSL and 6 of GmSSL', () => {
    const { sm2enc, sm2GmSSL, sm2key } = readVectors<SmFixtures>('sm-fixtures.json');
    for (const { msg, asn1 } of [...sm2enc, ...sm2GmSSL]) {
      expect(decryptSm2({ privateKey: hex(sm2key.d), ciphertext: hex(asn1), layout: 'asn1' })).toEqual(hex(msg));
    }
    expect([sm2enc.length, sm2GmSSL.length]).toEqual([12, 6]);
  });
});

// The point k · P of the example key as x ‖ y: k · d · G, since P = d · G.
function sharedPoint(k: bigint): Uint8Array {
  const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
  const d = BigInt(`0x${Buffer.from(privateKey).toString('hex')}`);
  return sm2PublicKeyOf(bytes32((k * d) % order)).subarray(1);
}
