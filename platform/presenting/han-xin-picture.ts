import { encodeHanXin, printSvg } from '../../hanxin/index.ts';
import { drawCentreMark } from './centre-mark.ts';

/** Part of the symbol's area that the centre mark may cover at most; below a tenth (C 0300-2021 6.2 a). */
export const hanXinMarkShare = 0.08;

/** Modules around the symbol that stay light; GB/T 21049 asks for 3. */
export const hanXinQuietZone = 4;

/**
 * Draws a service code as a Han Xin symbol (GB/T 21049), an SVG of one unit a module: version and level are chosen so that the
 * mark leaves correcting power in every block. No style attributes and no scripts, so that it passes a strict content security
 * policy. Throws for a text that no symbol holds: a service code has at most a few hundred characters.
 */
export function drawHanXinSvg(text: string): string {
  const symbol = encodeHanXin(text, { markShare: hanXinMarkShare });
  if (symbol === null) throw new Error('no Han Xin symbol holds a service code');
  const size = symbol.size + 2 * hanXinQuietZone;
  const drawn = printSvg(symbol, { moduleSize: 1, quietZone: hanXinQuietZone, markShare: hanXinMarkShare });
  const [head, ...body] = drawn.split('>');
  const sized = head?.replace(/ width="\d+" height="\d+"/, '') ?? '';
  const mark = drawCentreMark({ centre: size / 2, side: hanXinMarkSide(symbol.size) });
  return `${sized} role="img" aria-label="企业服务码（汉信码）">${body.join('>').replace('</svg>', `${mark}</svg>`)}`;
}

/** The side of the plate under the mark, in modules: the odd square that the encoder keeps free. */
export function hanXinMarkSide(symbolSize: number): number {
  const side = Math.floor(Math.sqrt(hanXinMarkShare) * symbolSize);
  return side % 2 === 1 ? side : side - 1;
}
