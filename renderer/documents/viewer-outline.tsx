import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../components/icon.tsx';
import type { CaptionedLink } from './link-layer.tsx';
import type { GoalPlace, GoTo, OutlineLine, SheetLink, SheetSource } from './sheet-source.ts';

interface OutlineProps {
  readonly source: SheetSource;
  readonly page: number;
  readonly links: readonly CaptionedLink[];
  readonly choose: GoTo;
}

/** Outline, named places, and what leads elsewhere on the page shown: pages are gone to, everything else is only told. */
export function ViewerOutline({ source, page, links, choose }: OutlineProps): ReactNode {
  const { t } = useTranslation();
  const lines = useOutline(source);
  const parts = [
    { title: t('viewer.outline.outline'), lines: lines?.filter(({ kind }) => kind === 'outline') ?? [] },
    { title: t('viewer.outline.bookmarks'), lines: lines?.filter(({ kind }) => kind === 'bookmark') ?? [] },
  ].filter((part) => part.lines.length > 0);
  const isEmpty = lines !== null && parts.length === 0 && links.length === 0;
  return (
    <aside className="viewer-side viewer-outline" aria-label={t('viewer.panel.outline')} data-testid="viewer-outline-list">
      {isEmpty && <p className="muted">{t('viewer.outline.none')}</p>}
      {parts.map((part) => (
        <section key={part.title}>
          <h3>{part.title}</h3>
          <ul>
            {part.lines.map((line, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- entries have no names of their own, and never change their order
              <li key={index}>
                <Entry title={line.title} level={line.level} goal={line.page} place={line.goal} page={page} choose={choose} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {links.length > 0 && (
        <section>
          <h3>{t('viewer.outline.links')}</h3>
          <ul>
            {links.map((link, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- as above
              <li key={index}>{link.kind === 'page' ? <Entry title={link.caption || (link.target ?? '')} level={0} goal={link.page} place={link.goal} page={page} choose={choose} /> : <Told kind={link.kind} target={link.target} />}</li>
            ))}
          </ul>
          {links.some(({ kind }) => kind !== 'page') && <p className="muted">{t('viewer.link.neverOpened')}</p>}
        </section>
      )}
    </aside>
  );
}

interface EntryProps {
  readonly title: string;
  readonly level: number;
  readonly goal: number | null;
  readonly place: GoalPlace | null;
  readonly page: number;
  readonly choose: GoTo;
}

const deepest = 6;

function Entry({ title, level, goal, place, page, choose }: EntryProps): ReactNode {
  const { t } = useTranslation();
  const indent = { paddingInlineStart: 8 + 14 * Math.min(level, deepest) };
  const name = title === '' ? t('viewer.outline.untitled') : title;
  if (goal === null) return <span className="outline-line muted" style={indent} title={t('viewer.link.nowhere')}>{name}</span>;
  return (
    <button type="button" className="outline-line viewer-hit" style={indent} aria-current={goal === page ? 'page' : undefined} onClick={() => choose(goal, place)} data-testid="outline-entry">
      <span>{name}</span>
      <span className="outline-page">{t('viewer.thumbnail', { page: goal })}</span>
    </button>
  );
}

function Told({ kind, target }: { readonly kind: Exclude<SheetLink['kind'], 'page'>; readonly target: string | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="outline-told" data-testid="outline-told" data-kind={kind}>
      <Icon name="link" size={14} />
      <span>
        {t(`viewer.link.${kind}`)}
        {target !== null && <bdi>{target}</bdi>}
      </span>
    </span>
  );
}

/** Null until it is read. */
function useOutline(source: SheetSource): readonly OutlineLine[] | null {
  const [outline, setOutline] = useState<{ source: SheetSource; lines: readonly OutlineLine[] } | null>(null);
  useEffect(() => {
    let current = true;
    source.outline().then(
      (lines) => current && setOutline({ source, lines }),
      () => current && setOutline({ source, lines: [] }),
    );
    return () => {
      current = false;
    };
  }, [source]);
  return outline?.source === source ? outline.lines : null;
}
