import { wrapText } from './drawing.ts';
import type { Colour, Measure, TextItem } from './drawing.ts';

/** Labelled lines in a column: labels spread to one width as on paper, values broken and indented. */
export interface FieldBlock {
  readonly entries: readonly (readonly [label: string, value: string])[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly labelColour: Colour;
  readonly valueColour: Colour;
}

/** Sets the block as large as it fits into `height` (5.6 mm down to 2.6 mm); `y` of the block is its upper edge. */
export function setFields(measure: Measure, block: FieldBlock, height: number): TextItem[] {
  for (let size = 5.6; size > 2.6; size -= 0.2) {
    const { items, used } = setAt(measure, block, size);
    if (used <= height) return spread(items, Math.min((height - used) / Math.max(block.entries.length, 1), size * 0.6));
  }
  return setAt(measure, block, 2.6).items.map((placed) => placed.item);
}

interface Placed {
  readonly item: TextItem;
  readonly row: number;
}

/** The longest label that is set at its natural width, in em; longer ones are narrowed. */
const longestLabel = 7.5;

function setAt(measure: Measure, block: FieldBlock, size: number): { items: Placed[]; used: number } {
  const leading = size * 1.5;
  const natural = block.entries.map(([label]) => measure('serif-700', size, label));
  const labelWidth = Math.min(Math.max(...natural, 0), size * longestLabel);
  const valueX = block.x + labelWidth + size * 1.2;
  const items: Placed[] = [];
  let y = block.y + size;
  block.entries.forEach(([label, value], row) => {
    items.push({ row, item: setLabel(measure, block, size, label, labelWidth, y) });
    const lines = wrapText(measure, 'serif-400', size, value, block.x + block.width - valueX);
    lines.forEach((text, i) => {
      const item: TextItem = { kind: 'text', text, face: 'serif-400', size, x: valueX, y: y + i * leading, colour: block.valueColour };
      items.push({ row, item });
    });
    y += Math.max(lines.length, 1) * leading + size * 0.3;
  });
  return { items, used: y - block.y - size };
}

function setLabel(measure: Measure, block: FieldBlock, size: number, label: string, width: number, y: number): TextItem {
  const natural = measure('serif-700', size, label);
  const gaps = [...label].length - 1;
  const common = { kind: 'text', text: label, face: 'serif-700', size, x: block.x, y, colour: block.labelColour } as const;
  if (natural > width) return { ...common, stretch: width / natural };
  return gaps > 0 && gaps < 6 ? { ...common, spacing: (width - natural) / gaps } : common;
}

function spread(items: readonly Placed[], extra: number): TextItem[] {
  return items.map(({ item, row }) => ({ ...item, y: item.y + extra * row }));
}
