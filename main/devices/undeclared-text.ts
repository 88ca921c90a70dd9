import { decodeUtf8 } from '../../domain/crypto/utf8.ts';

/**
 * The text of bytes whose character set the code does not declare: UTF-8 if they are that, Shift_JIS if they can only be
 * Japanese, else GB 18030, in which every byte string is some text.
 */
export function readUndeclaredText(bytes: Uint8Array): string {
  const unicode = decodeUtf8(bytes);
  if (unicode !== null) return unicode;
  return (isJapanese(bytes) ? decodeShiftJis(bytes) : null) ?? new TextDecoder('gb18030').decode(bytes);
}

function decodeShiftJis(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('shift_jis', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What people write in Chinese is nearly all in GB 2312, whose bytes are all 0xA1 and above; Japanese kanji and kana are not. */
function isJapanese(bytes: Uint8Array): boolean {
  let common = 0;
  let rare = 0;
  for (let i = 0; i < bytes.length; i++) {
    if ((bytes[i] ?? 0) < 0x81) continue;
    const isCommon = (bytes[i] ?? 0) >= 0xa1 && (bytes[i + 1] ?? 0) >= 0xa1;
    if (isCommon) common++;
    else rare++;
    i++;
  }
  return rare > common || isHalfWidthKana(bytes);
}

/** Half-width kana look like GB 2312, but for the voice marks: they come often, and only after what can be voiced. */
function isHalfWidthKana(bytes: Uint8Array): boolean {
  const high = bytes.filter((byte) => byte >= 0x80);
  const marks = [...bytes.keys()].filter((i) => bytes[i] === 0xde || bytes[i] === 0xdf);
  return marks.length >= 2 && high.every((byte) => byte >= 0xa6 && byte <= 0xdf) && marks.every((i) => canBeVoiced(bytes[i - 1] ?? 0));
}

/** ｳ, the rows ｶ, ｻ and ﾀ, and the row ﾊ. */
function canBeVoiced(byte: number): boolean {
  return byte === 0xb3 || (byte >= 0xb6 && byte <= 0xc4) || (byte >= 0xca && byte <= 0xce);
}
