import { hitStride, type FinderHits } from './finder-scan.ts';

/** Numbers a cluster has: mean x, mean y, mean module size, polarity, number of hits. */
export const clusterStride = 5;

/** Hits gathered around common centres, the best first in `order`. */
export interface FinderClusters {
  readonly values: Float32Array;
  readonly order: Uint16Array;
  count: number;
}

/** A stage that keeps its memory between pictures. */
export interface FinderClustering {
  /** Gathers hits; the result is valid until the next call. */
  gather(hits: FinderHits, width: number, height: number): FinderClusters;
}

const maxClusters = 6000;
const cellShift = 4;

/** Creates the stage. */
export function createFinderClustering(): FinderClustering {
  const clusters: FinderClusters = { values: new Float32Array(maxClusters * clusterStride), order: new Uint16Array(maxClusters), count: 0 };
  const next = new Int32Array(maxClusters);
  let cells = new Int32Array(0);
  return {
    gather: (hits, width, height) => {
      const wide = (width >> cellShift) + 1;
      const high = (height >> cellShift) + 1;
      if (cells.length !== wide * high) cells = new Int32Array(wide * high);
      cells.fill(-1);
      clusters.count = 0;
      for (let h = 0; h < hits.count; h++) addHit(clusters, cells, next, wide, high, hits.values, h * hitStride);
      for (let i = 0; i < clusters.count; i++) clusters.order[i] = i;
      const strength = (i: number) => (clusters.values[i * clusterStride + 4] ?? 0) / Math.sqrt(clusters.values[i * clusterStride + 2] ?? 1);
      clusters.order.subarray(0, clusters.count).sort((a, b) => strength(b) - strength(a));
      return clusters;
    },
  };
}

function addHit(clusters: FinderClusters, cells: Int32Array, next: Int32Array, wide: number, high: number, hits: Float32Array, at: number): void {
  const x = hits[at] ?? 0;
  const y = hits[at + 1] ?? 0;
  const unit = hits[at + 2] ?? 0;
  const polarity = hits[at + 3] ?? 0;
  const reach = Math.max(2, 1.5 * unit);
  const fromX = Math.max(0, (x - reach) >> cellShift);
  const toX = Math.min(wide - 1, (x + reach) >> cellShift);
  const fromY = Math.max(0, (y - reach) >> cellShift);
  const toY = Math.min(high - 1, (y + reach) >> cellShift);
  const values = clusters.values;
  for (let cy = fromY; cy <= toY; cy++) {
    for (let cx = fromX; cx <= toX; cx++) {
      for (let c = cells[cy * wide + cx] ?? -1; c >= 0; c = next[c] ?? -1) {
        const v = c * clusterStride;
        const size = values[v + 2] ?? 0;
        if (values[v + 3] !== polarity || Math.abs((values[v] ?? 0) - x) > reach || Math.abs((values[v + 1] ?? 0) - y) > reach) continue;
        if (unit > 2 * size || size > 2 * unit) continue;
        const count = (values[v + 4] ?? 0) + 1;
        values[v] = (values[v] ?? 0) + (x - (values[v] ?? 0)) / count;
        values[v + 1] = (values[v + 1] ?? 0) + (y - (values[v + 1] ?? 0)) / count;
        values[v + 2] = size + (unit - size) / count;
        values[v + 4] = count;
        return;
      }
    }
  }
  if (clusters.count >= maxClusters) return;
  const c = clusters.count++;
  values.set([x, y, unit, polarity, 1], c * clusterStride);
  const cell = (y >> cellShift) * wide + (x >> cellShift);
  next[c] = cells[cell] ?? -1;
  cells[cell] = c;
}
