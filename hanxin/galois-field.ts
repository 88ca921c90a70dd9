/** Arithmetic of a binary field of 2^bits elements with alpha = 2; `exp` is doubled so that sums of two logs need no modulo. */
export interface GaloisField {
  readonly order: number;
  readonly exp: Uint8Array;
  readonly log: Uint8Array;
}

/** Builds the field whose primitive polynomial is given as a number, highest power first. */
export function createGaloisField(bits: number, polynomial: number): GaloisField {
  const size = 1 << bits;
  const order = size - 1;
  const exp = new Uint8Array(2 * order + 2);
  const log = new Uint8Array(size);
  let value = 1;
  for (let power = 0; power < order; power++) {
    exp[power] = value;
    exp[power + order] = value;
    log[value] = power;
    value <<= 1;
    if (value & size) value ^= polynomial;
  }
  return { order, exp, log };
}

/** Data codewords: GF(256), x^8+x^6+x^5+x+1 (ISO/IEC 20830, error correction of the data). */
export const dataField = createGaloisField(8, 0x163);

/** Structural information: GF(16), x^4+x+1 (ISO/IEC 20830, structural information). */
export const informationField = createGaloisField(4, 0x13);
