import type { GaloisField } from './galois-field.ts';

/** Codec of one field; the generator's roots are alpha^1..alpha^check, data stand before the check symbols. */
export interface ReedSolomon {
  /** Writes `check` check symbols behind the first `data` symbols found at `offset`. */
  encode(symbols: Uint8Array, offset: number, data: number, check: number): void;
  /**
   * Corrects `length` symbols at `offset` in place; `erased[0..erasedCount)` are positions known to be bad.
   * With erasures `spareSymbols` check symbols stay unused. Returns the number of symbols changed, or -1 (symbols then unchanged)
   * when there are too many errors.
   */
  decode(symbols: Uint8Array, offset: number, length: number, check: number, erased?: Uint8Array, erasedCount?: number): number;
}

/** Creates a codec with its own working memory; not to be shared between concurrent calls. */
export function createReedSolomon(field: GaloisField): ReedSolomon {
  const working = () => new Uint8Array(field.order + 2);
  const workspace: Workspace = { field, generators: new Map(), syndromes: working(), locator: working(), shifted: working(), previous: working(), evaluator: working(), positions: working(), magnitudes: working() };
  return {
    encode: (symbols, offset, data, check) => encode(workspace, symbols, offset, data, check),
    decode: (symbols, offset, length, check, erased = noErasures, erasedCount = 0) => decode(workspace, symbols, offset, length, check, erased, erasedCount),
  };
}

interface Workspace {
  readonly field: GaloisField;
  readonly generators: Map<number, Uint8Array>;
  readonly syndromes: Uint8Array;
  readonly locator: Uint8Array;
  readonly shifted: Uint8Array;
  readonly previous: Uint8Array;
  readonly evaluator: Uint8Array;
  readonly positions: Uint8Array;
  readonly magnitudes: Uint8Array;
}

function multiply(field: GaloisField, a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (field.exp[(field.log[a] ?? 0) + (field.log[b] ?? 0)] ?? 0);
}

function inverse(field: GaloisField, a: number): number {
  return field.exp[field.order - (field.log[a] ?? 0)] ?? 0;
}

function generator(workspace: Workspace, check: number): Uint8Array {
  const { field, generators } = workspace;
  const { exp } = field;
  const known = generators.get(check);
  if (known !== undefined) return known;
  const made = new Uint8Array(check + 1);
  made[0] = 1;
  for (let root = 1; root <= check; root++) {
    for (let i = root; i > 0; i--) made[i] = (made[i] ?? 0) ^ multiply(field, made[i - 1] ?? 0, exp[root] ?? 0);
  }
  generators.set(check, made);
  return made;
}

function encode(workspace: Workspace, symbols: Uint8Array, offset: number, data: number, check: number): void {
  const { field } = workspace;
  const factors = generator(workspace, check);
  const parity = offset + data;
  symbols.fill(0, parity, parity + check);
  for (let i = 0; i < data; i++) {
    const feedback = (symbols[offset + i] ?? 0) ^ (symbols[parity] ?? 0);
    for (let j = 0; j < check; j++) {
      const next = j + 1 < check ? (symbols[parity + j + 1] ?? 0) : 0;
      symbols[parity + j] = next ^ multiply(field, feedback, factors[j + 1] ?? 0);
    }
  }
}

/** Fills `syndromes[1..check]`; true when all are zero. */
function computeSyndromes(workspace: Workspace, symbols: Uint8Array, offset: number, length: number, check: number): boolean {
  const { field, syndromes } = workspace;
  const { exp, log } = field;
  let clean = true;
  for (let root = 1; root <= check; root++) {
    let sum = 0;
    for (let i = 0; i < length; i++) {
      sum = (symbols[offset + i] ?? 0) ^ (sum === 0 ? 0 : (exp[(log[sum] ?? 0) + root] ?? 0));
    }
    syndromes[root] = sum;
    if (sum !== 0) clean = false;
  }
  return clean;
}

/** Berlekamp–Massey started from the erasure locator; returns the degree of the locator. */
function findLocator(workspace: Workspace, length: number, check: number, erased: Uint8Array, erasedCount: number): number {
  const { field, syndromes, locator, shifted, previous } = workspace;
  const { exp, order } = field;
  locator.fill(0);
  locator[0] = 1;
  for (let k = 0; k < erasedCount; k++) {
    const x = exp[(length - 1 - (erased[k] ?? 0)) % order] ?? 0;
    for (let i = k + 1; i > 0; i--) locator[i] = (locator[i] ?? 0) ^ multiply(field, locator[i - 1] ?? 0, x);
  }
  previous.set(locator);
  let degree = erasedCount;
  for (let step = erasedCount + 1; step <= check; step++) {
    let discrepancy = 0;
    for (let i = 0; i <= degree && i < step; i++) discrepancy ^= multiply(field, locator[i] ?? 0, syndromes[step - i] ?? 0);
    shifted[0] = 0;
    for (let i = check; i > 0; i--) shifted[i] = previous[i - 1] ?? 0;
    if (discrepancy === 0) {
      previous.set(shifted);
      continue;
    }
    const grows = 2 * degree <= step + erasedCount - 1;
    if (grows) {
      const scale = inverse(field, discrepancy);
      for (let i = 0; i <= check; i++) previous[i] = multiply(field, locator[i] ?? 0, scale);
      degree = step - degree + erasedCount;
    } else {
      previous.set(shifted);
    }
    for (let i = 0; i <= check; i++) locator[i] = (locator[i] ?? 0) ^ multiply(field, discrepancy, shifted[i] ?? 0);
  }
  return degree;
}

/** Chien search: the positions whose locator inverse is a root; returns how many. */
function findPositions(workspace: Workspace, length: number, degree: number): number {
  const { field, locator, positions } = workspace;
  const { exp, log, order } = field;
  let found = 0;
  for (let position = 0; position < length; position++) {
    const power = (order - ((length - 1 - position) % order)) % order;
    let sum = 0;
    for (let i = 0; i <= degree; i++) {
      const term = locator[i] ?? 0;
      if (term !== 0) sum ^= exp[((log[term] ?? 0) + i * power) % order] ?? 0;
    }
    if (sum === 0) positions[found++] = position;
  }
  return found;
}

/** Forney's formula for first root 1: magnitude = evaluator / derivative of the locator, at the inverse location. */
function findMagnitudes(workspace: Workspace, length: number, check: number, degree: number): boolean {
  const { field, syndromes, locator, evaluator, positions, magnitudes } = workspace;
  const { exp, log, order } = field;
  for (let i = 0; i < check; i++) {
    let sum = 0;
    for (let j = 0; j <= i && j <= degree; j++) sum ^= multiply(field, locator[j] ?? 0, syndromes[i - j + 1] ?? 0);
    evaluator[i] = sum;
  }
  for (let k = 0; k < degree; k++) {
    const power = (order - ((length - 1 - (positions[k] ?? 0)) % order)) % order;
    let top = 0;
    for (let i = 0; i < check; i++) {
      const term = evaluator[i] ?? 0;
      if (term !== 0) top ^= exp[((log[term] ?? 0) + i * power) % order] ?? 0;
    }
    let bottom = 0;
    for (let i = 1; i <= degree; i += 2) {
      const term = locator[i] ?? 0;
      if (term !== 0) bottom ^= exp[((log[term] ?? 0) + (i - 1) * power) % order] ?? 0;
    }
    if (bottom === 0) return false;
    magnitudes[k] = multiply(field, top, inverse(field, bottom));
  }
  return true;
}

function decode(workspace: Workspace, symbols: Uint8Array, offset: number, length: number, check: number, erased: Uint8Array, erasedCount: number): number {
  const { positions, magnitudes } = workspace;
  if (computeSyndromes(workspace, symbols, offset, length, check)) return 0;
  if (erasedCount > check) return -1;
  const degree = findLocator(workspace, length, check, erased, erasedCount);
  if (2 * degree - erasedCount > check - (erasedCount > 0 ? spareSymbols : 0)) return -1;
  if (findPositions(workspace, length, degree) !== degree || !findMagnitudes(workspace, length, check, degree)) return -1;
  const flip = () => {
    for (let k = 0; k < degree; k++) symbols[offset + (positions[k] ?? 0)] = (symbols[offset + (positions[k] ?? 0)] ?? 0) ^ (magnitudes[k] ?? 0);
  };
  flip();
  if (computeSyndromes(workspace, symbols, offset, length, check)) return magnitudes.subarray(0, degree).reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  flip();
  return -1;
}

/** Check symbols that decoding with erasures leaves unused: without errors to find, nothing else tells a wrong block from a right one. */
export const spareSymbols = 3;

const noErasures = new Uint8Array(0);
