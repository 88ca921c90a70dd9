/**
 * The words 企业服务 on a plate with a light margin, as a part of an SVG of one unit a module: a square of `side` modules
 * around `centre`, the same across and down.
 */
export function drawCentreMark({ centre, side }: { readonly centre: number; readonly side: number }): string {
  const at = centre - side / 2;
  // Drawn for a plate of 17 modules.
  const scale = side / 17;
  const round = (value: number) => Math.round(value * 100) / 100;
  const line = (text: string, y: number) =>
    `<text x="${centre}" y="${round(y)}" font-size="${round(5 * scale)}" font-weight="700" fill="#ffffff" text-anchor="middle" font-family="Noto Sans SC, Microsoft YaHei UI, PingFang SC, sans-serif">${text}</text>`;
  return [
    '<g shape-rendering="geometricPrecision">',
    `<rect x="${at}" y="${at}" width="${side}" height="${side}" rx="3" fill="#ffffff"/>`,
    `<rect x="${at + 1}" y="${at + 1}" width="${side - 2}" height="${side - 2}" rx="2.4" fill="#1450a8"/>`,
    line('企业', centre - 0.7 * scale),
    line('服务', centre + 4.9 * scale),
    '</g>',
  ].join('');
}
