import type { BinaryImage } from './binary-image.ts';
import { createEqualiser } from './equaliser.ts';
import type { Finder } from './finder-rays.ts';
import type { SymbolCandidate } from './finder-roles.ts';
import { createHomographyFit, mapX, mapY, pairStride, type Homography } from './homography.ts';
import { sampleInformation } from './information-sampling.ts';
import { darkModule, lightModule, symbolLayout, type Layout } from './layout.ts';
import { decodeModules, readInformation, type DecodedSymbol } from './matrix-decoder.ts';
import { markDoubts } from './module-doubt.ts';
import { sampleModules } from './module-sampling.ts';
import { createRefinement } from './refinement.ts';
import type { StructuralInformation } from './structural-information.ts';
import { isVersion, symbolSize } from './symbol.ts';

/** A point in continuous pixel coordinates. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A symbol read from a picture. */
export interface FoundSymbol extends DecodedSymbol {
  /** The symbol's own top left, top right, bottom right and bottom left corner (without quiet zone). */
  readonly corners: readonly [Point, Point, Point, Point];
  readonly mirrored: boolean;
  /** Light on dark (ISO/IEC 20830 4.1.2). */
  readonly inverted: boolean;
  /** Share of the fixed modules that are as the layout has them, 0..1. */
  readonly fixedScore: number;
}

/** Reads symbols whose finders are known. */
export interface SymbolReader {
  /** The symbol, or null when its structural information or its data cannot be read; cheap for sets of finders that are no symbol. */
  read(image: BinaryImage, candidate: SymbolCandidate): FoundSymbol | null;
  /** As `read` for a symbol whose structural information is unreadable: tries the versions that the size allows; some milliseconds. */
  readThoroughly(image: BinaryImage, candidate: SymbolCandidate): FoundSymbol | null;
}

/** Fixed modules that must be right before a symbol is believed; version 1 L1 has little redundancy of its own. */
const leastScore = 0.7;
const leastTinyScore = 0.85;

/** Fixed modules that must be right before any refinement is worth its time. */
const leastHope = 0.6;

/** Creates the stage with its own memory. */
export function createSymbolReader(): SymbolReader {
  const most = symbolSize(84) ** 2;
  const stages: Stages = {
    pairs: new Float64Array(4 * pairStride),
    homography: new Float64Array(9),
    fit: createHomographyFit(),
    refinement: createRefinement(),
    equaliser: createEqualiser(),
    soft: new Float32Array(most),
    equal: new Float32Array(most),
    better: new Float32Array(most),
    modules: new Uint8Array(most),
    doubts: new Uint8Array(most),
  };
  return { read: (image, candidate) => readCandidate(stages, image, candidate), readThoroughly: (image, candidate) => readUnknown(stages, image, candidate) };
}

interface Stages {
  readonly pairs: Float64Array;
  readonly homography: Homography;
  readonly fit: ReturnType<typeof createHomographyFit>;
  readonly refinement: ReturnType<typeof createRefinement>;
  readonly equaliser: ReturnType<typeof createEqualiser>;
  readonly soft: Float32Array;
  readonly equal: Float32Array;
  readonly better: Float32Array;
  readonly modules: Uint8Array;
  readonly doubts: Uint8Array;
}

function readCandidate(stages: Stages, image: BinaryImage, candidate: SymbolCandidate): FoundSymbol | null {
  if (!fitCores(stages, candidate, candidate.size)) return null;
  const polarity = polarityOf(candidate);
  const plausible = sampleInformation(image, stages.homography, candidate.size, polarity).filter((information) => fitsSize(information, candidate.size));
  for (const information of plausible) {
    const found = readKnown(stages, image, candidate, information);
    if (found !== null) return found;
  }
  return null;
}

function fitsSize(information: StructuralInformation, size: number): boolean {
  return Math.abs(symbolSize(information.version) - size) <= 2.2 + 0.05 * size;
}

/** The structural information is known: exact size, refined place, then the modules. */
function readKnown(stages: Stages, image: BinaryImage, candidate: SymbolCandidate, information: StructuralInformation): FoundSymbol | null {
  const layout = symbolLayout(information.version);
  if (!place(stages, image, candidate, layout)) return null;
  return readModules(stages, image, candidate, layout, information);
}

/** No structural information can be read: the version with the best fixed modules, equalised, may show it. */
function readUnknown(stages: Stages, image: BinaryImage, candidate: SymbolCandidate): FoundSymbol | null {
  const estimate = Math.round((candidate.size - 21) / 2);
  let best = 0;
  let bestScore = 0;
  for (const version of [estimate, estimate - 1, estimate + 1]) {
    if (!isVersion(version) || !fitCores(stages, candidate, symbolSize(version))) continue;
    const layout = symbolLayout(version);
    sampleModules(image, stages.homography, layout.size, polarityOf(candidate), stages.soft);
    if (fixedScore(stages.soft, layout) < leastHope || !place(stages, image, candidate, layout)) continue;
    sampleModules(image, stages.homography, layout.size, polarityOf(candidate), stages.soft);
    const score = fixedScore(stages.soft, layout);
    if (score <= bestScore) continue;
    bestScore = score;
    best = version;
  }
  if (bestScore < leastScore) return null;
  const layout = symbolLayout(best);
  if (!place(stages, image, candidate, layout)) return null;
  sampleModules(image, stages.homography, layout.size, polarityOf(candidate), stages.soft);
  if (!stages.equaliser.equaliseByLayout(stages.soft, layout, stages.equal)) return null;
  harden(stages.equal, layout.size, stages.modules);
  const information = readInformation({ size: layout.size, modules: stages.modules });
  return information === null ? null : readModules(stages, image, candidate, layout, information);
}

/** Fits the homography for a layout and refines it on the fixed modules. */
function place(stages: Stages, image: BinaryImage, candidate: SymbolCandidate, layout: Layout): boolean {
  if (!fitCores(stages, candidate, layout.size)) return false;
  const polarity = polarityOf(candidate);
  const complete = finders(candidate).every((finder) => finder !== null);
  stages.refinement.refine(image, stages.homography, layout, polarity, complete ? 0.9 : 1.6);
  if (!complete) stages.refinement.refine(image, stages.homography, layout, polarity, 1.2);
  stages.refinement.refine(image, stages.homography, layout, polarity, 0.6);
  return true;
}

/** Samples and decodes: as they are, sharpened, equalised by the layout, equalised by decisions; the first that holds. */
function readModules(stages: Stages, image: BinaryImage, candidate: SymbolCandidate, layout: Layout, information: StructuralInformation): FoundSymbol | null {
  const { size } = layout;
  const { soft, equal, better } = stages;
  sampleModules(image, stages.homography, size, polarityOf(candidate), soft);
  const plain = attempt(stages, soft, layout, information);
  if (plain !== null) return describe(stages, candidate, layout, plain);
  if (fixedScore(soft, layout) < 0.62 || !stages.equaliser.equaliseByLayout(soft, layout, equal)) return null;
  const equalised = attempt(stages, equal, layout, information);
  if (equalised !== null) return describe(stages, candidate, layout, equalised);
  if (!stages.equaliser.equaliseByDecisions(soft, equal, size, better)) return null;
  const decided = attempt(stages, better, layout, information);
  return decided === null ? null : describe(stages, candidate, layout, decided);
}

interface Attempt {
  readonly decoded: DecodedSymbol;
  readonly score: number;
}

function attempt(stages: Stages, soft: Float32Array, layout: Layout, information: StructuralInformation): Attempt | null {
  const area = layout.size * layout.size;
  const score = fixedScore(soft, layout);
  if (score < (information.version === 1 ? leastTinyScore : leastScore)) return null;
  harden(soft, layout.size, stages.modules);
  markDoubts(soft, layout.size, stages.doubts);
  const decoded = decodeModules(stages.modules.subarray(0, area), information, stages.doubts.subarray(0, area));
  return decoded === null ? null : { decoded, score };
}

function harden(soft: Float32Array, size: number, modules: Uint8Array): void {
  for (let i = 0; i < size * size; i++) modules[i] = (soft[i] ?? 0) > 0 ? 1 : 0;
}

function fixedScore(soft: Float32Array, layout: Layout): number {
  let right = 0;
  let count = 0;
  for (let i = 0; i < layout.kinds.length; i++) {
    const kind = layout.kinds[i];
    if (kind !== darkModule && kind !== lightModule) continue;
    count++;
    if ((soft[i] ?? 0) > 0 === (kind === darkModule)) right++;
  }
  return right / count;
}

function describe(stages: Stages, candidate: SymbolCandidate, layout: Layout, attempt: Attempt): FoundSymbol {
  const corner = (u: number, v: number): Point => ({ x: mapX(stages.homography, u, v), y: mapY(stages.homography, u, v) });
  const n = layout.size;
  return { ...attempt.decoded, corners: [corner(0, 0), corner(n, 0), corner(n, n), corner(0, n)], mirrored: candidate.mirrored, inverted: polarityOf(candidate) === 0, fixedScore: attempt.score };
}

function finders(candidate: SymbolCandidate): readonly (Finder | null)[] {
  return [candidate.topLeft, candidate.topRight, candidate.bottomLeft, candidate.bottomRight];
}

function polarityOf(candidate: SymbolCandidate): number {
  return finders(candidate).find((finder) => finder !== null)?.polarity ?? 1;
}

/** The homography through the four cores; a missing one is put where an affine map of the other three has it. */
function fitCores(stages: Stages, candidate: SymbolCandidate, size: number): boolean {
  const cores = [[5.5, 5.5], [size - 5.5, 5.5], [1.5, size - 1.5], [size - 5.5, size - 5.5]];
  const all = finders(candidate);
  const lost = all.indexOf(null);
  all.forEach((finder, i) => {
    const [u, v] = cores[i] ?? [0, 0];
    const point = finder ?? completeAffine(all, cores, lost);
    stages.pairs.set([u ?? 0, v ?? 0, point.x, point.y, 1], i * pairStride);
  });
  return stages.fit.fit(stages.pairs, 4, stages.homography);
}

/** Where the affine map through three finders takes the core of the fourth. */
function completeAffine(all: readonly (Finder | null)[], cores: readonly (readonly number[])[], lost: number): Point {
  const [a, b, c] = [0, 1, 2, 3].filter((i) => i !== lost);
  const at = (i: number | undefined) => ({ u: cores[i ?? 0]?.[0] ?? 0, v: cores[i ?? 0]?.[1] ?? 0, x: all[i ?? 0]?.x ?? 0, y: all[i ?? 0]?.y ?? 0 });
  const [p, q, r] = [at(a), at(b), at(c)];
  const determinant = (q.u - p.u) * (r.v - p.v) - (r.u - p.u) * (q.v - p.v);
  const u = (cores[lost]?.[0] ?? 0) - p.u;
  const v = (cores[lost]?.[1] ?? 0) - p.v;
  const s = (u * (r.v - p.v) - v * (r.u - p.u)) / determinant;
  const t = (v * (q.u - p.u) - u * (q.v - p.v)) / determinant;
  return { x: p.x + s * (q.x - p.x) + t * (r.x - p.x), y: p.y + s * (q.y - p.y) + t * (r.y - p.y) };
}
