/** The platform's decoder; every browser and Node with full ICU has `gb18030`. */
declare const TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string };

/** Decodes bytes of a character set named as in the Encoding Standard; null when one sequence is invalid. */
export function decodeCharacters(bytes: Uint8Array, label: string): string | null {
  if (label === 'iso-8859-1') return decodeLatin1(bytes);
  try {
    return decoderFor(label).decode(bytes);
  } catch {
    return null;
  }
}

/** One character a byte, U+0000 to U+00FF: the Encoding Standard has no such decoder (its "latin1" is windows-1252). */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** UTF-8 bytes of a text; null when it holds a lone surrogate. */
export function encodeUtf8(text: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) return null;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** GB 18030 bytes of a text; null when it holds a lone surrogate or the platform maps a character nowhere. */
export function encodeGb18030(text: string): Uint8Array | null {
  const table = reverseGb18030();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) {
      bytes.push(code);
    } else if (code >= 0x10000) {
      pushFourBytes(bytes, firstSupplementary + code - 0x10000);
    } else {
      const entry = table[code] ?? 0;
      if (entry === 0) return null;
      if (entry < 0x10000) bytes.push(entry >> 8, entry & 255);
      else pushFourBytes(bytes, entry - 0x10000);
    }
  }
  return Uint8Array.from(bytes);
}

/** Pointer of the four-byte sequence 90 30 81 30, which is U+10000. */
const firstSupplementary = 189_000;

/** Four-byte sequences that mean characters of the Basic Multilingual Plane: 81 30 81 30 to 84 31 A4 39. */
const basicFourByteCount = 39_420;

/**
 * BMP code unit → two-byte sequence, or 0x10000 + pointer of a four-byte sequence, or 0. Built from the platform's own
 * decoder at first use (some 10 ms), so that what is written here is read back by the same platform.
 */
function reverseGb18030(): Uint32Array {
  const known = reverseTables.get('gb18030');
  if (known !== undefined) return known;
  const table = new Uint32Array(0x10000);
  const twoByte: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++) for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) twoByte.push((lead << 8) | trail);
  recordCharacters(table, twoByte, (entry) => [entry >> 8, entry & 255], (entry) => entry);
  const pointers = Array.from({ length: basicFourByteCount }, (_, pointer) => pointer);
  recordCharacters(table, pointers, (pointer) => pushFourBytes([], pointer), (pointer) => 0x10000 + pointer);
  reverseTables.set('gb18030', table);
  return table;
}

function recordCharacters(table: Uint32Array, entries: readonly number[], sequence: (entry: number) => number[], value: (entry: number) => number): void {
  // Line feeds between the sequences: an invalid one cannot shift those behind it.
  const bytes = Uint8Array.from(entries.flatMap((entry) => [...sequence(entry), 10]));
  const lines = new TextDecoder('gb18030', { fatal: false, ignoreBOM: true }).decode(bytes).split('\n');
  entries.forEach((entry, i) => {
    const line = lines[i] ?? '';
    const code = line.charCodeAt(0);
    const replaced = code === 0xfffd && entry !== replacementPointer;
    if (line.length === 1 && !replaced && !(code >= 0xd800 && code <= 0xdfff) && table[code] === 0) table[code] = value(entry);
  });
}

/** Pointer of 84 31 A4 37, the only sequence that truly means U+FFFD. */
const replacementPointer = 39_417;

function pushFourBytes(bytes: number[], pointer: number): number[] {
  bytes.push(0x81 + Math.floor(pointer / 12_600), 0x30 + (Math.floor(pointer / 1260) % 10), 0x81 + (Math.floor(pointer / 10) % 126), 0x30 + (pointer % 10));
  return bytes;
}

function decoderFor(label: string): { decode(bytes: Uint8Array): string } {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const made = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  decoders.set(label, made);
  return made;
}

const decoders = new Map<string, { decode(bytes: Uint8Array): string }>();
const reverseTables = new Map<string, Uint32Array>();
