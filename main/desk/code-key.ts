import { encodeHex } from '../../domain/crypto/hex.ts';
import { parseServiceCode, serviceCodeDigest } from '../../domain/service-code.ts';

/** What two scans of the same code have in common, whichever device wrote it: its canonical digest, or else its very bytes. */
export function codeKeyOf(bytes: Uint8Array): string {
  const parsed = parseServiceCode({ text: '', bytes });
  return parsed.ok ? serviceCodeDigest(parsed.code) : `bytes ${encodeHex(bytes)}`;
}
