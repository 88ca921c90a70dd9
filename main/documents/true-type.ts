/** What is needed of a static TrueType font to set text with it; advances in thousandths of an em. */
export interface TrueTypeMetrics {
  readonly ascent: number;
  readonly descent: number;
  readonly box: readonly [number, number, number, number];
  readonly glyphCount: number;
  /** 0 where the font has no glyph. */
  glyphOf(codePoint: number): number;
  advanceOf(glyph: number): number;
}

/** Reads the metrics of a static TrueType font. Trusted input: subsets of the fonts that the program brings along. */
export function readTrueType(bytes: Uint8Array): TrueTypeMetrics {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = readDirectory(view);
  const [head, hhea, hmtx, maxp] = [tables('head'), tables('hhea'), tables('hmtx'), tables('maxp')];
  const scale = 1000 / view.getUint16(head + 18);
  const metricCount = view.getUint16(hhea + 34);
  const glyphs = readCharacterMap(view, tables('cmap'));
  const signed = (at: number): number => Math.round(view.getInt16(at) * scale);
  return {
    ascent: signed(hhea + 4),
    descent: signed(hhea + 6),
    box: [signed(head + 36), signed(head + 38), signed(head + 40), signed(head + 42)],
    glyphCount: view.getUint16(maxp + 4),
    glyphOf: (codePoint) => glyphs.get(codePoint) ?? 0,
    advanceOf: (glyph) => Math.round(view.getUint16(hmtx + Math.min(glyph, metricCount - 1) * 4) * scale),
  };
}

function readDirectory(view: DataView): (tag: string) => number {
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const at = 12 + i * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
    tables.set(tag, view.getUint32(at + 8));
  }
  return (tag) => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`font without ${tag}`);
    return at;
  };
}

function readCharacterMap(view: DataView, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const at = cmap + view.getUint32(cmap + 8 + i * 8);
    const format = view.getUint16(at);
    if (format === 4) readSegments(view, at, glyphs);
    if (format === 12) readGroups(view, at, glyphs);
  }
  return glyphs;
}

/** Format 4: segments of characters below U+10000. */
function readSegments(view: DataView, at: number, glyphs: Map<number, number>): void {
  const segments = view.getUint16(at + 6) / 2;
  for (let i = 0; i < segments; i++) {
    const last = view.getUint16(at + 14 + i * 2);
    const first = view.getUint16(at + 16 + (segments + i) * 2);
    const delta = view.getUint16(at + 16 + (2 * segments + i) * 2);
    const offsetAt = at + 16 + (3 * segments + i) * 2;
    const offset = view.getUint16(offsetAt);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const glyph = offset === 0 ? code : view.getUint16(offsetAt + offset + (code - first) * 2);
      if (glyph !== 0) glyphs.set(code, (glyph + delta) & 0xffff);
    }
  }
}

/** Format 12: groups of characters of all planes. */
function readGroups(view: DataView, at: number, glyphs: Map<number, number>): void {
  for (let i = 0; i < view.getUint32(at + 12); i++) {
    const group = at + 16 + i * 12;
    const first = view.getUint32(group);
    for (let code = first; code <= view.getUint32(group + 4); code++) glyphs.set(code, view.getUint32(group + 8) + code - first);
  }
}
