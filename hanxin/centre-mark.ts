import { forEachBlock, picketFence } from './codewords.ts';
import type { Layout } from './layout.ts';
import { totalCodewords, type Level } from './symbol.ts';

/** A square of modules in the middle of a symbol that a mark may cover. */
export interface CentreMark {
  /** First column and row. */
  readonly start: number;
  /** Modules along a side. */
  readonly side: number;
}

/** The largest centred square of whole modules within `share` (0 to below 0.1) of the symbol's area. */
export function centreMark(size: number, share: number): CentreMark {
  const side = Math.floor(Math.sqrt(share) * size);
  const odd = side % 2 === 1 ? side : Math.max(0, side - 1);
  return { start: (size - odd) / 2, side: odd };
}

/** The share of correcting power that the mark uses up in the block that it hits worst; above 1 the symbol cannot be read. */
export function markLoad(layout: Layout, level: Level, mark: CentreMark): number {
  const hit = hitCodewords(layout, mark);
  let worst = 0;
  let from = 0;
  forEachBlock(layout.version, level, (data, check) => {
    let count = 0;
    for (let i = from; i < from + data + check; i++) count += hit[i] ?? 0;
    worst = Math.max(worst, (2 * count) / check);
    from += data + check;
  });
  return worst;
}

/** One byte a codeword of the full stream: 1 when one of its modules lies under the mark. */
function hitCodewords(layout: Layout, mark: CentreMark): Uint8Array {
  const total = totalCodewords(layout.version);
  const hit = new Uint8Array(total);
  const end = mark.start + mark.side;
  let bit = 0;
  for (let start = 0; start < picketFence; start++) {
    for (let i = start; i < total; i += picketFence) {
      for (let n = 0; n < 8; n++, bit++) {
        const module = layout.dataModules[bit] ?? 0;
        const x = module % layout.size;
        const y = Math.floor(module / layout.size);
        if (x >= mark.start && x < end && y >= mark.start && y < end) hit[i] = 1;
      }
    }
  }
  return hit;
}
