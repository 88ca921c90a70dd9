import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, sha3_384, sha3_512, shake256 } from '@noble/hashes/sha3.js';
import { sm3 } from '../domain/crypto/sm3.ts';

type Digest = (data: Uint8Array) => Uint8Array;

/** By object identifier and by the names that writers use in CheckMethod. */
const digests: Readonly<Record<string, Digest>> = {
  '1.2.156.10197.1.401': sm3,
  '1.2.156.10197.1.401.1': sm3,
  'sm3': sm3,
  '2.16.840.1.101.3.4.2.1': sha256,
  'sha256': sha256,
  'sha-256': sha256,
  '2.16.840.1.101.3.4.2.2': sha384,
  'sha384': sha384,
  '2.16.840.1.101.3.4.2.3': sha512,
  'sha512': sha512,
  '2.16.840.1.101.3.4.2.8': sha3_256,
  '2.16.840.1.101.3.4.2.9': sha3_384,
  '2.16.840.1.101.3.4.2.10': sha3_512,
  // With Ed448 (RFC 8419): 64 bytes of SHAKE256.
  '2.16.840.1.101.3.4.2.12': (data) => shake256(data, { dkLen: 64 }),
  '1.3.14.3.2.26': sha1,
  'sha1': sha1,
  'sha-1': sha1,
  '1.2.840.113549.2.5': md5,
  'md5': md5,
};

/** The digest under a method's identifier or name, of either case; null for a method that is not known. */
export function computeDigest(method: string, data: Uint8Array): Uint8Array | null {
  return digests[method.trim().toLowerCase()]?.(data) ?? null;
}

/** Whether collisions can be made for the method. */
export function isWeakDigest(method: string): boolean {
  const digest = digests[method.trim().toLowerCase()];
  return digest === md5 || digest === sha1;
}
