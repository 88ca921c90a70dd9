import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeHex } from '../../../domain/crypto/hex.ts';

/** The vectors lie beside the checkout, not in it; without them the tests that need them are skipped by name. */
export const vectorsAreMissing = !existsSync(fileURLToPath(new URL('../../../../shared/vectors/sm-fixtures.json', import.meta.url)));

/** Cases made by OpenSSL, Node and GmSSL with test keys; all byte strings in hexadecimal. */
export interface SmFixtures {
  readonly sm4gcm: readonly { key: string; iv: string; aad: string; msg: string; ct: string; tag: string }[];
  readonly sm4cbc: readonly { key: string; iv: string; msg: string; ct: string }[];
  readonly sm4ctr: readonly { key: string; iv: string; msg: string; ct: string }[];
  readonly sm3: readonly { msg: string; digest: string }[];
  readonly hmac: readonly { key: string; msg: string; mac: string }[];
  readonly pbkdf2: readonly { password: string; salt: string; c: number; dkLen: number; dk: string }[];
  readonly sm2key: { d: string; publicKey: string; pkcs8Pem: string; spkiPem: string };
  readonly sm2sig: readonly { id: string; msg: string; der: string }[];
  readonly sm2enc: readonly { msg: string; asn1: string }[];
  readonly sm2GmSSL: readonly { msg: string; asn1: string }[];
  readonly x509: {
    ca: string; leaf: string; gmsslCa: string; gmsslLeaf: string;
    gmsslEncryptedKey: { pem: string; password: string };
    opensslEncryptedKey: { pem: string; password: string };
  };
}

/** A test group of the Wycheproof project with the fields these tests use. */
export interface WycheproofGroup<T> {
  readonly ivSize?: number;
  readonly tagSize: number;
  readonly tests: readonly (T & { tcId: number; result: 'valid' | 'invalid' | 'acceptable' })[];
}

/** Reads one vector file; call it only inside tests that are skipped when the vectors are missing. */
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../shared/vectors/${name}`, import.meta.url), 'utf8')) as T;
}

/** Bytes of a vector; blanks allowed, anything else is a fault of the test. */
export function hex(text: string): Uint8Array {
  const bytes = decodeHex(text.replaceAll(/\s/g, ''));
  if (bytes === null) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}
