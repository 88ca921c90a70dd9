import { createPrivateKey, createPublicKey, createSign, createVerify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { printSm2PrivateKeyPem, printSm2PublicKeyPem } from '../../../domain/crypto/sm2-keys.ts';
import {
  decodeSm2SignatureDer, encodeSm2SignatureDer, generateSm2KeyPair, pinSm2PublicKey, signSm2, sm2DefaultId, sm2IdentityDigest,
  sm2PublicKeyOf, verifySm2,
} from '../../../domain/crypto/sm2.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { createFixedRandom } from './fixed-random.ts';
import { hex, readVectors, type SmFixtures, vectorsAreMissing } from './shared-vectors.ts';
import { badPrivateKeys, badPublicKeys, bytes32, example, join, order } from './sm2-example.ts';

const message = encodeUtf8('message digest');
const id = sm2DefaultId;

describe('GB/T 32918.5 annex A', () => {
  test('the key pair, Z, the signature with the printed k, and its verification', () => {
    expect(sm2PublicKeyOf(example.privateKey)).toEqual(example.publicKey);
    expect(sm2IdentityDigest(example.publicKey, id)).toEqual(example.identityDigest);
    const signature = signSm2({ privateKey: example.privateKey, message, id, random: createFixedRandom([example.k]) });
    expect(signature).toEqual(example.signature);
    expect(verifySm2({ key: example.publicKey, message, signature, id })).toBe(true);
    expect(verifySm2({ key: pinned(), message, signature, id })).toBe(true);
  });

  test('the blinding factor does not change the signature', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const random = createFixedRandom([example.k], seed);
      expect(signSm2({ privateKey: example.privateKey, message, id, random })).toEqual(example.signature);
    }
  });
});

describe('signing', () => {
  test('what any key signs over any message and identity verifies, pinned or not, and under nothing else', () => {
    const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
    fc.assert(fc.property(fc.integer({ min: 1 }), bytes(200), bytes(40), (seed, text, name) => {
      const random = createFixedRandom([], seed);
      const { privateKey, publicKey } = generateSm2KeyPair(random);
      const signature = signSm2({ privateKey, message: text, id: name, random });
      const key = pinSm2PublicKey(publicKey);
      expect(signature.length).toBe(64);
      expect(verifySm2({ key: publicKey, message: text, signature, id: name })).toBe(true);
      expect(key !== null && verifySm2({ key, message: text, signature, id: name })).toBe(true);
      expect(verifySm2({ key: publicKey, message: join(text, Uint8Array.of(0)), signature, id: name })).toBe(false);
      expect(verifySm2({ key: publicKey, message: text, signature, id: join(name, Uint8Array.of(0)) })).toBe(false);
      expect(verifySm2({ key: example.publicKey, message: text, signature, id: name })).toBe(false);
    }), { numRuns: 25 });
  });

  test('the same message never gets the same signature twice', () => {
    const sign = () => signSm2({ privateKey: example.privateKey, message, id, random: systemRandom });
    expect(sign()).not.toEqual(sign());
  });

  test('draws again when the source offers 0, n or more', () => {
    const random = createFixedRandom([new Uint8Array(32), bytes32(order), new Uint8Array(32).fill(255), example.k]);
    expect(signSm2({ privateKey: example.privateKey, message, id, random })).toEqual(example.signature);
  });

  test('a source that yields nothing usable stops signing and key making instead of hanging it', () => {
    const stuck = (n: number) => new Uint8Array(n);
    expect(() => signSm2({ privateKey: example.privateKey, message, id, random: stuck })).toThrow(/random/);
    expect(() => generateSm2KeyPair(stuck)).toThrow(/random/);
  });

  test('key making never offers n - 1', () => {
    const random = createFixedRandom([bytes32(order - 1n), bytes32(order - 2n)]);
    expect(generateSm2KeyPair(random).privateKey).toEqual(bytes32(order - 2n));
  });

  test.each(badPrivateKeys)('takes no private key that is %s', (_name, privateKey) => {
    expect(() => signSm2({ privateKey, message, id, random: systemRandom })).toThrow(RangeError);
    expect(() => sm2PublicKeyOf(privateKey)).toThrow(RangeError);
  });

  test('an identity has at most 8191 bytes', () => {
    const sign = (length: number) => signSm2({ privateKey: example.privateKey, message, id: new Uint8Array(length), random: systemRandom });
    const signature = sign(8191);
    expect(verifySm2({ key: example.publicKey, message, signature, id: new Uint8Array(8191) })).toBe(true);
    expect(() => sign(8192)).toThrow(RangeError);
    expect(verifySm2({ key: example.publicKey, message, signature, id: new Uint8Array(8192) })).toBe(false);
  });
});

describe('a signature is refused', () => {
  const { signature } = example;
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  const negatedS = bytes32(order - BigInt(`0x${Buffer.from(s).toString('hex')}`));
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['is empty', new Uint8Array()],
    ['is one byte short', signature.subarray(0, 63)],
    ['is one byte long', join(signature, Uint8Array.of(0))],
    ['has a byte between r and s', join(r, Uint8Array.of(0), s)],
    ['is DER', encodeSm2SignatureDer(signature)],
    ['is all zero', new Uint8Array(64)],
    ['has r = 0', join(new Uint8Array(32), s)],
    ['has s = 0', join(r, new Uint8Array(32))],
    ['has r = n', join(bytes32(order), s)],
    ['has s = n', join(r, bytes32(order))],
    ['has r = 2^256 - 1', join(new Uint8Array(32).fill(255), s)],
    ['has s = 2^256 - 1', join(r, new Uint8Array(32).fill(255))],
    ['has r + s = n', join(r, bytes32(order - BigInt(`0x${Buffer.from(r).toString('hex')}`)))],
    ['has r and s exchanged', join(s, r)],
    ['has s negated', join(r, negatedS)],
    ['is that of plain ECDSA', ecdsaSignature()],
    ['makes the sum of points infinity and r equal to e', infinitySignature()],
  ];

  test.each(cases)('when it %s', (_name, bad) => {
    expect(verifySm2({ key: example.publicKey, message, signature: bad, id })).toBe(false);
    expect(verifySm2({ key: pinned(), message, signature: bad, id })).toBe(false);
  });

  test('under the empty identity, another message, another key', () => {
    expect(verifySm2({ key: pinned(), message, signature, id: new Uint8Array() })).toBe(false);
    expect(verifySm2({ key: pinned(), message: new Uint8Array(), signature, id })).toBe(false);
    expect(verifySm2({ key: generateSm2KeyPair(systemRandom).publicKey, message, signature, id })).toBe(false);
  });

  test.each(badPublicKeys)('when the key is %s', (_name, publicKey) => {
    expect(verifySm2({ key: publicKey, message, signature, id })).toBe(false);
    expect(verifySm2({ key: { publicKey }, message, signature, id })).toBe(false);
    expect(pinSm2PublicKey(publicKey)).toBeNull();
  });
});

describe('a pinned key', () => {
  test('is not changed by what happens to the bytes it was made from', () => {
    const bytes = example.publicKey.slice();
    const key = pinSm2PublicKey(bytes);
    bytes.fill(0);
    expect(key !== null && verifySm2({ key, message, signature: example.signature, id })).toBe(true);
  });
});

describe('the DER form of a signature', () => {
  test('comes back for any r and s in range', () => {
    const scalar = fc.bigInt({ min: 1n, max: order - 1n });
    const small = fc.bigInt({ min: 1n, max: 70_000n });
    fc.assert(fc.property(fc.oneof(scalar, small), fc.oneof(scalar, small), (r, s) => {
      const raw = join(bytes32(r), bytes32(s));
      expect(decodeSm2SignatureDer(encodeSm2SignatureDer(raw))).toEqual(raw);
    }));
    expect(() => encodeSm2SignatureDer(new Uint8Array(63))).toThrow(RangeError);
  });

  test('what is accepted has no second spelling: no changed byte, cut or growth decodes to the same signature', () => {
    const der = encodeSm2SignatureDer(example.signature);
    for (let at = 0; at < der.length; at++) {
      for (let value = 0; value < 256; value++) {
        if (value === der[at]) continue;
        const changed = der.slice();
        changed[at] = value;
        const raw = decodeSm2SignatureDer(changed);
        if (raw !== null) expect(encodeSm2SignatureDer(raw)).toEqual(changed);
      }
      expect(decodeSm2SignatureDer(der.subarray(0, at))).toBeNull();
    }
    expect(decodeSm2SignatureDer(join(der, Uint8Array.of(0)))).toBeNull();
  });

  test.each([
    ['r = 0', '3006020100020101'],
    ['s = 0', '3006020101020100'],
    ['r = n', `3026022100${order.toString(16)}020101`],
    ['a padded integer', '300702020001020101'],
    ['a negative integer', '3006020181020101'],
    ['a long length', '308106020101020101'],
    ['an indefinite length', '30800201010201010000'],
    ['a third element', '3009020101020101020101'],
    ['only r', '3003020101'],
    ['a set', '3106020101020101'],
    ['an octet string', '3006040101020101'],
    ['an integer of 33 significant bytes', `3026022101${'00'.repeat(32)}020101`],
  ])('refuses %s', (_name, der) => {
    expect(decodeSm2SignatureDer(hex(der))).toBeNull();
  });
});

describe('against the runtime, which signs SM3(Z ‖ M)', () => {
  test.each(['1234567812345678', '', 'ALICE123@YAHOO.COM'])('both ways, 40 messages under the identity %j', (name) => {
    const identity = encodeUtf8(name);
    const random = createFixedRandom([], 7 + name.length);
    for (let i = 0; i < 40; i++) {
      const { privateKey, publicKey } = generateSm2KeyPair(random);
      const text = random(i * 5);
      const z = sm2IdentityDigest(publicKey, identity);
      const ours = signSm2({ privateKey, message: text, id: identity, random });
      const peerKey = createPublicKey(printSm2PublicKeyPem(publicKey));
      expect(createVerify('sm3').update(z).update(text).verify(peerKey, encodeSm2SignatureDer(ours))).toBe(true);
      const theirs = createSign('sm3').update(z).update(text).sign(createPrivateKey(printSm2PrivateKeyPem(privateKey)));
      const raw = decodeSm2SignatureDer(new Uint8Array(theirs));
      expect(raw !== null && verifySm2({ key: publicKey, message: text, signature: raw, id: identity })).toBe(true);
    }
  });
});

describe.skipIf(vectorsAreMissing)('against the shared vectors (skipped without ../shared/vectors)', () => {
  test('24 signatures made by OpenSSL under three identities', () => {
    const { sm2key, sm2sig } = readVectors<SmFixtures>('sm-fixtures.json');
    const key = pinSm2PublicKey(hex(sm2key.publicKey));
    expect(key).not.toBeNull();
    for (const { id: name, msg, der } of sm2sig) {
      const signature = decodeSm2SignatureDer(hex(der));
      expect(key !== null && signature !== null && verifySm2({ key, message: hex(msg), signature, id: encodeUtf8(name) })).toBe(true);
      expect(key !== null && signature !== null && verifySm2({ key, message: hex(msg), signature, id: encodeUtf8(`${name}x`) })).toBe(false);
    }
    expect(sm2sig.length).toBe(24);
  });

  test('the signature of the sample service code', () => {
    const sample = readVectors<{ A: string; B: string; S: string; publicKey: string }>('qym1.json');
    const check = (text: string) =>
      verifySm2({ key: hex(sample.publicKey), message: encodeUtf8(text), signature: hex(sample.S), id });
    expect(check(sample.A + sample.B)).toBe(true);
    expect(check(sample.A + sample.B.toLowerCase())).toBe(false);
  });
});

function pinned() {
  const key = pinSm2PublicKey(example.publicKey);
  if (key === null) throw new Error('the example key must be valid');
  return key;
}

const exampleNumber = 0xf0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640n;

// r = e and s = -r d / (1 + d): [s]G + [r + s]P is infinity, whose x a careless verifier takes for zero. Only the holder
// of the key can make one, and could deny it later.
function infinitySignature(): Uint8Array {
  const d = BigInt(`0x${Buffer.from(example.privateKey).toString('hex')}`);
  const r = exampleNumber % order;
  const s = order - ((((r * d) % order) * power(1n + d, order - 2n)) % order);
  return join(bytes32(r), bytes32(s));
}

// What a runtime makes that knows the curve but not the algorithm: s = (e + r d) / k over the same e.
function ecdsaSignature(): Uint8Array {
  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const r = number(example.c1.subarray(1, 33)) % order;
  const s = ((exampleNumber + r * number(example.privateKey)) * power(number(example.k), order - 2n)) % order;
  return join(bytes32(r), bytes32(s));
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % order) if ((e & 1n) === 1n) result = (result * b) % order;
  return result;
}
