import { blockShift, type BinaryImage } from './binary-image.ts';
import { clusterStride, type FinderClusters } from './finder-cluster.ts';
import type { Finder } from './finder-rays.ts';
import type { GreyPicture } from './picture.ts';
import type { FoundSymbol, Point } from './symbol-reader.ts';

/** The threshold of every pixel's block. */
export function drawThresholds(image: BinaryImage): GreyPicture {
  return draw(image, (x, y) => image.thresholds[(y >> blockShift) * image.blocksWide + (x >> blockShift)] ?? 0);
}

/** The picture as dark and light. */
export function drawBinary(image: BinaryImage): GreyPicture {
  return draw(image, (x, y) => (image.bits[y * image.stride + x] === 1 ? 0 : 255));
}

/** The grey picture, faded, with a cross wherever lines cross something like a finder, as wide as its core. */
export function drawCrossings(image: BinaryImage, clusters: FinderClusters): GreyPicture {
  const picture = drawFaded(image);
  for (let i = 0; i < clusters.count; i++) {
    const [x = 0, y = 0, unit = 0] = clusters.values.subarray(i * clusterStride, i * clusterStride + 3);
    drawCross(picture, { x, y }, 1.5 * unit);
  }
  return picture;
}

/** The grey picture, faded, with a cross on every finder and a line to where its L points. */
export function drawFinders(image: BinaryImage, finders: readonly Finder[]): GreyPicture {
  const picture = drawFaded(image);
  for (const finder of finders) {
    drawCross(picture, finder, 1.5 * finder.unit);
    drawLine(picture, finder, { x: finder.x + Math.cos(finder.angle) * 7 * finder.unit, y: finder.y + Math.sin(finder.angle) * 7 * finder.unit });
  }
  return picture;
}

/** The grey picture, faded, with the outline of every symbol read and its top left corner crossed. */
export function drawSymbols(image: BinaryImage, symbols: readonly FoundSymbol[]): GreyPicture {
  const picture = drawFaded(image);
  for (const { corners } of symbols) {
    corners.forEach((corner, i) => drawLine(picture, corner, corners[(i + 1) % 4] ?? corner));
    drawLine(picture, corners[1], corners[3]);
  }
  return picture;
}

function draw(image: BinaryImage, value: (x: number, y: number) => number): GreyPicture {
  const data = new Uint8Array(image.width * image.height);
  for (let y = 0; y < image.height; y++) for (let x = 0; x < image.width; x++) data[y * image.width + x] = value(x, y);
  return { width: image.width, height: image.height, data };
}

function drawFaded(image: BinaryImage): GreyPicture {
  return draw(image, (x, y) => 96 + (image.grey[y * image.width + x] ?? 0) * 0.6);
}

function drawCross(picture: GreyPicture, { x, y }: Point, arm: number): void {
  drawLine(picture, { x: x - arm, y }, { x: x + arm, y });
  drawLine(picture, { x, y: y - arm }, { x, y: y + arm });
}

/** A black line two pixels wide. */
function drawLine(picture: GreyPicture, from: Point, to: Point): void {
  const steps = Math.min(20_000, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) * 2));
  for (let i = 0; i <= steps; i++) {
    const x = Math.round(from.x + ((to.x - from.x) * i) / (steps || 1));
    const y = Math.round(from.y + ((to.y - from.y) * i) / (steps || 1));
    for (const [dx, dy] of [[0, 0], [-1, 0], [0, -1]] as const) {
      if (x + dx >= 0 && y + dy >= 0 && x + dx < picture.width && y + dy < picture.height) picture.data[(y + dy) * picture.width + x + dx] = 0;
    }
  }
}
