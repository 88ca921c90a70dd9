/** Reads bits, most significant first. */
export interface BitReader {
  /** The next `count` bits (0..24) as a number; -1, and failed from then on, when fewer are left. */
  read(count: number): number;
  /** Bits not yet read. */
  left(): number;
  /** Whether a read went past the end. */
  failed(): boolean;
}

/** Creates a reader over bytes. */
export function createBitReader(bytes: Uint8Array): BitReader {
  let at = 0;
  let broken = false;
  const total = bytes.length * 8;
  return {
    read: (count) => {
      if (broken || at + count > total) {
        broken = true;
        return -1;
      }
      let value = 0;
      for (let i = 0; i < count; i++, at++) value = (value << 1) | (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
      return value;
    },
    left: () => total - at,
    failed: () => broken,
  };
}
