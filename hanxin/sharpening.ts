import type { GreyImage } from './grey-image.ts';

/** Unsharp masking with its own memory; the result is valid until the next call. */
export interface Sharpening {
  /** Adds `amount` times the difference from the mean over `2 * radius + 1` pixels square. */
  sharpen(image: GreyImage, radius: number, amount: number): GreyImage;
}

/** Creates the stage. */
export function createSharpening(): Sharpening {
  let data = new Uint8Array(0);
  let columns = new Int32Array(0);
  return {
    sharpen: (image, radius, amount) => {
      const { width, height } = image;
      if (data.length !== width * height) data = new Uint8Array(width * height);
      if (columns.length !== width) columns = new Int32Array(width);
      sumFirstRows(image, radius, columns);
      for (let y = 0; y < height; y++) {
        sharpenRow(image, y, radius, amount, columns, data);
        slide(image, y, radius, columns);
      }
      return { width, height, data };
    },
  };
}

/** Column sums over the rows around row 0; rows outside repeat the edge. */
function sumFirstRows(image: GreyImage, radius: number, columns: Int32Array): void {
  columns.fill(0);
  for (let dy = -radius; dy <= radius; dy++) addRow(image, dy, columns, 1);
}

function slide(image: GreyImage, y: number, radius: number, columns: Int32Array): void {
  addRow(image, y + radius + 1, columns, 1);
  addRow(image, y - radius, columns, -1);
}

function addRow(image: GreyImage, y: number, columns: Int32Array, sign: number): void {
  const row = Math.min(Math.max(y, 0), image.height - 1) * image.width;
  for (let x = 0; x < image.width; x++) columns[x] = (columns[x] ?? 0) + sign * (image.data[row + x] ?? 0);
}

function sharpenRow(image: GreyImage, y: number, radius: number, amount: number, columns: Int32Array, data: Uint8Array): void {
  const { width } = image;
  const last = width - 1;
  const share = 1 / (2 * radius + 1) ** 2;
  let sum = 0;
  for (let dx = -radius; dx <= radius; dx++) sum += columns[Math.min(Math.max(dx, 0), last)] ?? 0;
  for (let x = 0; x < width; x++) {
    const grey = image.data[y * width + x] ?? 0;
    const value = grey + amount * (grey - sum * share);
    data[y * width + x] = value < 0 ? 0 : value > 255 ? 255 : value;
    sum += (columns[Math.min(x + radius + 1, last)] ?? 0) - (columns[Math.max(x - radius, 0)] ?? 0);
  }
}
