import { unzipSync } from 'fflate';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { decodeHex, encodeHex } from '../../domain/crypto/hex.ts';
import { sm3 } from '../../domain/crypto/sm3.ts';
import { fail, ok, type Result } from '../../domain/failure.ts';

/** A certificate file that looks like what it is said to be; `sm3` is lower-case hex of all its bytes. */
export interface CheckedFile {
  readonly bytes: Uint8Array;
  readonly format: 'PDF' | 'OFD';
  readonly sm3: string;
  /** Whether the platform gave a digest; it is then equal. */
  readonly digestCompared: boolean;
}

/** What the platform said of the file. */
export interface FileClaim {
  readonly format?: 'PDF' | 'OFD';
  /** 64 hex digits of either case. */
  readonly sm3?: string;
}

/**
 * Checks downloaded bytes against their claim (wire notes W22): magic `%PDF-` or a ZIP with `OFD.xml`, the claimed
 * format, the claimed SM3. Nothing is inflated.
 */
export function checkFile(bytes: Uint8Array, claim: FileClaim): Result<CheckedFile> {
  const format = isPdf(bytes) ? 'PDF' : isOfd(bytes) ? 'OFD' : null;
  if (format === null || (claim.format !== undefined && claim.format !== format)) return fail('file/wrong-magic');
  const digest = sm3(bytes);
  if (claim.sm3 !== undefined && !equalBytes(decodeHex(claim.sm3) ?? new Uint8Array(0), digest)) return fail('file/wrong-hash');
  return ok({ bytes, format, sm3: encodeHex(digest), digestCompared: claim.sm3 !== undefined });
}

function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-';
}

function isOfd(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  let found = false;
  try {
    unzipSync(bytes, {
      filter: ({ name }) => {
        found ||= name === 'OFD.xml';
        return false;
      },
    });
  } catch {
    // The library tells a broken archive by throwing only.
    return false;
  }
  return found;
}
