import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SheetSource } from './sheet-source.ts';

interface ThumbnailsProps {
  readonly source: SheetSource;
  readonly page: number;
  readonly choose: (page: number) => void;
}

const thumbnailWidth = 108;

/** Small pictures of all pages, each drawn when it comes into sight. */
export function ViewerThumbnails({ source, page, choose }: ThumbnailsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <aside className="viewer-side viewer-thumbnails" aria-label={t('viewer.panel.pages')}>
      {Array.from({ length: source.pages }, (_, index) => index + 1).map((number) => (
        <Thumbnail key={number} source={source} number={number} isCurrent={number === page} choose={choose} />
      ))}
    </aside>
  );
}

function Thumbnail({ source, number, isCurrent, choose }: { readonly source: SheetSource; readonly number: number; readonly isCurrent: boolean; readonly choose: (page: number) => void }): ReactNode {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const own = canvas.current;
    if (own === null) return undefined;
    let current = true;
    const draw = async (): Promise<void> => {
      const { width, height } = await source.size(number);
      const ratio = thumbnailWidth / Math.max(width, height * 0.7);
      const picture = await source.draw(number, ratio * window.devicePixelRatio);
      if (!current) return;
      own.width = picture.width;
      own.height = picture.height;
      own.style.width = `${width * ratio}px`;
      own.getContext('2d')?.drawImage(picture, 0, 0);
    };
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      // A page that cannot be drawn stays blank here and says why when it is chosen.
      draw().catch(() => undefined);
    });
    observer.observe(own);
    return () => {
      current = false;
      observer.disconnect();
    };
  }, [source, number]);
  useEffect(() => {
    if (isCurrent) button.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <button ref={button} type="button" className="thumbnail" aria-current={isCurrent ? 'page' : undefined} onClick={() => choose(number)} data-testid="thumbnail">
      <canvas ref={canvas} aria-hidden="true" />
      <span>{t('viewer.thumbnail', { page: number })}</span>
    </button>
  );
}
