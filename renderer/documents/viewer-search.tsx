import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchKey } from './search-key.ts';
import type { SheetSource } from './sheet-source.ts';
import { findText } from './text-search.ts';

interface SearchProps {
  readonly source: SheetSource;
  readonly page: number;
  readonly phrase: string;
  readonly setPhrase: (phrase: string) => void;
  readonly choose: (page: number) => void;
}

interface Found {
  readonly phrase: string;
  readonly pages: readonly { readonly page: number; readonly count: number }[];
  readonly isDone: boolean;
}

/** Looks for a phrase page after page; found pages are listed as they come, and Enter goes to the next. */
export function ViewerSearch({ source, page, phrase, setPhrase, choose }: SearchProps): ReactNode {
  const { t } = useTranslation();
  const { pages, isDone } = useSearch(source, phrase);
  const field = useRef<HTMLInputElement>(null);
  useSearchKey(() => field.current?.select());
  const total = pages.reduce((sum, { count }) => sum + count, 0);
  const next = pages.find((hit) => hit.page > page) ?? pages[0];
  return (
    <aside className="viewer-side" aria-label={t('viewer.panel.search')}>
      <form
        className="viewer-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (next !== undefined) choose(next.page);
        }}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked for this field */}
        <input ref={field} type="search" autoFocus value={phrase} maxLength={100} placeholder={t('viewer.searchHint')} aria-label={t('viewer.panel.search')} onChange={(event) => setPhrase(event.target.value)} data-testid="viewer-phrase" />
      </form>
      <p role="status" className="viewer-count" data-testid="viewer-count">
        {phrase.trim() === '' ? t('viewer.searchHint') : isDone || total > 0 ? t('viewer.found', { count: total }) : t('viewer.searching')}
      </p>
      <ul>
        {pages.map((hit) => (
          <li key={hit.page}>
            <button type="button" className="viewer-hit" aria-current={hit.page === page ? 'page' : undefined} onClick={() => choose(hit.page)}>
              {t('viewer.hit', { page: hit.page, count: hit.count })}
            </button>
          </li>
        ))}
      </ul>
    </aside>
  );
}

function useSearch(source: SheetSource, phrase: string): Found {
  const [found, setFound] = useState<Found>({ phrase: '', pages: [], isDone: true });
  useEffect(() => {
    if (phrase.trim() === '') return undefined;
    let current = true;
    const search = async (): Promise<void> => {
      const pages: { page: number; count: number }[] = [];
      for (let page = 1; page <= source.pages && current; page += 1) {
        const count = findText(await source.text(page).catch(() => []), phrase).length;
        if (count > 0) pages.push({ page, count });
        if (current && (count > 0 || page === source.pages)) setFound({ phrase, pages: [...pages], isDone: page === source.pages });
      }
    };
    void search();
    return () => {
      current = false;
    };
  }, [source, phrase]);
  return found.phrase === phrase ? found : { phrase, pages: [], isDone: phrase.trim() === '' };
}
