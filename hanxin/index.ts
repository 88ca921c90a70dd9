export { decodeMatrix, type DecodedSymbol } from './matrix-decoder.ts';
export { encodeHanXin, encodeSegments, type EncodeOptions, type HanXinSymbol } from './encoder.ts';
export type { TextEncoding } from './content.ts';
export type { Payload } from './payload.ts';
export { drawPixels, printSvg, type GreyPicture, type PictureOptions } from './picture.ts';
export type { ByteMode, Segment } from './segment.ts';
export { symbolSize, type Level, type Mask, type Matrix } from './symbol.ts';
