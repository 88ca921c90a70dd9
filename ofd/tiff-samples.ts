/** What the samples of a TIFF mean. */
export interface SampleShape {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly samples: number;
  /** Bits of one sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly isLittle: boolean;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 4 mask, 5 CMYK. */
  readonly photometric: number;
  /** All red values, then green, then blue, of 16 bits. */
  readonly palette: readonly number[] | null;
  readonly alpha: { readonly sample: number; readonly isPremultiplied: boolean } | null;
}

/** Where a row of samples goes; `plane` is the sample that it holds when the samples come apart. */
export interface SamplePlace {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  readonly plane: number | null;
}

/** Turns one row of packed samples into pixels. */
export function paintSamples(line: Uint8Array, { x, y, count, plane }: SamplePlace, shape: SampleShape, rgba: Uint8ClampedArray): void {
  const start = (y * shape.width + x) * 4;
  if (plane !== null) return paintPlane(line, { start, count, plane }, shape, rgba);
  const read = createSampleReader(line, shape);
  for (let pixel = 0; pixel < count; pixel++) {
    const first = pixel * shape.samples;
    paintPixel((sample) => read(first + sample), start + pixel * 4, shape, rgba);
  }
}

type ReadSample = (index: number) => number;

function createSampleReader(line: Uint8Array, { depth, isLittle }: SampleShape): ReadSample {
  if (depth === 8) return (index) => line[index] ?? 0;
  // The higher byte is enough.
  if (depth === 16) return (index) => line[index * 2 + (isLittle ? 1 : 0)] ?? 0;
  return (index) => {
    const bit = index * depth;
    return ((line[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  };
}

function paintPixel(read: ReadSample, at: number, shape: SampleShape, rgba: Uint8ClampedArray): void {
  const { photometric, palette, depth, alpha } = shape;
  const scale = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  rgba[at + 3] = alpha === null ? 255 : read(alpha.sample) * scale;
  if (photometric === 3 && palette !== null) {
    const [index, size] = [read(0), palette.length / 3];
    for (let channel = 0; channel < 3; channel++) rgba[at + channel] = (palette[channel * size + index] ?? 0) >> 8;
    return;
  }
  if (photometric === 5) {
    const light = 255 - read(3) * scale;
    for (let channel = 0; channel < 3; channel++) rgba[at + channel] = ((255 - read(channel) * scale) * light) / 255;
    return;
  }
  const level = read(0) * scale;
  const grey = photometric === 0 ? 255 - level : level;
  for (let channel = 0; channel < 3; channel++) rgba[at + channel] = photometric === 2 ? read(channel) * scale : grey;
  if (alpha?.isPremultiplied === true) divideByAlpha(rgba, at);
}

function divideByAlpha(rgba: Uint8ClampedArray, at: number): void {
  const opacity = rgba[at + 3] ?? 0;
  if (opacity === 0) return;
  for (let channel = 0; channel < 3; channel++) rgba[at + channel] = ((rgba[at + channel] ?? 0) * 255) / opacity;
}

/** One sample after the other: red, green, blue, alpha; of inks the black, which comes last, darkens what is there. */
function paintPlane(line: Uint8Array, { start, count, plane }: { start: number; count: number; plane: number }, shape: SampleShape, rgba: Uint8ClampedArray): void {
  const read = createSampleReader(line, shape);
  const scale = shape.depth < 8 ? 255 / ((1 << shape.depth) - 1) : 1;
  for (let pixel = 0; pixel < count; pixel++) {
    const at = start + pixel * 4;
    const level = read(pixel) * scale;
    if (plane === 0) rgba[at + 3] = 255;
    if (shape.photometric === 5) {
      if (plane < 3) rgba[at + plane] = 255 - level;
      else if (plane === 3) for (let channel = 0; channel < 3; channel++) rgba[at + channel] = ((rgba[at + channel] ?? 0) * (255 - level)) / 255;
    } else if (shape.photometric === 2 && plane < 3) rgba[at + plane] = level;
    else if (plane === shape.alpha?.sample) rgba[at + 3] = level;
    else if (plane === 0 && shape.photometric !== 2) paintPixel(() => read(pixel), at, { ...shape, alpha: null }, rgba);
  }
}
