import { decodeHex } from './crypto/hex.ts';
import { encodeUtf8 } from './crypto/utf8.ts';
import { type CodeIdentity, type CodeText, composeServiceCode, type FormReading } from './service-code-reading.ts';
import { parseUtcTime } from './time.ts';
import { isUscc } from './uscc.ts';

/** Characters of B1a and B1b, then of B2, B3; of the digest and of the signature. */
export const textLayout = { length: 2, version: 1, type: 4, platform: 6, digest: 64, signature: 128 } as const;

/** The fixed code type of an enterprise service code (C 0300-2021 6.1.1 b2). */
export const codeType = 'QYM1';

/** Lengths of segment A: a USCC, or SM3 in hex. */
const identityLengths = [18, 64] as const;

/** Length of B (what B1a says) → spelling of the expiry (wire notes B4). */
const expirySpellings: ReadonlyMap<string, { readonly width: number; readonly spelling: 'utc14' | 'epoch10' }> = new Map([
  ['91', { width: 14, spelling: 'utc14' }],
  ['87', { width: 10, spelling: 'epoch10' }],
]);

/**
 * Reads the text form (wire notes B, form T): null when no segment length puts the code type where it belongs and the
 * content does not look like a torn service code either.
 */
export function readTextForm(source: CodeText): FormReading {
  const { text } = source;
  const fitting = identityLengths.filter((length) => text.startsWith(codeType, length + textLayout.length + textLayout.version));
  const [identityLength] = fitting;
  if (identityLength === undefined || fitting.length > 1) return looksTorn(text) ? 'E-FMT-02' : null;
  if (!/^[0-9A-Z]+$/.test(text)) return 'E-FMT-06';
  return readSegments(source, identityLength);
}

function readSegments(source: CodeText, identityLength: number): FormReading {
  const { text } = source;
  let at = 0;
  const take = (length: number): string => text.slice(at, (at += length));
  const segmentA = take(identityLength);
  const lengthText = take(textLayout.length);
  if (take(textLayout.version) !== '1') return 'E-FMT-03';
  const expirySpelling = expirySpellings.get(lengthText);
  if (expirySpelling === undefined) return 'E-FMT-02';
  if (identityLength + Number(lengthText) + textLayout.signature !== text.length) return 'E-FMT-02';
  const identity = readIdentity(segmentA);
  if (identity === null) return 'E-FMT-04';
  at += textLayout.type;
  const platformId = take(textLayout.platform);
  const expiresAt = readExpiry(take(expirySpelling.width));
  const consentDigest = decodeHex(take(textLayout.digest));
  const signedText = text.slice(0, at);
  const signature = decodeHex(take(textLayout.signature));
  if (expiresAt === null) return 'E-FMT-05';
  if (!/^[0-9]{6}$/.test(platformId) || consentDigest === null || signature === null) return 'E-FMT-06';
  return composeServiceCode(
    {
      carrier: 'text',
      expiry: expirySpelling.spelling,
      identity,
      platformId,
      expiresAt,
      consentDigest,
      signature,
      signedBytes: encodeUtf8(signedText),
      canonicalText: text,
    },
    source,
  );
}

function readIdentity(segmentA: string): CodeIdentity | null {
  if (segmentA.length === 64) return /^[0-9A-F]{64}$/.test(segmentA) ? { kind: 'hash', hash: segmentA } : null;
  return isUscc(segmentA) ? { kind: 'uscc', uscc: segmentA } : null;
}

function readExpiry(text: string): number | null {
  if (text.length === 14) return parseUtcTime(text);
  return /^[0-9]{10}$/.test(text) ? Number(text) * 1000 : null;
}

/** A scan that lost or gained characters: the type is there behind a length and version, but not where it belongs. */
function looksTorn(text: string): boolean {
  return text.length >= 40 && /^.{0,80}[0-9]{2}[0-9A-Z]QYM1[0-9]{4}/s.test(text);
}
