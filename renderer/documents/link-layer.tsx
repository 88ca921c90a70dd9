import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { captionOf } from './link-caption.ts';
import type { GoTo, SheetLink, SheetSource } from './sheet-source.ts';

interface LinkLayerProps {
  readonly links: readonly SheetLink[];
  readonly scale: number;
  readonly choose: GoTo;
}

/** Where a page leads elsewhere: to a page by a press, out of the document never; by keyboard the same is in the list beside the page. */
export function LinkLayer({ links, scale, choose }: LinkLayerProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="link-layer">
      {links.map(({ kind, page, goal: spot, target, place }, index) => {
        if (place === null) return null;
        const style = { left: place.x * scale, top: place.y * scale, width: place.width * scale, height: place.height * scale };
        const goal = kind === 'page' ? page : null;
        const label = goal !== null ? t('viewer.link.toPage', { page: goal }) : kind === 'page' ? t('viewer.link.nowhere') : `${t(`viewer.link.${kind}`)}${target ?? ''}${t('viewer.link.closed')}`;
        return goal !== null ? (
          // oxlint-disable-next-line react/no-array-index-key -- links have no names, and never change their order
          <button key={index} type="button" className="sheet-link" tabIndex={-1} style={style} title={label} aria-label={label} data-testid="sheet-link" data-page={goal} onClick={() => choose(goal, spot)} />
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- as above
          <span key={index} className="sheet-link sheet-link-told" style={style} title={label} data-testid="sheet-link-told" />
        );
      })}
    </div>
  );
}

/** A link with the words that it stands on. */
export interface CaptionedLink extends SheetLink {
  readonly caption: string;
}

const none: readonly CaptionedLink[] = [];

/** The links of one page of an open document, once they are read; `page` is null while none is to be seen. */
export function useLinks(source: SheetSource | null, page: number | null): readonly CaptionedLink[] {
  const [read, setRead] = useState<{ source: SheetSource; page: number; links: readonly CaptionedLink[] } | null>(null);
  useEffect(() => {
    if (source === null || page === null) return undefined;
    let current = true;
    const readLinks = async (): Promise<void> => {
      const links = await source.links(page);
      const lines = links.length === 0 ? [] : await source.text(page).catch(() => []);
      if (current) setRead({ source, page, links: links.map((link) => ({ ...link, caption: captionOf(link, lines) })) });
    };
    // A page whose links cannot be read is still a page.
    readLinks().catch(() => undefined);
    return () => {
      current = false;
    };
  }, [source, page]);
  return read !== null && read.source === source && read.page === page ? read.links : none;
}
