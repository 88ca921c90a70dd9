import { type ReactNode, useMemo } from 'react';
import type { SheetText } from './sheet-source.ts';
import { findText } from './text-search.ts';

/** How much of the letters' height stands above the base line. */
const rise = 0.86;

/** The words of a page as invisible text in its place, to be selected and read aloud, and marks where a phrase was found. */
export function TextLayer({ lines, scale, phrase }: { readonly lines: readonly SheetText[]; readonly scale: number; readonly phrase: string }): ReactNode {
  const measure = useMemo(() => createMeasure(), []);
  const hits = useMemo(() => findText(lines, phrase), [lines, phrase]);
  return (
    <div className="text-layer" data-testid="text-layer">
      {lines.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no names, and never change their order
        <span key={index} style={placeOf(line, scale, line.width / Math.max(0.01, measure(line.text) * line.size))}>
          {line.text}
        </span>
      ))}
      {hits.map((hit) => (
        <mark
          key={`${hit.x} ${hit.y}`}
          style={{ left: hit.x * scale, top: (hit.y - hit.height * rise) * scale, width: hit.width * scale, height: hit.height * scale, transform: `rotate(${hit.angle}deg)` }}
        />
      ))}
    </div>
  );
}

function placeOf({ x, y, size, angle }: SheetText, scale: number, stretch: number): Readonly<Record<string, string | number>> {
  return { left: x * scale, top: (y - size * rise) * scale, fontSize: size * scale, lineHeight: 1, transform: `rotate(${angle}deg) scaleX(${stretch})` };
}

/** The width of a text in ems of the font that the layer is set in. */
function createMeasure(): (text: string) => number {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context !== null) context.font = '100px sans-serif';
  return (text) => (context?.measureText(text).width ?? text.length * 100) / 100;
}
