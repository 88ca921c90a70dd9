import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createCanvas, GlobalFonts, loadImage, Path2D } from '@napi-rs/canvas';
import { type CanvasKit, chooseFallback, type FallbackFamily, type FallbackFonts } from '../../ofd/index.ts';

/** Creates what the OFD library needs for painting without a window: Skia canvases and the bundled Noto fonts. */
export function createNodeCanvasKit(): CanvasKit {
  return {
    createSurface: (width, height) => {
      const canvas = createCanvas(width, height);
      return { canvas, context: canvas.getContext('2d'), width, height };
    },
    createPath: (data) => new Path2D(data),
    decodePicture: async (bytes) => {
      try {
        const image = await loadImage(Buffer.from(bytes));
        return { drawable: image, width: image.width, height: image.height };
      } catch {
        return null;
      }
    },
    wasmDecoder: (name) => readFile(createRequire(import.meta.url).resolve(`pdfjs-dist/wasm/${name}.wasm`)),
    fallbackFonts: createBundledFonts(),
  };
}

const packages: Readonly<Record<FallbackFamily, string>> = {
  serif: 'noto-serif-sc',
  kai: 'noto-serif-sc',
  sans: 'noto-sans-sc',
  mono: 'noto-sans-sc',
};

/** The bundled fonts come as slices by range of characters: each slice is a family of its own here, read when a character needs it. */
function createBundledFonts(): FallbackFonts {
  const require = createRequire(import.meta.url);
  const indexes = new Map<string, (codePoint: number) => string | null>();
  const known = new Set<string>();
  const sliceOf = (name: string, character: string): string | null => {
    const index = indexes.get(name) ?? parseSlices(readFileSync(require.resolve(`@fontsource-variable/${name}/unicode.json`), 'utf8'));
    indexes.set(name, index);
    return index(character.codePointAt(0) ?? 0);
  };
  return {
    prepare: async (request, characters) => {
      const name = packages[chooseFallback(request)];
      for (const character of characters) {
        const slice = sliceOf(name, character);
        const family = `${name}-${slice}`;
        if (slice === null || known.has(family)) continue;
        known.add(family);
        const folder = path.dirname(require.resolve(`@fontsource-variable/${name}/unicode.json`));
        GlobalFonts.register(await readFile(path.join(folder, 'files', `${name}-${slice}-wght-normal.woff2`)), family);
      }
    },
    familyOf: (request, character) => {
      const name = packages[chooseFallback(request)];
      return `"${name}-${sliceOf(name, character) ?? 'latin'}", "Noto Serif CJK SC", serif`;
    },
  };
}

function parseSlices(json: string): (codePoint: number) => string | null {
  const index: Record<string, string> = JSON.parse(json);
  const ranges = Object.entries(index).flatMap(([key, list]) =>
    list.split(',').map((range) => {
      const [first = '', last = first] = range.replace('U+', '').split('-');
      return { slice: key.replace(/[[\]]/g, ''), first: Number.parseInt(first, 16), last: Number.parseInt(last, 16) };
    }),
  );
  const found = new Map<number, string | null>();
  return (codePoint) => {
    const known = found.get(codePoint);
    if (known !== undefined) return known;
    const slice = ranges.find(({ first, last }) => codePoint >= first && codePoint <= last)?.slice ?? null;
    found.set(codePoint, slice);
    return slice;
  };
}
