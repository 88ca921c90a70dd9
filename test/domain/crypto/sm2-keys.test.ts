import { createDecipheriv, createPrivateKey, createPublicKey, generateKeyPairSync, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../../domain/crypto/base64.ts';
import { createDerReader, type DerReader, derTag, encodeDer } from '../../../domain/crypto/der.ts';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { parseSm2PrivateKeyPem, parseSm2PublicKeyPem, printSm2PrivateKeyPem, printSm2PublicKeyPem } from '../../../domain/crypto/sm2-keys.ts';
import { decodeSm2SignatureDer, generateSm2KeyPair, sm2DefaultId, verifySm2 } from '../../../domain/crypto/sm2.ts';
import { pbkdf2Sm3 } from '../../../domain/crypto/sm3.ts';
import { sm4CbcDecrypt } from '../../../domain/crypto/sm4.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { hex, readVectors, type SmFixtures, vectorsAreMissing } from './shared-vectors.ts';
import { badPrivateKeys, badPublicKeys, example } from './sm2-example.ts';

const publicHead = '3059301306072a8648ce3d020106082a811ccf5501822d034200';
const privateHead = '308187020100301306072a8648ce3d020106082a811ccf5501822d046d306b0201010420';

describe('keys in PEM', () => {
  test('come back and are those the runtime reads and writes', () => {
    for (let i = 0; i < 20; i++) {
      const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
      const [privatePem, publicPem] = [printSm2PrivateKeyPem(privateKey), printSm2PublicKeyPem(publicKey)];
      expect(parseSm2PrivateKeyPem(privatePem)).toEqual(privateKey);
      expect(parseSm2PublicKeyPem(publicPem)).toEqual(publicKey);
      expect(createPrivateKey(privatePem).export({ type: 'pkcs8', format: 'pem' })).toBe(privatePem);
      expect(createPublicKey(privatePem).export({ type: 'spki', format: 'pem' })).toBe(publicPem);
    }
  });

  test('line ends and blank space around do not matter, anything else does', () => {
    const text = printSm2PublicKeyPem(example.publicKey);
    expect(parseSm2PublicKeyPem(`\r\n ${text.replaceAll('\n', '\r\n')} `)).toEqual(example.publicKey);
    for (const bad of [
      '', 'PUBLIC KEY', `note\n${text}`, `${text}note`, text.replace('BEGIN PUBLIC', 'BEGIN EC PUBLIC'), text + text,
      text.replace('MFkw', 'MFk*'), text.replace('MFkw', ' MFkw'), text.replace('==', ''), text.replace('-----END PUBLIC KEY-----', ''),
    ]) expect(parseSm2PublicKeyPem(bad), bad).toBeNull();
  });

  test.each(badPublicKeys)('no public key that is %s', (_name, bad) => {
    expect(parseSm2PublicKeyPem(pem('PUBLIC KEY', encodeDer(derTag.sequence, hex(publicHead.slice(4, 46)), encodeDer(derTag.bitString, Uint8Array.of(0), bad))))).toBeNull();
  });

  test.each(badPrivateKeys)('no private key that is %s', (_name, bad) => {
    const inner = encodeDer(derTag.sequence, hex('020101'), encodeDer(derTag.octetString, bad));
    const outer = encodeDer(derTag.sequence, hex('020100'), hex(publicHead.slice(4, 46)), encodeDer(derTag.octetString, inner));
    expect(parseSm2PrivateKeyPem(pem('PRIVATE KEY', outer))).toBeNull();
    expect(() => printSm2PrivateKeyPem(bad)).toThrow(RangeError);
  });

  test('a private key alone, without its public key, is taken; beside the wrong one it is not', () => {
    const wrap = (...rest: Uint8Array[]) => {
      const inner = encodeDer(derTag.sequence, hex('020101'), encodeDer(derTag.octetString, example.privateKey), ...rest);
      return pem('PRIVATE KEY', encodeDer(derTag.sequence, hex('020100'), hex(publicHead.slice(4, 46)), encodeDer(derTag.octetString, inner)));
    };
    const other = generateSm2KeyPair(systemRandom).publicKey;
    const stated = (key: Uint8Array) => encodeDer(derTag.context1, encodeDer(derTag.bitString, Uint8Array.of(0), key));
    expect(parseSm2PrivateKeyPem(wrap())).toEqual(example.privateKey);
    expect(parseSm2PrivateKeyPem(wrap(hex('a00a06082a811ccf5501822d')))).toEqual(example.privateKey);
    expect(parseSm2PrivateKeyPem(wrap(stated(example.publicKey)))).toEqual(example.privateKey);
    expect(parseSm2PrivateKeyPem(wrap(stated(other)))).toBeNull();
    expect(parseSm2PrivateKeyPem(wrap(hex('a00a06082a8648ce3d030107')))).toBeNull();
    expect(parseSm2PrivateKeyPem(wrap(hex('0500')))).toBeNull();
    const whole = createDerReader(derOf(printSm2PrivateKeyPem(example.privateKey))).read(derTag.sequence) ?? new Uint8Array();
    expect(parseSm2PrivateKeyPem(pem('PRIVATE KEY', encodeDer(derTag.sequence, whole)))).toEqual(example.privateKey);
    expect(parseSm2PrivateKeyPem(pem('PRIVATE KEY', encodeDer(derTag.sequence, whole, hex('a000'))))).toBeNull();
  });

  test('keys of other algorithms, and one kind in place of the other', () => {
    for (const namedCurve of ['prime256v1', 'secp256k1']) {
      const pair = generateKeyPairSync('ec', { namedCurve });
      expect(parseSm2PublicKeyPem(String(pair.publicKey.export({ type: 'spki', format: 'pem' })))).toBeNull();
      expect(parseSm2PrivateKeyPem(String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })))).toBeNull();
    }
    expect(parseSm2PublicKeyPem(printSm2PrivateKeyPem(example.privateKey))).toBeNull();
    expect(parseSm2PrivateKeyPem(printSm2PublicKeyPem(example.publicKey))).toBeNull();
  });

  test('every flipped bit of a key is refused', () => {
    const der = join(hex(publicHead), example.publicKey);
    for (let bit = 0; bit < der.length * 8; bit++) {
      const flipped = der.slice();
      flipped[bit >> 3] = (der[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(parseSm2PublicKeyPem(pem('PUBLIC KEY', flipped)), `bit ${bit}`).toBeNull();
    }
    const privateDer = join(hex(privateHead), example.privateKey, hex('a144034200'), example.publicKey);
    expect(pem('PRIVATE KEY', privateDer)).toBe(printSm2PrivateKeyPem(example.privateKey));
    for (let bit = 0; bit < privateDer.length * 8; bit++) {
      const flipped = privateDer.slice();
      flipped[bit >> 3] = (privateDer[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(parseSm2PrivateKeyPem(pem('PRIVATE KEY', flipped)), `bit ${bit}`).toBeNull();
    }
  });
});

describe.skipIf(vectorsAreMissing)('against the shared vectors (skipped without ../shared/vectors)', () => {
  test('the PEM of OpenSSL, both ways', () => {
    const { sm2key } = readVectors<SmFixtures>('sm-fixtures.json');
    expect(parseSm2PrivateKeyPem(sm2key.pkcs8Pem)).toEqual(hex(sm2key.d));
    expect(parseSm2PublicKeyPem(sm2key.spkiPem)).toEqual(hex(sm2key.publicKey));
    expect(printSm2PrivateKeyPem(hex(sm2key.d))).toBe(sm2key.pkcs8Pem);
    expect(printSm2PublicKeyPem(hex(sm2key.publicKey))).toBe(sm2key.spkiPem);
  });

  test.each([['OpenSSL', 'ca', 'leaf'], ['GmSSL', 'gmsslCa', 'gmsslLeaf']] as const)('the certificate signatures of %s', (_name, ca, leaf) => {
    const { x509 } = readVectors<SmFixtures>('sm-fixtures.json');
    const issuer = certificateKey(x509[ca]);
    expect(isIssuedBy(x509[ca], issuer)).toBe(true);
    expect(isIssuedBy(x509[leaf], issuer)).toBe(true);
    expect(isIssuedBy(x509[leaf], certificateKey(x509[leaf]))).toBe(false);
  });

  test('the encrypted keys of GmSSL and OpenSSL open with PBKDF2 and SM4-CBC and fit their certificates', () => {
    const { x509 } = readVectors<SmFixtures>('sm-fixtures.json');
    const gmssl = openEncryptedKey(x509.gmsslEncryptedKey);
    const openssl = openEncryptedKey(x509.opensslEncryptedKey);
    expect(gmssl.endsWith(encodeHex(certificateKey(x509.gmsslLeaf)))).toBe(true);
    expect(openssl.endsWith(encodeHex(certificateKey(x509.leaf)))).toBe(true);
  });
});

function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function derOf(text: string): Uint8Array {
  const bytes = decodeBase64(text.replaceAll(/-----[^-]+-----|\s/g, ''));
  if (bytes === null) throw new Error('the vector is no PEM');
  return bytes;
}

function enter(reader: DerReader): DerReader {
  return createDerReader(reader.read(derTag.sequence) ?? new Uint8Array());
}

function certificateKey(text: string): Uint8Array {
  const der = encodeHex(derOf(text));
  const at = der.indexOf(publicHead) + publicHead.length;
  return hex(der.slice(at, at + 130));
}

function isIssuedBy(text: string, issuer: Uint8Array): boolean {
  const certificate = enter(createDerReader(derOf(text)));
  const signed = encodeDer(derTag.sequence, certificate.read(derTag.sequence) ?? new Uint8Array());
  certificate.read(derTag.sequence);
  const signature = decodeSm2SignatureDer((certificate.read(derTag.bitString) ?? new Uint8Array()).subarray(1));
  return signature !== null && verifySm2({ key: issuer, message: signed, signature, id: sm2DefaultId });
}

function openEncryptedKey({ pem: text, password }: { pem: string; password: string }): string {
  const info = enter(createDerReader(derOf(text)));
  const scheme = enter(info);
  scheme.read(derTag.objectIdentifier);
  const settings = enter(scheme);
  const derivation = enter(settings);
  derivation.read(derTag.objectIdentifier);
  const numbers = enter(derivation);
  const salt = numbers.read(derTag.octetString) ?? new Uint8Array();
  const iterations = Number(`0x${encodeHex(numbers.readUnsigned(4) ?? new Uint8Array(1))}`);
  numbers.readUnsigned(1);
  const hash = encodeHex(enter(numbers).read(derTag.objectIdentifier) ?? new Uint8Array());
  const encryption = enter(settings);
  encryption.read(derTag.objectIdentifier);
  const iv = encryption.read(derTag.octetString) ?? new Uint8Array();
  const ciphertext = info.read(derTag.octetString) ?? new Uint8Array();
  // HMAC-SHA256, or else HMAC-SM3 under either of its two names.
  const key = hash === '2a864886f70d0209'
    ? new Uint8Array(pbkdf2Sync(password, salt, iterations, 16, 'sha256'))
    : pbkdf2Sm3(encodeUtf8(password), salt, iterations, 16);
  const opened = encodeHex(sm4CbcDecrypt(key, iv, ciphertext) ?? new Uint8Array());
  const decipher = createDecipheriv('sm4-cbc', key, iv);
  expect(opened).toBe(decipher.update(ciphertext).toString('hex') + decipher.final('hex'));
  return opened;
}
