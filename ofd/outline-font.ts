/// <reference path="./fontkit.d.ts" />
import { create, type Font, type PathCommand } from 'fontkit';
import { isBareCff, wrapBareCff } from './bare-cff.ts';
import type { PathSink } from './canvas.ts';
import type { Matrix } from './geometry.ts';

/** A font of a document as outlines: it is read here and drawn as paths, and never reaches the platform's fonts. */
export interface OutlineFont {
  /** The glyph of a character, or null when the font has none. */
  glyphOf(character: string): number | null;
  /** The outline of a glyph in parts of the em, y up; null when it is missing or broken. */
  pathOf(glyph: number): PathSink | null;
  /** Traces an outline into another path, moved by a matrix. */
  trace(glyph: number, matrix: Matrix, sink: PathSink): void;
  /** In parts of the em. */
  advanceOf(glyph: number): number;
}

/** Reads TrueType, OpenType and bare CFF fonts, however little of their tables is there; null when no outline can be had. */
export function readOutlineFont(bytes: Uint8Array, createPath: () => PathSink): OutlineFont | null {
  const file = isBareCff(bytes) ? wrapBareCff(bytes) : bytes;
  const font = file === null ? null : openFont(file);
  if (font === null) return null;
  const { unitsPerEm, count } = font;
  // A map that does not read would be read again, from its start, for every character; one that nobody asks is never read.
  let known: boolean | null = null;
  const hasCharacters = (): boolean => (known ??= isPlainCharacterMap(file ?? bytes) && attempt(() => font.font.hasGlyphForCodePoint(0x20)) !== null);
  const paths = new Map<number, PathSink | null>();
  const commandsOf = (glyph: number): readonly PathCommand[] | null =>
    glyph < 0 || glyph >= count ? null : attempt(() => font.font.getGlyph(glyph).path.commands);
  const trace = (glyph: number, matrix: Matrix, sink: PathSink): void => {
    for (const { command, args } of commandsOf(glyph) ?? []) traceCommand(command, args, matrix, sink);
  };
  return {
    glyphOf: (character) => {
      if (!hasCharacters()) return null;
      const code = character.codePointAt(0) ?? 0;
      // Symbol fonts keep their characters in the private area.
      const glyph = attempt(() => font.font.glyphForCodePoint(code).id) || (code < 0x100 ? attempt(() => font.font.glyphForCodePoint(0xf000 + code).id) : null);
      return glyph === null || glyph === 0 ? null : glyph;
    },
    pathOf: (glyph) => {
      const known = paths.get(glyph);
      if (known !== undefined) return known;
      const commands = commandsOf(glyph);
      const path = commands === null ? null : createPath();
      if (path !== null) trace(glyph, [1 / unitsPerEm, 0, 0, 1 / unitsPerEm, 0, 0], path);
      paths.set(glyph, path);
      return path;
    },
    trace: (glyph, [a, b, c, d, e, f], sink) => trace(glyph, [a / unitsPerEm, b / unitsPerEm, c / unitsPerEm, d / unitsPerEm, e, f], sink),
    advanceOf: (glyph) => {
      const advance = attempt(() => font.font.getGlyph(glyph).advanceWidth);
      return advance !== null && Number.isFinite(advance) && advance > 0 ? advance / unitsPerEm : 1;
    },
  };
}

function openFont(file: Uint8Array): { font: Font; unitsPerEm: number; count: number } | null {
  return attempt(() => {
    const opened = create(file);
    // Of a collection the first font.
    const font = 'fonts' in opened ? opened.fonts[0] : opened;
    if (font === undefined) return null;
    const { unitsPerEm, numGlyphs } = font;
    return Number.isFinite(unitsPerEm) && unitsPerEm > 0 && numGlyphs > 0 ? { font, unitsPerEm, count: numGlyphs } : null;
  });
}

const mostCharacterMaps = 64;

/** Whether the font has as many maps of characters as a font has: the font reader reads all of them, wherever in the file each says that it is. */
function isPlainCharacterMap(file: Uint8Array): boolean {
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const maps = attempt(() => {
    const first = data.getUint32(0) === 0x74746366 ? data.getUint32(12) : 0; // ttcf: of a collection the first font
    for (let entry = first + 12, left = data.getUint16(first + 4); left > 0; left--, entry += 16) {
      if (data.getUint32(entry) === 0x636d6170) return data.getUint16(data.getUint32(entry + 8) + 2); // cmap
    }
    return null;
  });
  return maps !== null && maps <= mostCharacterMaps;
}

/** The font reader throws for whatever is broken or missing in a font; to the page it is one glyph less. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function traceCommand(command: string, args: readonly number[], [a, b, c, d, e, f]: Matrix, sink: PathSink): void {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0] = args;
  const x = (px: number, py: number): number => a * px + c * py + e;
  const y = (px: number, py: number): number => b * px + d * py + f;
  if (command === 'moveTo') sink.moveTo(x(x0, y0), y(x0, y0));
  else if (command === 'lineTo') sink.lineTo(x(x0, y0), y(x0, y0));
  else if (command === 'quadraticCurveTo') sink.quadraticCurveTo(x(x0, y0), y(x0, y0), x(x1, y1), y(x1, y1));
  else if (command === 'bezierCurveTo') sink.bezierCurveTo(x(x0, y0), y(x0, y0), x(x1, y1), y(x1, y1), x(x2, y2), y(x2, y2));
  else if (command === 'closePath') sink.closePath();
}
