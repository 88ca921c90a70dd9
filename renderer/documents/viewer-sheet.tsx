import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { shareDrawing } from './drawing.ts';
import { fitScale, type Room } from './sheet-scale.ts';
import { GoalMark } from './goal-mark.tsx';
import { LinkLayer } from './link-layer.tsx';
import { PaneWait } from './pane-wait.tsx';
import { type GoTo, refusalOf, type SheetLink, type SheetRefusal, type SheetSize, type SheetSource, type SheetText } from './sheet-source.ts';
import { TextLayer } from './text-layer.tsx';
import type { Aim } from './viewer-state.ts';

/** The page that is to be seen, and how large. */
export interface ShownSheet {
  readonly source: SheetSource;
  readonly page: number;
  readonly scale: number;
}

interface SheetProps {
  readonly source: SheetSource;
  readonly page: number;
  readonly zoom: number | 'fit';
  /** Quarter turns clockwise. */
  readonly turn: number;
  readonly room: Room;
  /** Marked where it is found. */
  readonly phrase: string;
  readonly links: readonly SheetLink[];
  readonly aim: Aim | null;
  readonly choose: GoTo;
  readonly onShown: (shown: ShownSheet) => void;
  readonly onRefused: (refusal: SheetRefusal) => void;
}

interface Drawn {
  readonly page: number;
  readonly size: SheetSize;
  readonly scale: number;
}

/** One page, drawn apart and shown whole, with its text over it for selecting. The last page stays until the next one is ready. */
export function ViewerSheet({ source, page, zoom, turn, room, phrase, links, aim, choose, onShown, onRefused }: SheetProps): ReactNode {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = useMemo(() => shareDrawing((wanted, ratio) => source.draw(wanted, ratio)), [source]);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const lines = useText(source, drawn?.page ?? null);
  const isAcross = turn % 2 === 1;
  useEffect(() => {
    if (room.width === 0) return undefined;
    let current = true;
    const show = async (): Promise<void> => {
      const size = await source.size(page);
      const scale = zoom === 'fit' ? fitScale(isAcross ? { width: size.height, height: size.width } : size, room) : zoom;
      const picture = await draw(page, scale * window.devicePixelRatio);
      const own = canvas.current;
      if (!current || own === null) return;
      own.width = picture.width;
      own.height = picture.height;
      own.getContext('2d')?.drawImage(picture, 0, 0);
      // With the frame that the drawing ends in, not the one after.
      flushSync(() => {
        onShown({ source, page, scale });
        setDrawn({ page, size, scale });
      });
    };
    show().catch((error: unknown) => current && onRefused(refusalOf(error)));
    return () => {
      current = false;
    };
  }, [source, draw, page, zoom, isAcross, room, onShown, onRefused]);
  const width = (drawn?.size.width ?? 0) * (drawn?.scale ?? 1);
  const height = (drawn?.size.height ?? 0) * (drawn?.scale ?? 1);
  return (
    <>
      {drawn === null && <PaneWait text={t('viewer.drawing')} />}
      <div className="sheet" style={isAcross ? { width: height, height: width } : { width, height }} data-drawn={drawn?.page === page}>
        <div className="sheet-face" style={{ width, height, transform: turnOf(turn, width, height) }}>
          <canvas
            ref={canvas}
            style={{ width, height }}
            role="img"
            aria-label={t('viewer.canvas', { page: drawn?.page ?? page })}
            data-testid="sheet-canvas"
            data-drawn={drawn !== null && drawn.page === page}
            data-page={drawn?.page ?? page}
          />
          {drawn !== null && <TextLayer lines={lines} scale={drawn.scale} phrase={phrase} />}
          {drawn !== null && drawn.page === page && <LinkLayer links={links} scale={drawn.scale} choose={choose} />}
          {drawn !== null && drawn.page === page && aim?.page === page && <GoalMark source={source} aim={aim} size={drawn.size} scale={drawn.scale} />}
        </div>
      </div>
    </>
  );
}

/** About the upper left corner, and back into the frame. */
function turnOf(turn: number, width: number, height: number): string {
  if (turn === 1) return `translate(${height}px, 0) rotate(90deg)`;
  if (turn === 2) return `translate(${width}px, ${height}px) rotate(180deg)`;
  return turn === 3 ? `translate(0, ${width}px) rotate(270deg)` : 'none';
}

function useText(source: SheetSource, page: number | null): readonly SheetText[] {
  const [text, setText] = useState<{ page: number; lines: readonly SheetText[] } | null>(null);
  useEffect(() => {
    if (page === null) return undefined;
    let current = true;
    // A page that is drawn and has no readable text is still a page.
    source.text(page).then(
      (lines) => current && setText({ page, lines }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [source, page]);
  return text !== null && text.page === page ? text.lines : [];
}
