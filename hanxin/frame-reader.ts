import { createBinarizer, type BinaryImage } from './binary-image.ts';
import { clusterStride, createFinderClustering, type FinderClusters } from './finder-cluster.ts';
import { createFinderRays, type Finder } from './finder-rays.ts';
import { findCandidates, type SymbolCandidate } from './finder-roles.ts';
import { createFinderScan } from './finder-scan.ts';
import { checkImage, type GreyImage } from './grey-image.ts';
import type { GreyPicture } from './picture.ts';
import { drawBinary, drawCrossings, drawFinders, drawSymbols, drawThresholds } from './stage-picture.ts';
import { createSymbolReader, type FoundSymbol } from './symbol-reader.ts';

/** Stages that the hook sees, in order. */
export type Stage = 'thresholds' | 'binary' | 'crossings' | 'finders' | 'symbols';

/** Settings of a reader. */
export interface FrameReaderOptions {
  /** A clock in milliseconds; with `budget`, no further set of finders is tried once the time is over, but for the few best. */
  readonly now?: () => number;
  /** Milliseconds a picture. */
  readonly budget?: number;
  /** Called when each stage is done; `draw` draws what it saw and costs time, and holds until the hook returns. */
  readonly onStage?: (stage: Stage, draw: () => GreyPicture) => void;
}

/** What one look at a picture gave. */
export interface FrameResult {
  readonly symbols: readonly FoundSymbol[];
  /** Verified finders, whether or not they led to a symbol. */
  readonly finders: readonly Finder[];
  /** The binary image, valid until the next look. */
  readonly binary: BinaryImage;
}

/** Reads pictures one after the other; keeps its memory between pictures of one size. */
export interface FrameReader {
  /** Throws a RangeError for a picture that is none; nothing found is an empty list. */
  read(image: GreyImage): FrameResult;
}

/** Clusters that are measured, at most, and the hits that one needs. */
const maxMeasured = 400;
const leastHits = 2;

/** Clusters that are measured again when they are nearly a finder. */
const maxBlurred = 40;

/** Finders that take part, sets of them that are tried, and sets that are tried without structural information, at most. */
const maxFinders = 48;
const maxCandidates = 400;
const maxThorough = 10;

/** Sets of finders that are tried however late it is: a slow machine reads slowly, but reads. */
const sureCandidates = 6;

/** Creates a reader. */
export function createFrameReader(options: FrameReaderOptions = {}): FrameReader {
  const binarizer = createBinarizer();
  const scan = createFinderScan();
  const clustering = createFinderClustering();
  const rays = createFinderRays();
  const symbolReader = createSymbolReader();
  return {
    read: (image) => {
      checkImage(image);
      const deadline = options.now === undefined || options.budget === undefined ? Infinity : options.now() + options.budget;
      const isLate = () => options.now !== undefined && options.now() > deadline;
      const binary = binarizer.binarize(image);
      options.onStage?.('thresholds', () => drawThresholds(binary));
      options.onStage?.('binary', () => drawBinary(binary));
      const clusters = clustering.gather(scan.scan(binary), binary.width, binary.height);
      options.onStage?.('crossings', () => drawCrossings(binary, clusters));
      const finders = verify(binary, clusters, rays);
      options.onStage?.('finders', () => drawFinders(binary, finders));
      const symbols = readSymbols(binary, finders, symbolReader, isLate);
      options.onStage?.('symbols', () => drawSymbols(binary, symbols));
      return { symbols, finders, binary };
    },
  };
}

function verify(binary: BinaryImage, clusters: FinderClusters, rays: ReturnType<typeof createFinderRays>): readonly Finder[] {
  const finders: Finder[] = [];
  for (let i = 0; i < Math.min(clusters.count, maxMeasured); i++) {
    const at = (clusters.order[i] ?? 0) * clusterStride;
    if ((clusters.values[at + 4] ?? 0) < leastHits) break;
    const finder = rays.measure(binary, clusters.values[at] ?? 0, clusters.values[at + 1] ?? 0, clusters.values[at + 2] ?? 0, clusters.values[at + 3] ?? 0, i < maxBlurred);
    if (finder === null) continue;
    const known = finders.findIndex((other) => Math.hypot(other.x - finder.x, other.y - finder.y) < 2 * finder.unit);
    if (known < 0) finders.push(finder);
    else if ((finders[known]?.score ?? 0) < finder.score) finders[known] = finder;
  }
  return finders.toSorted((a, b) => b.score - a.score).slice(0, maxFinders);
}

function readSymbols(binary: BinaryImage, finders: readonly Finder[], reader: ReturnType<typeof createSymbolReader>, isLate: () => boolean): readonly FoundSymbol[] {
  const symbols: FoundSymbol[] = [];
  const used = new Set<Finder>();
  const isFree = (candidate: SymbolCandidate) => candidateFinders(candidate).every((finder) => finder === null || !used.has(finder));
  const keep = (candidate: SymbolCandidate, symbol: FoundSymbol | null) => {
    if (symbol === null) return;
    symbols.push(symbol);
    for (const finder of candidateFinders(candidate)) if (finder !== null) used.add(finder);
  };
  const candidates = findCandidates(finders).slice(0, maxCandidates);
  for (const [tried, candidate] of candidates.entries()) {
    if (isLate() && tried >= sureCandidates) return symbols;
    if (isFree(candidate)) keep(candidate, reader.read(binary, candidate));
  }
  for (const candidate of candidates.slice(0, maxThorough)) {
    if (isLate()) return symbols;
    if (isFree(candidate)) keep(candidate, reader.readThoroughly(binary, candidate));
  }
  return symbols;
}

function candidateFinders(candidate: SymbolCandidate): readonly (Finder | null)[] {
  return [candidate.topLeft, candidate.topRight, candidate.bottomLeft, candidate.bottomRight];
}
