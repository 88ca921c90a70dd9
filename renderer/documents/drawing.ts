import type { SheetSource } from './sheet-source.ts';

type Draw = SheetSource['draw'];

/** Draws with `draw`, but does not begin again what is still being drawn: a desk changes its room while its tools find their place. */
export function shareDrawing(draw: Draw): Draw {
  let last: { readonly page: number; readonly ratio: number; readonly picture: ReturnType<Draw> } | null = null;
  return (page, ratio) => {
    if (last?.page === page && last.ratio === ratio) return last.picture;
    const own = { page, ratio, picture: draw(page, ratio) };
    last = own;
    const forget = (): void => {
      if (last === own) last = null;
    };
    own.picture.then(forget, forget);
    return own.picture;
  };
}
