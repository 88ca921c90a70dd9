import type { CanvasKit, Picture } from './canvas.ts';
import { type OutlineFont, readOutlineFont } from './outline-font.ts';
import type { OfdPackage } from './package.ts';
import { decodePicture } from './picture-decoder.ts';
import type { Resources } from './resources.ts';

/** Fonts and pictures of a document, each read once; pictures leave the memory again when there are too many pixels of them. */
export interface DocumentAssets {
  font(id: string, resources: Resources): OutlineFont | null;
  /** Decodes a picture, so that `picture` has it. */
  load(id: string, resources: Resources): Promise<void>;
  picture(id: string, resources: Resources): Picture | null;
}

/** 24 million pixels are about 100 MB. */
const keptPixels = 24_000_000;

/** Creates the store for one document. */
export function createDocumentAssets(ofdPackage: OfdPackage, kit: CanvasKit): DocumentAssets {
  const fonts = new Map<string, OutlineFont | null>();
  const pictures = new Map<string, Picture | null>();
  const readFont = (file: string): OutlineFont | null => {
    const bytes = ofdPackage.read(file);
    return bytes.ok ? readOutlineFont(bytes.value, () => kit.createPath()) : null;
  };
  const makeRoom = (): void => {
    let pixels = [...pictures.values()].reduce((sum, picture) => sum + (picture === null ? 0 : picture.width * picture.height), 0);
    for (const [file, picture] of pictures) {
      if (pixels <= keptPixels || pictures.size === 1) return;
      pixels -= picture === null ? 0 : picture.width * picture.height;
      pictures.delete(file);
    }
  };
  return {
    font: (id, resources) => {
      const file = resources.font(id)?.file ?? null;
      if (file === null) return null;
      if (!fonts.has(file)) fonts.set(file, readFont(file));
      return fonts.get(file) ?? null;
    },
    load: async (id, resources) => {
      const file = resources.image(id)?.file ?? null;
      if (file === null || pictures.has(file)) return;
      makeRoom();
      const bytes = ofdPackage.read(file);
      pictures.set(file, bytes.ok ? await decodePicture(bytes.value, kit, ofdPackage.limits) : null);
    },
    picture: (id, resources) => pictures.get(resources.image(id)?.file ?? '') ?? null,
  };
}
