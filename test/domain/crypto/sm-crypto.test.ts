import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { decryptSm2, encryptSm2, generateSm2KeyPair, signSm2, sm2DefaultId, verifySm2 } from '../../../domain/crypto/sm2.ts';
import { sm3 } from '../../../domain/crypto/sm3.ts';
import { sm4CbcEncrypt } from '../../../domain/crypto/sm4.ts';
import { createFixedRandom } from './fixed-random.ts';
import { hex } from './shared-vectors.ts';

/** The part of the peer library that these tests call; its own types are not published. */
interface Peer {
  readonly sm2: {
    doSignature(message: number[], privateKey: string, options: { hash: true; publicKey: string }): string;
    doVerifySignature(message: number[], signature: string, publicKey: string, options: { hash: true }): boolean;
    doEncrypt(message: number[], publicKey: string, mode: 0 | 1): string;
    doDecrypt(ciphertext: string, privateKey: string, mode: 0 | 1, options: { output: 'array' }): number[];
    generateKeyPairHex(): { privateKey: string; publicKey: string };
  };
  readonly sm3: (message: number[]) => string;
  readonly sm4: { encrypt(message: number[], key: string, options: { mode: 'cbc'; iv: string }): string };
}

const peer = createRequire(import.meta.url)('sm-crypto') as Peer;
const random = createFixedRandom([], 33);

describe('against sm-crypto', () => {
  test('signatures, both ways, 20 keys', () => {
    for (let i = 0; i < 20; i++) {
      const { privateKey, publicKey } = generateSm2KeyPair(random);
      const message = random(1 + i * 9);
      const ours = signSm2({ privateKey, message, id: sm2DefaultId, random });
      expect(peer.sm2.doVerifySignature([...message], encodeHex(ours), encodeHex(publicKey), { hash: true })).toBe(true);
      const theirs = peer.sm2.doSignature([...message], encodeHex(privateKey), { hash: true, publicKey: encodeHex(publicKey) });
      expect(verifySm2({ key: publicKey, message, signature: hex(theirs), id: sm2DefaultId })).toBe(true);
    }
  });

  test('ciphertexts, both ways, in both raw layouts, without the leading 04', () => {
    for (const [mode, layout] of [[1, 'C1C3C2'], [0, 'C1C2C3']] as const) {
      for (let i = 0; i < 8; i++) {
        const { privateKey, publicKey } = generateSm2KeyPair(random);
        // Long enough that the peer, which does not draw again, never meets a key stream of zeros.
        const plaintext = random(16 + i * 23);
        const ours = encryptSm2({ publicKey, plaintext, layout, random });
        expect(peer.sm2.doDecrypt(encodeHex(ours.subarray(1)), encodeHex(privateKey), mode, { output: 'array' })).toEqual([...plaintext]);
        const theirs = hex(peer.sm2.doEncrypt([...plaintext], encodeHex(publicKey), mode));
        expect(decryptSm2({ privateKey, ciphertext: theirs, layout, leading04: false })).toEqual(plaintext);
      }
    }
  });

  test('a key pair of the peer signs here', () => {
    const pair = peer.sm2.generateKeyPairHex();
    const signature = signSm2({ privateKey: hex(pair.privateKey), message: hex('00'), id: sm2DefaultId, random });
    expect(verifySm2({ key: hex(pair.publicKey), message: hex('00'), signature, id: sm2DefaultId })).toBe(true);
  });

  test('SM3 and SM4-CBC', () => {
    for (let i = 0; i < 20; i++) {
      const [key, iv, message] = [random(16), random(16), random(1 + i * 7)];
      expect(peer.sm3([...message])).toBe(encodeHex(sm3(message)));
      expect(peer.sm4.encrypt([...message], encodeHex(key), { mode: 'cbc', iv: encodeHex(iv) })).toBe(encodeHex(sm4CbcEncrypt(key, iv, message)));
    }
  });
});
