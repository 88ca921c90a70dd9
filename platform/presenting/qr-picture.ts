import { encodeQR } from 'qr';
import { drawCentreMark } from './centre-mark.ts';

/** Modules around the symbol that stay light (GB/T 18284). */
export const quietZone = 4;

/** The centre mark with its light margin covers less than this part of the symbol (C 0300-2021 6.2 a). */
export const largestMarkShare = 0.1;

/**
 * Draws a code as an SVG of one unit a module: error correction Q, quiet zone of 4, and the centre mark on top. No style
 * attributes and no scripts, so that it passes a strict content security policy.
 */
export function drawQrSvg(text: string): string {
  const modules = drawQrModules(text);
  const size = modules.length + 2 * quietZone;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" role="img" aria-label="企业服务码">`,
    `<rect width="${size}" height="${size}" fill="#ffffff"/>`,
    `<path fill="#000000" d="${drawModules(modules)}"/>`,
    drawCentreMark({ centre: size / 2, side: markSide(modules.length) }),
    '</svg>',
  ].join('');
}

/** The symbol without its quiet zone, row by row; true is dark. */
export function drawQrModules(text: string): boolean[][] {
  const padded = encodeQR(text, 'raw', { ecc: 'quartile', border: 1 });
  return padded.slice(1, -1).map((row) => row.slice(1, -1));
}

/** The side of the light plate under the mark, in modules: odd, so that it sits on the grid. */
export function markSide(symbolSize: number): number {
  const largest = Math.floor(Math.sqrt(largestMarkShare * 0.8) * symbolSize);
  return largest % 2 === symbolSize % 2 ? largest : largest - 1;
}

function drawModules(modules: boolean[][]): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x++;
      runs.push(`M${from + quietZone} ${y + quietZone}h${x - from + 1}v1h-${x - from + 1}z`);
    }
  });
  return runs.join('');
}
