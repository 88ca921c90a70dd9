import type { SheetText } from './sheet-source.ts';

/** A found piece of a line, CSS pixels at 100 %, to be laid over the page. */
export interface TextHit {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** Finds a phrase in the lines of a page, whatever its case and width of characters; an empty phrase finds nothing. */
export function findText(lines: readonly SheetText[], phrase: string): TextHit[] {
  const wanted = fold(phrase.trim());
  if (wanted === '') return [];
  return lines.flatMap((line) => {
    const text = fold(line.text);
    const share = line.width / Math.max(1, text.length);
    const angle = (line.angle * Math.PI) / 180;
    const hits: TextHit[] = [];
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const along = at * share;
      hits.push({ x: line.x + along * Math.cos(angle), y: line.y + along * Math.sin(angle), width: wanted.length * share, height: line.size, angle: line.angle });
    }
    return hits;
  });
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
