/** One outline of a TrueType font in font units; `outline` is the raw glyf entry, empty for a blank. */
export interface TrueTypeGlyph {
  readonly outline: Uint8Array;
  readonly advance: number;
  readonly leftBearing: number;
}

/** A static TrueType font opened for reading: which glyph a character has, and its metrics. */
export interface TrueTypeReader {
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  glyphOf(codePoint: number): TrueTypeGlyph | null;
}

/** Opens a static TrueType font with simple outlines. Trusted input: the font files that the program brings along. */
export function readTrueType(bytes: Uint8Array): TrueTypeReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = readDirectory(view);
  const start = (tag: string): number => {
    const at = tables.get(tag);
    if (at === undefined) throw new Error(`font without ${tag}`);
    return at;
  };
  const [head, hhea, hmtx, loca, glyf] = [start('head'), start('hhea'), start('hmtx'), start('loca'), start('glyf')];
  const longLoca = view.getInt16(head + 50) === 1;
  const metricCount = view.getUint16(hhea + 34);
  const characters = readCharacterMap(view, start('cmap'));
  const glyphStart = (id: number): number =>
    glyf + (longLoca ? view.getUint32(loca + id * 4) : view.getUint16(loca + id * 2) * 2);
  return {
    unitsPerEm: view.getUint16(head + 18),
    ascent: view.getInt16(hhea + 4),
    descent: view.getInt16(hhea + 6),
    glyphOf(codePoint) {
      const id = characters.get(codePoint);
      if (id === undefined || id === 0) return null;
      const metric = hmtx + Math.min(id, metricCount - 1) * 4;
      const bearing = id < metricCount ? metric + 2 : hmtx + metricCount * 4 + (id - metricCount) * 2;
      const outline = bytes.slice(glyphStart(id), glyphStart(id + 1));
      return { outline, advance: view.getUint16(metric), leftBearing: view.getInt16(bearing) };
    },
  };
}

/** Tells whether an outline is made of other glyphs, which cannot be moved to another font as it is. */
export function isComposite(glyph: TrueTypeGlyph): boolean {
  return (glyph.outline[0] ?? 0) >= 0x80;
}

function readDirectory(view: DataView): Map<string, number> {
  const tables = new Map<string, number>();
  for (let i = 0; i < view.getUint16(4); i++) {
    const at = 12 + i * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));
    tables.set(tag, view.getUint32(at + 8));
  }
  return tables;
}

function readCharacterMap(view: DataView, cmap: number): Map<number, number> {
  const characters = new Map<number, number>();
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const subtable = cmap + view.getUint32(cmap + 4 + i * 8 + 4);
    const format = view.getUint16(subtable);
    if (format === 4) readSegments(view, subtable, characters);
    if (format === 12) readGroups(view, subtable, characters);
  }
  return characters;
}

function readSegments(view: DataView, at: number, characters: Map<number, number>): void {
  const count = view.getUint16(at + 6) / 2;
  for (let i = 0; i < count; i++) {
    const end = view.getUint16(at + 14 + i * 2);
    const start = view.getUint16(at + 16 + count * 2 + i * 2);
    const delta = view.getUint16(at + 16 + count * 4 + i * 2);
    const rangeAt = at + 16 + count * 6 + i * 2;
    const range = view.getUint16(rangeAt);
    for (let code = start; code <= end && code < 0xffff; code++) {
      const id = range === 0 ? code : view.getUint16(rangeAt + range + (code - start) * 2);
      if (id !== 0) characters.set(code, (id + delta) & 0xffff);
    }
  }
}

function readGroups(view: DataView, at: number, characters: Map<number, number>): void {
  for (let i = 0; i < view.getUint32(at + 12); i++) {
    const group = at + 16 + i * 12;
    const [first, last, id] = [view.getUint32(group), view.getUint32(group + 4), view.getUint32(group + 8)];
    for (let code = first; code <= last; code++) characters.set(code, id + code - first);
  }
}

/** What goes into a new font: glyph n + 1 is the n-th character of `glyphs`, glyph 0 is blank. */
export interface TrueTypeContent {
  readonly name: string;
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly weight: number;
  readonly glyphs: readonly (readonly [codePoint: number, glyph: TrueTypeGlyph])[];
}

/** Writes a complete static TrueType font (all tables that readers ask for). Equal content gives equal bytes. */
export function writeTrueType(content: TrueTypeContent): Uint8Array {
  const blank: TrueTypeGlyph = { outline: new Uint8Array(0), advance: content.unitsPerEm, leftBearing: 0 };
  const glyphs = [blank, ...content.glyphs.map(([, glyph]) => glyph)];
  const bounds = fontBounds(glyphs);
  const { glyf, loca } = outlineTables(glyphs);
  return assemble([
    ['OS/2', os2Table(content)],
    ['cmap', cmapTable(content.glyphs.map(([codePoint]) => codePoint))],
    ['glyf', glyf],
    ['head', headTable(content, bounds)],
    ['hhea', hheaTable(content, glyphs, bounds)],
    ['hmtx', table(glyphs.length * 4, (v) => glyphs.forEach((glyph, i) => {
      v.setUint16(i * 4, glyph.advance);
      v.setInt16(i * 4 + 2, glyph.leftBearing);
    }))],
    ['loca', loca],
    ['maxp', maxpTable(glyphs)],
    ['name', nameTable(content.name)],
    ['post', table(32, (v) => { v.setUint32(0, 0x00030000); v.setInt16(8, -100); v.setInt16(10, 50); })],
  ]);
}

interface Bounds { xMin: number; yMin: number; xMax: number; yMax: number }

function table(length: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(length);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function fontBounds(glyphs: readonly TrueTypeGlyph[]): Bounds {
  const bounds = { xMin: 0, yMin: 0, xMax: 0, yMax: 0 };
  for (const { outline } of glyphs) {
    if (outline.length < 10) continue;
    const view = new DataView(outline.buffer, outline.byteOffset);
    bounds.xMin = Math.min(bounds.xMin, view.getInt16(2));
    bounds.yMin = Math.min(bounds.yMin, view.getInt16(4));
    bounds.xMax = Math.max(bounds.xMax, view.getInt16(6));
    bounds.yMax = Math.max(bounds.yMax, view.getInt16(8));
  }
  return bounds;
}

function outlineTables(glyphs: readonly TrueTypeGlyph[]): { glyf: Uint8Array; loca: Uint8Array } {
  const padded = (length: number): number => (length + 3) & ~3;
  const glyf = new Uint8Array(glyphs.reduce((sum, { outline }) => sum + padded(outline.length), 0));
  const loca = new Uint8Array((glyphs.length + 1) * 4);
  const view = new DataView(loca.buffer);
  let at = 0;
  glyphs.forEach(({ outline }, i) => {
    view.setUint32(i * 4, at);
    glyf.set(outline, at);
    at += padded(outline.length);
  });
  view.setUint32(glyphs.length * 4, at);
  return { glyf, loca };
}

function headTable(content: TrueTypeContent, bounds: Bounds): Uint8Array {
  return table(54, (v) => {
    v.setUint32(0, 0x00010000);
    v.setUint32(4, 0x00010000);
    v.setUint32(12, 0x5f0f3cf5);
    v.setUint16(16, 0x000b);
    v.setUint16(18, content.unitsPerEm);
    v.setInt16(36, bounds.xMin);
    v.setInt16(38, bounds.yMin);
    v.setInt16(40, bounds.xMax);
    v.setInt16(42, bounds.yMax);
    v.setUint16(46, 8);
    v.setInt16(48, 2);
    v.setInt16(50, 1);
  });
}

function hheaTable(content: TrueTypeContent, glyphs: readonly TrueTypeGlyph[], bounds: Bounds): Uint8Array {
  return table(36, (v) => {
    v.setUint32(0, 0x00010000);
    v.setInt16(4, content.ascent);
    v.setInt16(6, content.descent);
    v.setUint16(10, Math.max(...glyphs.map((glyph) => glyph.advance)));
    v.setInt16(12, bounds.xMin);
    v.setInt16(16, bounds.xMax);
    v.setInt16(18, 1);
    v.setUint16(34, glyphs.length);
  });
}

function maxpTable(glyphs: readonly TrueTypeGlyph[]): Uint8Array {
  let [points, contours] = [0, 0];
  for (const { outline } of glyphs) {
    if (outline.length < 10) continue;
    const view = new DataView(outline.buffer, outline.byteOffset);
    const count = view.getInt16(0);
    contours = Math.max(contours, count);
    if (count > 0) points = Math.max(points, view.getUint16(10 + (count - 1) * 2) + 1);
  }
  return table(32, (v) => {
    v.setUint32(0, 0x00010000);
    v.setUint16(4, glyphs.length);
    v.setUint16(6, points);
    v.setUint16(8, contours);
    v.setUint16(14, 2);
  });
}

function os2Table(content: TrueTypeContent): Uint8Array {
  const codes = content.glyphs.map(([codePoint]) => Math.min(codePoint, 0xffff));
  return table(96, (v) => {
    v.setUint16(0, 4);
    v.setInt16(2, content.unitsPerEm);
    v.setUint16(4, content.weight);
    v.setUint16(6, 5);
    v.setUint32(58, 0x4e4f4e45);
    v.setUint16(62, 0x0040);
    v.setUint16(64, Math.min(0xffff, ...codes));
    v.setUint16(66, Math.max(0, ...codes));
    v.setInt16(68, content.ascent);
    v.setInt16(70, content.descent);
    v.setUint16(74, content.ascent);
    v.setUint16(76, -content.descent);
  });
}

function cmapTable(codePoints: readonly number[]): Uint8Array {
  const entries = codePoints.map((code, i) => [code, i + 1] as const).sort(([a], [b]) => a - b);
  const narrow = entries.filter(([code]) => code < 0xffff);
  const count = narrow.length + 1;
  const [at4, at12] = [20, 20 + 16 + count * 8];
  return table(at12 + 16 + entries.length * 12, (v) => {
    v.setUint16(2, 2);
    [[1, at4], [10, at12]].forEach(([encoding, at], i) => {
      v.setUint16(4 + i * 8, 3);
      v.setUint16(6 + i * 8, encoding ?? 0);
      v.setUint32(8 + i * 8, at ?? 0);
    });
    const power = 2 ** Math.floor(Math.log2(count));
    [4, 16 + count * 8, 0, count * 2, power * 2, Math.log2(power), (count - power) * 2].forEach((n, i) => v.setUint16(at4 + i * 2, n));
    [...narrow, [0xffff, 0] as const].forEach(([code, id], i) => {
      v.setUint16(at4 + 14 + i * 2, code);
      v.setUint16(at4 + 16 + count * 2 + i * 2, code);
      v.setUint16(at4 + 16 + count * 4 + i * 2, code === 0xffff ? 1 : (id - code) & 0xffff);
    });
    v.setUint16(at12, 12);
    v.setUint32(at12 + 4, 16 + entries.length * 12);
    v.setUint32(at12 + 12, entries.length);
    entries.forEach(([code, id], i) => [code, code, id].forEach((n, k) => v.setUint32(at12 + 16 + i * 12 + k * 4, n)));
  });
}

function nameTable(name: string): Uint8Array {
  const names = [[1, name], [2, 'Regular'], [4, name], [6, name]] as const;
  const total = names.reduce((sum, [, text]) => sum + text.length * 2, 0);
  const strings = 6 + names.length * 12;
  return table(strings + total, (v) => {
    v.setUint16(2, names.length);
    v.setUint16(4, strings);
    let at = 0;
    names.forEach(([id, text], i) => {
      [3, 1, 0x409, id, text.length * 2, at].forEach((n, k) => v.setUint16(6 + i * 12 + k * 2, n));
      for (const unit of text) {
        v.setUint16(strings + at, unit.charCodeAt(0));
        at += 2;
      }
    });
  });
}

function assemble(tables: readonly (readonly [tag: string, data: Uint8Array])[]): Uint8Array {
  const padded = (length: number): number => (length + 3) & ~3;
  let at = 12 + tables.length * 16;
  const file = new Uint8Array(at + tables.reduce((sum, [, data]) => sum + padded(data.length), 0));
  const view = new DataView(file.buffer);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  view.setUint32(0, 0x00010000);
  [tables.length, power * 16, Math.log2(power), (tables.length - power) * 16].forEach((n, i) => view.setUint16(4 + i * 2, n));
  let headAt = 0;
  tables.forEach(([tag, data], i) => {
    if (tag === 'head') headAt = at;
    for (let k = 0; k < 4; k++) file[12 + i * 16 + k] = tag.charCodeAt(k);
    file.set(data, at);
    const length = padded(data.length);
    [sum32(view, at, length), at, data.length].forEach((n, k) => view.setUint32(16 + i * 16 + k * 4, n));
    at += length;
  });
  view.setUint32(headAt + 8, (0xb1b0afba - sum32(view, 0, file.length)) >>> 0);
  return file;
}

function sum32(view: DataView, at: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i += 4) sum = (sum + view.getUint32(at + i)) >>> 0;
  return sum;
}
