import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { parseSm2PrivateKeyPem, parseSm2PublicKeyPem, printSm2PrivateKeyPem, printSm2PublicKeyPem } from '../../../domain/crypto/sm2-keys.ts';
import {
  decodeSm2SignatureDer, decryptSm2, encodeSm2SignatureDer, encryptSm2, generateSm2KeyPair, signSm2, sm2DefaultId, sm2PublicKeyOf, verifySm2,
} from '../../../domain/crypto/sm2.ts';
import { hmacSm3, sm3 } from '../../../domain/crypto/sm3.ts';
import { sm4CbcDecrypt, sm4CbcEncrypt } from '../../../domain/crypto/sm4.ts';

const whyNot = findReasonToSkip();
const distinguishedId = 'distid:1234567812345678';
const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-openssl-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const messages = [new Uint8Array(1), systemRandom(109), systemRandom(100_000)];

describe.skipIf(whyNot !== null)(`against the OpenSSL command line${whyNot === null ? '' : ` (skipped: ${whyNot})`}`, () => {
  test('its keys are read, and ours are read by it', () => {
    openssl('genpkey', '-algorithm', 'SM2', '-out', place('theirs.pem'));
    openssl('pkey', '-in', place('theirs.pem'), '-pubout', '-out', place('theirs-public.pem'));
    const theirs = privateKeyIn('theirs.pem');
    expect(parseSm2PublicKeyPem(text('theirs-public.pem'))).toEqual(sm2PublicKeyOf(theirs));
    expect(printSm2PrivateKeyPem(theirs)).toBe(text('theirs.pem'));
    expect(printSm2PublicKeyPem(sm2PublicKeyOf(theirs))).toBe(text('theirs-public.pem'));

    const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
    writeFileSync(place('ours.pem'), printSm2PrivateKeyPem(privateKey));
    openssl('pkey', '-in', place('ours.pem'), '-check', '-pubout', '-out', place('ours-public.pem'));
    expect(text('ours-public.pem')).toContain(printSm2PublicKeyPem(publicKey));
  });

  test('our signatures verify there, tampered ones do not', () => {
    const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
    writeFileSync(place('signer.pem'), printSm2PublicKeyPem(publicKey));
    for (const message of messages) {
      const signature = signSm2({ privateKey, message, id: sm2DefaultId, random: systemRandom });
      expect(verifyThere('signer.pem', message, signature)).toBe(true);
      expect(verifyThere('signer.pem', Uint8Array.of(...message.subarray(0, 20), 7), signature)).toBe(false);
    }
  });

  test('its signatures verify here, under no other identity', () => {
    const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
    writeFileSync(place('signing.pem'), printSm2PrivateKeyPem(privateKey));
    for (const message of messages) {
      writeFileSync(place('message'), message);
      openssl('pkeyutl', '-sign', '-inkey', place('signing.pem'), '-rawin', '-digest', 'sm3', '-in', place('message'), '-out', place('signature'), '-pkeyopt', distinguishedId);
      const signature = decodeSm2SignatureDer(bytes('signature'));
      expect(signature !== null && verifySm2({ key: publicKey, message, signature, id: sm2DefaultId })).toBe(true);
      expect(signature !== null && verifySm2({ key: publicKey, message, signature, id: new Uint8Array() })).toBe(false);
    }
  });

  test('what we encrypt it decrypts, and the other way round', () => {
    const { privateKey, publicKey } = generateSm2KeyPair(systemRandom);
    writeFileSync(place('reader.pem'), printSm2PrivateKeyPem(privateKey));
    writeFileSync(place('reader-public.pem'), printSm2PublicKeyPem(publicKey));
    // A single byte would meet a key stream of zeros once in 256 times, where not every version draws again.
    for (const plaintext of messages.slice(1)) {
      writeFileSync(place('ciphertext'), encryptSm2({ publicKey, plaintext, layout: 'asn1', random: systemRandom }));
      openssl('pkeyutl', '-decrypt', '-inkey', place('reader.pem'), '-in', place('ciphertext'), '-out', place('plaintext'));
      expect(encodeHex(bytes('plaintext'))).toBe(encodeHex(plaintext));
      writeFileSync(place('plaintext'), plaintext);
      openssl('pkeyutl', '-encrypt', '-pubin', '-inkey', place('reader-public.pem'), '-in', place('plaintext'), '-out', place('ciphertext'));
      const opened = decryptSm2({ privateKey, ciphertext: bytes('ciphertext'), layout: 'asn1' });
      expect(opened !== null && encodeHex(opened)).toBe(encodeHex(plaintext));
    }
  });

  test('SM3, HMAC-SM3 and SM4-CBC agree', () => {
    const key = systemRandom(16);
    for (const message of messages) {
      writeFileSync(place('message'), message);
      expect(openssl('dgst', '-sm3', '-r', place('message')).slice(0, 64)).toBe(encodeHex(sm3(message)));
      expect(openssl('dgst', '-sm3', '-r', '-mac', 'HMAC', '-macopt', `hexkey:${encodeHex(key)}`, place('message')).slice(0, 64)).toBe(encodeHex(hmacSm3(key, message)));
      openssl('enc', '-sm4-cbc', '-K', encodeHex(key), '-iv', encodeHex(key), '-in', place('message'), '-out', place('ciphertext'));
      expect(encodeHex(sm4CbcEncrypt(key, key, message))).toBe(encodeHex(bytes('ciphertext')));
      expect(encodeHex(sm4CbcDecrypt(key, key, bytes('ciphertext')) ?? new Uint8Array())).toBe(encodeHex(message));
    }
  });
});

function findReasonToSkip(): string | null {
  const { status, stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  if (status !== 0) return 'no openssl program on this machine';
  const major = Number(/^OpenSSL (\d+)\./.exec(stdout)?.[1] ?? 0);
  if (major < 3) return `OpenSSL 3 or later is needed, this is ${stdout.trim()}`;
  const list = spawnSync('openssl', ['genpkey', '-algorithm', 'SM2'], { encoding: 'utf8' });
  return list.status === 0 ? null : 'this OpenSSL was built without SM2';
}

function openssl(...args: string[]): string {
  const run = spawnSync('openssl', args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

function verifyThere(keyName: string, message: Uint8Array, signature: Uint8Array): boolean {
  writeFileSync(place('message'), message);
  writeFileSync(place('signature'), encodeSm2SignatureDer(signature));
  const args = ['-verify', '-pubin', '-inkey', place(keyName), '-rawin', '-digest', 'sm3', '-in', place('message'), '-sigfile', place('signature')];
  return spawnSync('openssl', ['pkeyutl', ...args, '-pkeyopt', distinguishedId], { encoding: 'utf8' }).stdout.includes('Verified Successfully');
}

function privateKeyIn(name: string): Uint8Array {
  const key = parseSm2PrivateKeyPem(text(name));
  if (key === null) throw new Error(`${name} was not read`);
  return key;
}

function place(name: string): string {
  return path.join(scratch, name);
}

function text(name: string): string {
  return readFileSync(place(name), 'utf8');
}

function bytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(place(name)));
}
