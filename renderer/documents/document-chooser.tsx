import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentChoices, DocumentPick } from './sheet-source.ts';

interface ChooserProps {
  readonly choices: DocumentChoices;
  readonly pick: DocumentPick;
  readonly choose: (pick: DocumentPick) => void;
}

/** Which document of a file is looked at, and which of its versions; nothing where there is nothing to choose. */
export function DocumentChooser({ choices: { titles, versions, version }, pick, choose }: ChooserProps): ReactNode {
  const { t } = useTranslation();
  if (titles.length < 2 && versions.length < 2) return null;
  const isCurrent = versions.length === 0 || versions.some(({ id, isCurrent: current }) => current && id === version);
  const isChecked = pick.document === 0 && isCurrent;
  return (
    <div className="pane-choice" role="group" aria-label={t('viewer.choice.title')}>
      {titles.length > 1 && (
        <label>
          {t('viewer.choice.document')}
          <select className="field" value={pick.document} onChange={(event) => choose({ document: Number(event.target.value), version: null })} data-testid="choose-document">
            {titles.map((title, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- documents are told apart by their place
              <option key={index} value={index}>
                {t('viewer.choice.documentOf', { number: index + 1, count: titles.length, title: title ?? '' })}
              </option>
            ))}
          </select>
        </label>
      )}
      {versions.length > 1 && (
        <label>
          {t('viewer.choice.version')}
          <select className="field" value={version ?? ''} onChange={(event) => choose({ ...pick, version: event.target.value })} data-testid="choose-version">
            {version === null && <option value="">{t('viewer.choice.plain')}</option>}
            {versions.map(({ id, name, created, isCurrent: current }) => (
              <option key={id} value={id}>
                {[name ?? id, created ?? '', current ? t('viewer.choice.current') : ''].filter((part) => part !== '').join(' · ')}
              </option>
            ))}
          </select>
        </label>
      )}
      {!isChecked && (
        <span className="text-caution" role="status" data-testid="not-the-checked-one">
          {t('viewer.choice.notChecked')}
        </span>
      )}
    </div>
  );
}
