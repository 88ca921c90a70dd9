/** Collects bits, most significant first. */
export interface BitWriter {
  /** Appends the lowest `count` bits of a value below 2^31. */
  write(value: number, count: number): void;
  /** Bits written so far. */
  length(): number;
  /** The bits as bytes, zero-filled at the end. */
  bytes(): Uint8Array;
}

/** Creates an empty writer. */
export function createBitWriter(): BitWriter {
  const bits: number[] = [];
  return {
    write: (value, count) => {
      for (let shift = count - 1; shift >= 0; shift--) bits.push((value >>> shift) & 1);
    },
    length: () => bits.length,
    bytes: () => {
      const out = new Uint8Array(Math.ceil(bits.length / 8));
      bits.forEach((bit, i) => {
        out[i >> 3] = (out[i >> 3] ?? 0) | (bit << (7 - (i & 7)));
      });
      return out;
    },
  };
}
