/** A grey picture: `data[y * width + x]`, 0 black to 255 white; longer data are allowed and ignored. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Longest side of a picture that is looked at. */
export const maxImageSide = 8192;

/** Throws a RangeError unless the sizes are whole numbers from 1 to `maxImageSide` and the data hold all pixels. */
export function checkImage(image: GreyImage): void {
  const { width, height, data } = image;
  const isSide = (side: number) => Number.isInteger(side) && side >= 1 && side <= maxImageSide;
  if (!isSide(width) || !isSide(height)) throw new RangeError(`A picture has 1 to ${maxImageSide} pixels a side`);
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray) || data.length < width * height) throw new RangeError('A picture has one byte a pixel');
}
