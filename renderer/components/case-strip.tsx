import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../counter/counter-context.tsx';
import type { CounterState } from '../counter/counter-state.ts';
import { useCommands } from '../commands.tsx';
import { printElapsed } from '../i18n/durations.ts';
import { useWindow } from '../window-state.tsx';
import { Kbd } from './icon.tsx';

/** The case in hand: it stays until the next person. */
export function CaseStrip(): ReactNode {
  const { t } = useTranslation();
  const openCase = useCounter((state) => state.openCase);
  const { open } = useWindow();
  const { next } = useCommands();
  if (openCase === null)
    return (
      <section className="case-strip case-none" aria-label={t('case.label')} data-testid="case-strip" data-case="">
        <p>
          <strong>{t('case.none')}</strong>
          <span>{t('case.chooseWhy')}</span>
        </p>
        <button type="button" className="button primary" onClick={() => open('matters')} data-testid="choose-matter">
          {t('case.choose')} <Kbd>F2</Kbd>
        </button>
      </section>
    );
  return (
    <section className="case-strip" aria-label={t('case.label')} data-testid="case-strip" data-case={openCase.caseId}>
      <dl>
        <CaseFact label={t('case.matter')} value={openCase.itemName} testId="case-matter" />
        <CaseFact label={t('case.purpose')} value={openCase.useFor} testId="case-purpose" />
        <CaseFact label={t('case.bizNum')} value={openCase.bizNum} testId="case-number" />
        <ThisCode />
      </dl>
      <button type="button" className="button quiet" onClick={next} data-testid="next-person">
        {t('case.next')} <Kbd>F4</Kbd>
      </button>
    </section>
  );
}

function CaseFact({ label, value, testId }: { readonly label: string; readonly value: string; readonly testId: string }): ReactNode {
  return (
    <div className="case-fact">
      <dt>{label}</dt>
      <dd data-testid={testId} title={value}>
        {value}
      </dd>
    </div>
  );
}

function ThisCode(): ReactNode {
  const { t } = useTranslation();
  const scan = useCounter((state) => state.scan);
  const count = useCounter((state) => state.openCase?.scans ?? 0);
  const quiet = scan.phase !== 'verdict';
  return (
    <div className="case-fact">
      <dt>{t('case.thisCode')}</dt>
      <dd className={quiet ? 'muted' : ''} data-testid="case-code">
        {wordThisCode(scan, count, t)}
      </dd>
      {scan.phase === 'verdict' && scan.repeats > 0 && (
        <span className="case-repeat" role="status" data-testid="repeat">
          {t('case.repeat')}
        </span>
      )}
    </div>
  );
}

function wordThisCode(scan: CounterState['scan'], count: number, t: TFunction): string {
  if (scan.phase === 'reading') return t('case.reading');
  if (scan.phase === 'verdict') return t('case.nth', { count, time: printElapsed(scan.verdict.elapsedMs, t) });
  return count === 0 ? t('case.waiting') : `${t('case.waiting')} · ${t('case.nthOnly', { count })}`;
}
