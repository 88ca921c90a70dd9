import type { PDFContext, PDFRef } from '@cantoo/pdf-lib';
import encodeQR from 'qr';
import type { EmbeddedText } from './embedded-text.ts';

/** What is drawn over every page. */
export interface WatermarkContent {
  readonly text: EmbeddedText;
  /** How many of the text's lines belong to the tile; the one after them is the record id beside the QR. */
  readonly tileLines: number;
  readonly recordId: string;
}

const textSize = 9.5;
const lineHeight = 14;
const tileGap = { x: 70, y: 58 };
const tilt = Math.PI / 6;
const qrSide = 42;
const margin = 14;

/** Makes the watermark for pages of one size: one form XObject, drawn over the page as it is. */
export type WatermarkMaker = (width: number, height: number) => PDFRef;

/** Prepares the watermark of one copy: the tile once, and one lattice of tiles for each page size (vector, selectable). */
export function createWatermarkMaker(context: PDFContext, content: WatermarkContent): WatermarkMaker {
  const tileWidth = content.text.width * textSize;
  const tileHeight = content.tileLines * lineHeight;
  const tile = context.register(
    context.flateStream(drawTile(content), {
      Type: 'XObject',
      Subtype: 'Form',
      BBox: [-4, -lineHeight, tileWidth + 4, tileHeight + lineHeight],
      Resources: { Font: { ...content.text.fonts } },
    }),
  );
  const mark = drawRecordMark(content);
  const bySize = new Map<string, PDFRef>();
  return (width, height) => {
    const key = `${width} ${height}`;
    const known = bySize.get(key);
    if (known !== undefined) return known;
    const lattice = placeTiles(width, height, { x: tileWidth + tileGap.x, y: tileHeight + tileGap.y });
    const made = context.register(
      context.flateStream(`q /Faint gs ${lattice} Q ${mark(width)}`, {
        Type: 'XObject',
        Subtype: 'Form',
        BBox: [0, 0, width, height],
        Resources: {
          XObject: { Tile: tile },
          Font: { ...content.text.fonts },
          // Faint enough to read what lies below, dark enough to survive a copier.
          ExtGState: { Faint: { Type: 'ExtGState', ca: 0.2, CA: 0.2 } },
        },
      }),
    );
    bySize.set(key, made);
    return made;
  };
}

function drawTile({ text, tileLines }: WatermarkContent): string {
  const lines = Array.from({ length: tileLines }, (_, i) => text.drawLine(i, { x: 0, y: (tileLines - 1 - i) * lineHeight, size: textSize }));
  return `0.12 0.2 0.38 rg ${lines.join(' ')}`;
}

/** Tiles in rows along a slope of 30°, every other row shifted by half, over the whole page and a little beyond. */
function placeTiles(width: number, height: number, step: { x: number; y: number }): string {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const reach = Math.hypot(width, height) / 2;
  const rows = Math.ceil(reach / step.y);
  const columns = Math.ceil(reach / step.x) + 1;
  const places: string[] = [];
  for (let row = -rows; row <= rows; row++) {
    for (let column = -columns; column <= columns; column++) {
      const along = (column + (row % 2 === 0 ? 0 : 0.5)) * step.x - step.x / 2;
      const across = row * step.y - step.y / 2;
      const x = width / 2 + along * cos - across * sin;
      const y = height / 2 + along * sin + across * cos;
      if (isNear(x, y, { width, height }, step.x + step.y)) {
        places.push(`q ${[cos, sin, -sin, cos, x, y].map((value) => value.toFixed(3)).join(' ')} cm /Tile Do Q`);
      }
    }
  }
  return places.join('\n');
}

function isNear(x: number, y: number, { width, height }: { width: number; height: number }, reach: number): boolean {
  return x > -reach && x < width + reach && y > -reach && y < height + reach;
}

/** The record id as QR and in words at the bottom right, on white. */
function drawRecordMark({ text, tileLines, recordId }: WatermarkContent): (pageWidth: number) => string {
  const modules = encodeQR(recordId, 'raw', { ecc: 'medium', border: 2 });
  const unit = qrSide / modules.length;
  const dark: string[] = [];
  for (const [row, line] of modules.entries()) {
    for (const [column, isDark] of line.entries()) {
      if (isDark) dark.push(`${(column * unit).toFixed(3)} ${(qrSide - (row + 1) * unit).toFixed(3)} ${unit.toFixed(3)} ${unit.toFixed(3)} re`);
    }
  }
  return (pageWidth) => {
    const words = text.drawLine(tileLines, { x: margin, y: margin / 2, size: 6.5 });
    const box = `1 g ${(pageWidth - margin - qrSide).toFixed(2)} ${margin} ${qrSide} ${qrSide} re f`;
    const code = `q 1 0 0 1 ${(pageWidth - margin - qrSide).toFixed(2)} ${margin} cm 0 g ${dark.join(' ')} f Q`;
    return `q ${box} ${code} 0.25 g ${words} Q`;
  };
}
