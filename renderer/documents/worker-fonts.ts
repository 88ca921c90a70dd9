import sansIndex from '@fontsource-variable/noto-sans-sc/unicode.json';
import serifIndex from '@fontsource-variable/noto-serif-sc/unicode.json';
import { chooseFallback, type FallbackFamily } from '../../ofd/fallback-family.ts';
import type { FallbackFonts } from '../../ofd/canvas.ts';

const sansFiles = import.meta.glob<string>('../../node_modules/@fontsource-variable/noto-sans-sc/files/*-wght-normal.woff2', { query: '?url', import: 'default', eager: true });
const serifFiles = import.meta.glob<string>('../../node_modules/@fontsource-variable/noto-serif-sc/files/*-wght-normal.woff2', { query: '?url', import: 'default', eager: true });

/** The machine's own fonts first, where a document names the usual ones; then ours. */
const families: Readonly<Record<FallbackFamily, string>> = {
  serif: 'SimSun, "Counter Serif", serif',
  kai: 'KaiTi, "Counter Serif", serif',
  sans: '"Counter Sans", sans-serif',
  mono: '"Courier New", "Liberation Mono", "Counter Sans", monospace',
};

/** Stand-in fonts of a worker: the bundled slices are declared at once, and each is read when a character of it is needed. */
export function createWorkerFonts(fonts: FontFaceSet): FallbackFonts {
  declare(fonts, { family: 'Counter Sans', index: sansIndex, files: sansFiles });
  declare(fonts, { family: 'Counter Serif', index: serifIndex, files: serifFiles });
  return {
    prepare: async (request, characters) => {
      const family = /Serif/.test(families[chooseFallback(request)]) ? 'Counter Serif' : 'Counter Sans';
      // A slice that cannot be read leaves its characters to the machine's fonts.
      await fonts.load(`${request.weight >= 600 ? 'bold ' : ''}20px "${family}"`, characters).catch(() => []);
    },
    familyOf: (request) => families[chooseFallback(request)],
  };
}

interface Slices {
  readonly family: string;
  readonly index: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

function declare(fonts: FontFaceSet, { family, index, files }: Slices): void {
  const addresses = new Map(Object.entries(files).map(([file, address]) => [/-([a-z0-9-]+)-wght-normal/.exec(file.replace(/.*noto-(sans|serif)-sc/, ''))?.[1] ?? '', address]));
  for (const [key, unicodeRange] of Object.entries(index)) {
    const address = addresses.get(key.replace(/[[\]]/g, ''));
    if (address === undefined) continue;
    fonts.add(new FontFace(family, `url(${JSON.stringify(new URL(address, self.location.href).href)})`, { weight: '200 900', unicodeRange }));
  }
}
