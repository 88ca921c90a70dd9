import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.table.ts';
import { compareFields, type FieldState } from './field-comparison.ts';
import type { FileField, SheetSource } from './sheet-source.ts';

interface FieldsProps {
  /** Null while there is nothing to be seen of it. */
  readonly source: SheetSource | null;
  readonly surface: readonly { readonly label: string; readonly value: string }[];
}

const stateIcons = { same: 'check', printed: 'check', different: 'warning', absent: 'question' } as const satisfies Record<FieldState, IconName>;

/** Pages whose text is held against the data: a certificate states itself at its beginning. */
const comparedPages = 4;

/** What the platform says, held against what the file says of itself and prints; differences stand out. */
export function ViewerFields({ source, surface }: FieldsProps): ReactNode {
  const { t } = useTranslation();
  const read = useStatedText(source);
  if (read === null) return <aside className="viewer-side" role="status">{t('viewer.comparing')}</aside>;
  const rows = compareFields(surface, read.fields, read.text);
  const different = rows.filter(({ state }) => state === 'different').length;
  // What was found nowhere does not agree with anything.
  const isNothing = rows.every(({ state }) => state === 'absent');
  return (
    <aside className="viewer-side viewer-fields" aria-label={t('viewer.panel.fields')} data-testid="viewer-field-list">
      <p className={isNothing ? 'muted' : different > 0 ? 'text-refused' : 'text-verified'} role="status" data-testid="viewer-differences" data-count={different}>
        <Icon name={isNothing ? 'question' : different > 0 ? 'warning' : 'check'} size={16} stroke={2} />
        {isNothing ? t('viewer.nothingCompared') : different > 0 ? t('viewer.differences', { count: different }) : t('viewer.noDifference')}
      </p>
      <dl>
        {rows.map(({ label, value, stated, state }) => (
          <div key={label} className={`compared compared-${state}`} data-state={state}>
            <dt>{label}</dt>
            <dd data-testid={`surface-${label}`}>{value}</dd>
            {state === 'different' && (
              <dd className="text-refused">
                {t('viewer.stated')}
                {stated}
              </dd>
            )}
            <dd className="compared-state">
              <Icon name={stateIcons[state]} size={14} stroke={2} />
              {t(`viewer.fieldState.${state}`)}
            </dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}

/** What the file states of itself: its fields, and the text of its first pages. */
interface Stated {
  readonly fields: readonly FileField[];
  readonly text: string;
}

/** Null until the first pages are read. */
function useStatedText(source: SheetSource | null): Stated | null {
  const [stated, setStated] = useState<Stated | null>(null);
  useEffect(() => {
    if (source === null) return undefined;
    let current = true;
    const read = async (): Promise<void> => {
      const fields = await source.fields().catch(() => []);
      let all = '';
      for (let page = 1; page <= Math.min(source.pages, comparedPages); page += 1) {
        const lines = await source.text(page).catch(() => []);
        all += lines.map((line) => line.text).join('');
      }
      if (current) setStated({ fields, text: all });
    };
    void read();
    return () => {
      current = false;
    };
  }, [source]);
  return stated;
}
