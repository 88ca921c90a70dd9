/** Joins byte strings into a new one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return join(new Uint8Array(lengthOf(parts)), parts);
}

/** Joins byte strings of which one is a key into `unmovedBytes`. */
export function concatUnmoved(...parts: readonly Uint8Array[]): Uint8Array {
  return join(unmovedBytes(lengthOf(parts)), parts);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function join(joined: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Compares two byte strings in time that depends on their lengths only, never on where they differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/**
 * New bytes, all zero, outside the space in which the collector moves small arrays about and leaves their old bytes behind: for keys, so that overwriting
 * them leaves none.
 */
export function unmovedBytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length));
}
