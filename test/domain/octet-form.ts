import { concatBytes } from '../../domain/crypto/bytes.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { printUtcTime } from '../../domain/time.ts';

/** What the octet form is made from; an independent writer, for the product only reads it. */
export interface OctetCode {
  readonly uscc: string;
  readonly platformId: string;
  readonly expiresAt: number;
  readonly width: 4 | 8 | 14;
  readonly digest: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

export function encodeOctetCode(code: OctetCode): Uint8Array {
  const expiry = new Uint8Array(code.width);
  const seconds = Math.floor(code.expiresAt / 1000);
  if (code.width === 4) new DataView(expiry.buffer).setUint32(0, seconds);
  else if (code.width === 8) new DataView(expiry.buffer).setBigUint64(0, BigInt(seconds));
  else expiry.set(encodeUtf8(printUtcTime(code.expiresAt)));
  const rest = concatBytes(Uint8Array.of(1), encodeUtf8(`QYM1${code.platformId}`), expiry, code.digest);
  const length = rest.length + 2;
  const signed = concatBytes(encodeUtf8(code.uscc), Uint8Array.of(length >> 8, length & 0xff), rest);
  return concatBytes(signed, code.sign(signed));
}

export function encodeBase32(bytes: Uint8Array, padded: boolean): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = (bits.match(/.{1,5}/g) ?? []).map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(group.padEnd(5, '0'), 2)]);
  return padded ? digits.join('').padEnd(Math.ceil(digits.length / 8) * 8, '=') : digits.join('');
}
