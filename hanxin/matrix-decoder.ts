import { collectCodewords, restoreData } from './codewords.ts';
import { symbolLayout } from './layout.ts';
import { applyMask } from './mask.ts';
import { readPayload, type Payload } from './payload.ts';
import { decodeInformation, informationPositions, type StructuralInformation } from './structural-information.ts';
import { versionOfSize, type Level, type Mask, type Matrix } from './symbol.ts';

/** What a matrix says. */
export interface DecodedSymbol extends Payload {
  readonly version: number;
  readonly level: Level;
  readonly mask: Mask;
  /** Codewords that were wrong. */
  readonly corrected: number;
  /** Largest share of a block's correcting power that was used, 0..1. */
  readonly load: number;
}

/**
 * Decodes a matrix of modules (1 dark, 0 light); null when it is no Han Xin symbol or too damaged.
 * `doubts` says how doubtful each module is, 0 sure to 255: where errors are too many, doubtful codewords become erasures. Throws a RangeError when the arrays are not bytes, `size * size` of them.
 */
export function decodeMatrix(matrix: Matrix, doubts?: Uint8Array): DecodedSymbol | null {
  const version = versionOfSize(matrix.size);
  if (version === null) return null;
  const area = matrix.size * matrix.size;
  const holdsArea = (array: unknown) => array instanceof Uint8Array && array.length === area;
  if (!holdsArea(matrix.modules) || (doubts !== undefined && !holdsArea(doubts))) throw new RangeError('A matrix has size × size modules');
  const information = readInformation(matrix);
  if (information === null || information.version !== version) return null;
  return decodeModules(matrix.modules, information, doubts);
}

/** Decodes modules whose structural information is already known; null when too damaged or not well formed. */
export function decodeModules(modules: Uint8Array, information: StructuralInformation, doubts?: Uint8Array): DecodedSymbol | null {
  const { version, level, mask } = information;
  const layout = symbolLayout(version);
  const plain = Uint8Array.from(modules, (module) => module & 1);
  applyMask(plain, layout, mask);
  const restored = restoreData(collectCodewords(plain, layout, doubts), version, level);
  if (restored === null) return null;
  const payload = readPayload(restored.data);
  if (payload === null) return null;
  return { ...payload, version, level, mask, corrected: restored.corrected, load: restored.load };
}

/** The first copy that can be read and fits the size, else the second (ISO/IEC 20830, structural information). */
export function readInformation(matrix: Matrix): StructuralInformation | null {
  const { first, second } = informationPositions(matrix.size);
  for (const points of [first, second]) {
    const bits = new Uint8Array(points.length / 2);
    for (let i = 0; i < bits.length; i++) bits[i] = matrix.modules[(points[2 * i + 1] ?? 0) * matrix.size + (points[2 * i] ?? 0)] ?? 0;
    const information = decodeInformation(bits);
    if (information !== null && information.version === versionOfSize(matrix.size)) return information;
  }
  return null;
}
