// The domain compiles without DOM and Node types; both runtimes carry these two classes of the Encoding Standard.
declare const TextEncoder: new () => { encode(text: string): Uint8Array; encodeInto(text: string, into: Uint8Array): { read: number; written: number } };
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean; ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Encodes text as UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

// Long enough for every audit line; what does not fit is encoded by itself.
const borrowed = new Uint8Array(2 ** 14);
// A UTF-16 unit becomes three bytes at most.
const mostUnits = Math.floor(borrowed.length / 3);

/** Encodes text as `encodeUtf8` does, into bytes that hold until the next call only: for what is digested at once and no secret. */
export function borrowUtf8(text: string): Uint8Array {
  return text.length > mostUnits ? encoder.encode(text) : borrowed.subarray(0, encoder.encodeInto(text, borrowed).written);
}

/** Decodes UTF-8 strictly: null for malformed, overlong or truncated input; a byte order mark is kept as U+FEFF. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
