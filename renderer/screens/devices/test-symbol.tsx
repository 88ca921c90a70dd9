import { encodeQR } from 'qr';
import { type ReactNode, useMemo } from 'react';
import { encodeHanXin } from '../../../hanxin/index.ts';

/** The two kinds of symbols that a service code is shown in. */
export const symbolKinds = ['qr', 'hanXin'] as const;
export type SymbolKind = (typeof symbolKinds)[number];

/** Light modules around a symbol. */
export const quietZone = 4;

/** A symbol that holds a text, black on white whatever the theme. */
export function TestSymbol({ text, kind, label }: { readonly text: string; readonly kind: SymbolKind; readonly label: string }): ReactNode {
  const rows = useMemo(() => drawModules(text, kind), [text, kind]);
  const size = rows.length + 2 * quietZone;
  return (
    <svg className="test-symbol" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" role="img" aria-label={label} data-testid="test-symbol" data-kind={kind}>
      <rect width={size} height={size} fill="white" />
      <path d={printModules(rows)} fill="black" />
    </svg>
  );
}

/** The modules row by row; true is dark. */
export function drawModules(text: string, kind: SymbolKind): readonly (readonly boolean[])[] {
  if (kind === 'qr') return encodeQR(text, 'raw', { ecc: 'medium', border: 1 }).slice(1, -1).map((row) => row.slice(1, -1));
  const symbol = encodeHanXin(text);
  if (symbol === null) return [];
  return Array.from({ length: symbol.size }, (_, y) => Array.from({ length: symbol.size }, (__, x) => symbol.modules[y * symbol.size + x] === 1));
}

/** The dark modules as the path of an SVG with the quiet zone around them; runs in a row are drawn as one. */
export function printModules(rows: readonly (readonly boolean[])[]): string {
  return rows.flatMap((row, y) => row.map((isDark, x) => (isDark && row[x - 1] !== true ? `M${x + quietZone} ${y + quietZone}h${runFrom(row, x)}v1H${x + quietZone}z` : ''))).join('');
}

/** How many dark modules follow from here on. */
function runFrom(row: readonly boolean[], from: number): number {
  const end = row.indexOf(false, from);
  return (end === -1 ? row.length : end) - from;
}
