import { encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';

/** SM3 of a code, token or id as lower-case hex: the only form in which the database knows it. */
export function digestText(text: string): string {
  return encodeHex(sm3(encodeUtf8(text)));
}
