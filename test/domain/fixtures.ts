import { readFileSync } from 'node:fs';
import { decodeHex } from '../../domain/crypto/hex.ts';
import { pinSm2PublicKey, type PinnedSm2Key, sm2DefaultId } from '../../domain/crypto/sm2.ts';
import type { LocalInput, PlatformKeys } from '../../domain/local-verification.ts';
import { parseServiceCode, type ServiceCode } from '../../domain/service-code.ts';

interface CodeVector {
  readonly A: string;
  readonly B: string;
  readonly S: string;
  readonly code: string;
  readonly authRecordCanonical: string;
  readonly digest: string;
  readonly publicKey: string;
}

/** The published sample key pair of GB/T 32918.5, which also signed the vector. */
export const samplePrivateKey = bytesOf('3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8');

/** One enterprise service code with its record, digest and public key. */
export const vector = JSON.parse(
  readFileSync(new URL('../../../shared/vectors/qym1.json', import.meta.url), 'utf8'),
) as CodeVector;

export function bytesOf(hex: string): Uint8Array {
  const bytes = decodeHex(hex);
  if (bytes === null) throw new TypeError(hex);
  return bytes;
}

export function pin(publicKey: Uint8Array): PinnedSm2Key {
  const key = pinSm2PublicKey(publicKey);
  if (key === null) throw new TypeError('public key');
  return key;
}

export function codeOf(text: string): ServiceCode {
  const parse = parseServiceCode({ text });
  if (!parse.ok) throw new TypeError(parse.supportCode);
  return parse.code;
}

/** Thirty seconds before the vector expires. */
export const vectorNow = codeOf(vector.code).expiresAt - 30_000;

export const vectorPlatforms: PlatformKeys = new Map([
  [
    '310000',
    {
      name: '测试平台',
      signerId: sm2DefaultId,
      keys: [{ keyId: 'k1', key: pin(bytesOf(vector.publicKey)), notBefore: 0, notAfter: vectorNow + 86_400_000 }],
    },
  ],
]);

/** The input of a local verification at `vectorNow` with a clock that stands still. */
export function localInput(text: string, more: Partial<LocalInput> = {}): LocalInput {
  return { text, now: vectorNow, clockUncertaintyMs: 0, platforms: vectorPlatforms, clock: () => 0, ...more };
}
