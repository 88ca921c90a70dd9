import { decodeUtf8 } from './crypto/utf8.ts';
import { findUnsafeCharacter, type UnsafeCharacter } from './text-safety.ts';

// The domain compiles without DOM and Node types; both runtimes carry this class of the Encoding Standard.
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

/** How a device is set to encode text; `auto`: strict UTF-8, else GB 18030. */
export type CharsetSetting = 'auto' | 'utf-8' | 'gb18030' | 'latin-1';

/** The character set that was used, and why; `none`: the bytes fit no character set. */
export interface CharsetChoice {
  readonly charset: 'utf-8' | 'gb18030' | 'latin-1' | 'none';
  readonly charsetWhy: 'declared' | 'valid-utf-8' | 'valid-gb18030' | 'fits-nothing';
}

/** The content of one code, whatever it came through. */
export interface ScanContent extends CharsetChoice {
  /** Without the scanner's AIM identifier. */
  readonly bytes: Uint8Array;
  /** Empty when the bytes fit no character set. */
  readonly text: string;
  /** An AIM identifier (ISO/IEC 15424: `]`, code letter, modifier), or the reader's name for the symbology. */
  readonly symbology?: string;
  /** The first control, bidirectional, zero-width or broken character; such text is never shown as it is (threat T7). */
  readonly unsafe: UnsafeCharacter | null;
}

/** What is known of the way the bytes came. */
export interface ContentOptions {
  readonly charset?: CharsetSetting | undefined;
  /** Whether a leading AIM identifier is the scanner's and taken off. */
  readonly takeOffAim?: boolean | undefined;
  readonly symbology?: string | undefined;
}

/** Reads the bytes of one code. Never throws; the caller has limited their length. */
export function readScanContent(raw: Uint8Array, options: ContentOptions = {}): ScanContent {
  const aim = options.takeOffAim === true ? readAimIdentifier(raw) : null;
  const bytes = aim === null ? raw : raw.slice(aim.length);
  const symbology = aim ?? options.symbology;
  const { text, ...choice } = decodeText(bytes, options.charset ?? 'auto');
  return { bytes, text, ...choice, ...(symbology === undefined ? {} : { symbology }), unsafe: findUnsafeCharacter(text) };
}

/** The AIM identifier that the bytes begin with, or null; content must follow it. */
export function readAimIdentifier(bytes: Uint8Array): string | null {
  if (bytes.length < 4 || bytes[0] !== 0x5d) return null;
  const identifier = String.fromCharCode(...bytes.subarray(0, 3));
  return /^\][A-Za-z][0-9A-Za-z]$/.test(identifier) ? identifier : null;
}

function decodeText(bytes: Uint8Array, setting: CharsetSetting): CharsetChoice & { readonly text: string } {
  if (setting === 'auto') return decodeUnknown(bytes);
  const text = setting === 'latin-1' ? decodeLatin1(bytes) : setting === 'utf-8' ? decodeUtf8(bytes) : decodeGb18030(bytes);
  return text === null ? fitsNothing : { text, charset: setting, charsetWhy: 'declared' };
}

/** Chinese codes without a declared character set are UTF-8 or GB 18030; what is valid UTF-8 is hardly ever meant as the other. */
function decodeUnknown(bytes: Uint8Array): CharsetChoice & { readonly text: string } {
  const text = decodeUtf8(bytes);
  if (text !== null) return { text, charset: 'utf-8', charsetWhy: 'valid-utf-8' };
  const national = decodeGb18030(bytes);
  return national === null ? fitsNothing : { text: national, charset: 'gb18030', charsetWhy: 'valid-gb18030' };
}

const fitsNothing = { text: '', charset: 'none', charsetWhy: 'fits-nothing' } as const;

function decodeGb18030(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    // The decoder tells undecodable bytes by throwing only.
    return null;
  }
}

function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
