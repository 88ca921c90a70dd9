import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { ForeignSignature } from '../../ofd/signature-value.ts';

/** Digest by signature algorithm (RFC 8017, RFC 5758), for algorithms that name both. */
const digestOf: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

const digestNames: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.8': 'sha3-256',
  '2.16.840.1.101.3.4.2.9': 'sha3-384',
  '2.16.840.1.101.3.4.2.10': 'sha3-512',
};

const pss = '1.2.840.113549.1.1.10';

/** Checks RSA (PKCS #1 v1.5 and PSS), ECDSA, Ed25519 and Ed448 with the runtime; null for what it does not know. */
export function verifyForeignSignature({ keyInfo, algorithm, digest, message, signature }: ForeignSignature): boolean | null {
  const key = openKey(keyInfo);
  if (key === null) return null;
  const type = key.asymmetricKeyType;
  try {
    if (type === 'ed25519' || type === 'ed448') return verify(null, message, key, signature);
    const name = digestOf[algorithm] ?? digestNames[digest ?? ''];
    if (algorithm === pss) return verifyPss(key, message, signature, name);
    if (name === undefined || (type !== 'rsa' && type !== 'ec')) return null;
    return verify(name, message, key, signature);
  } catch {
    // The runtime tells a digest or curve that it does not have by throwing only.
    return null;
  }
}

/** The parameters of PSS beside the value are not read: one of the digests fits, or the signature is none. */
function verifyPss(key: KeyObject, message: Uint8Array, signature: Uint8Array, name: string | undefined): boolean {
  const options = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  return (name === undefined ? ['sha256', 'sha384', 'sha512'] : [name]).some((digest) => verify(digest, message, options, signature));
}

function openKey(keyInfo: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(keyInfo), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
