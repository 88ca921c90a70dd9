import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { drawTraceTile, traceTile } from '../../domain/trace-pattern.ts';

/** Lays the trace mark of a record over a painted page; `dpi` is that of the page, so that a tile has its size on paper. */
export function layTraceMark(page: Canvas, recordId: string, dpi: number): void {
  const side = Math.round((traceTile.sideMm / 25.4) * dpi);
  // Smaller than that, the cells are finer than the pixels.
  if (side < traceTile.cells * 4) return;
  const tile = createCanvas(side, side);
  const context = tile.getContext('2d');
  const image = context.createImageData(side, side);
  for (const [i, grey] of drawTraceTile(recordId, side).entries()) image.data.set([grey, grey, grey, 255], i * 4);
  context.putImageData(image, 0, 0);
  const target = page.getContext('2d');
  target.save();
  target.resetTransform();
  target.globalAlpha = 1;
  // Only darkens what is light, so that print and pictures stay as they are.
  target.globalCompositeOperation = 'multiply';
  const pattern = target.createPattern(tile, 'repeat');
  target.fillStyle = pattern;
  target.fillRect(0, 0, page.width, page.height);
  target.restore();
}
