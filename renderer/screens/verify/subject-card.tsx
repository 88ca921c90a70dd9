import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { printUsccGrouped } from '../../../domain/uscc.ts';
import { Icon } from '../../components/icon.tsx';
import type { GrantEnd } from './grant-end.ts';
import type { Revealed } from './revealed.ts';

/** Who it is: personal names masked until asked for. */
export function SubjectCard({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { t } = useTranslation();
  const { subject } = verdict;
  if (subject === null) return <p className="empty-line">{t('subject.none')}</p>;
  return (
    <div className="subject">
      <dl className="facts">
        <Fact label={t('subject.uscc')} value={printUsccGrouped(subject.uscc)} testId="subject-uscc" strong />
        <Fact label={t('subject.type')} value={subject.type} testId="subject-type" />
        {subject.legalRepresentative !== null && <Fact label={t('subject.legal')} value={subject.legalRepresentative} testId="subject-legal" />}
        {subject.presenter !== null && (
          <Fact label={t('subject.presenter')} value={subject.presenter} note={subject.presenterRole === null ? null : t(`subject.role.${subject.presenterRole}`)} testId="subject-presenter" />
        )}
      </dl>
    </div>
  );
}

interface FactProps {
  readonly label: string;
  readonly value: string;
  readonly testId: string;
  readonly note?: string | null;
  readonly strong?: boolean;
}

function Fact({ label, value, testId, note = null, strong = false }: FactProps): ReactNode {
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd className={strong ? 'strong' : ''} data-testid={testId}>
        {value}
        {note !== null && <span className="fact-note">{note}</span>}
      </dd>
    </div>
  );
}

/** Shows what the masks hide while it is held, as long as the grant lasts; each look is an audit entry. */
export function RevealButton({ reveal, end = null }: { readonly reveal: Revealed; readonly end?: GrantEnd }): ReactNode {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="reveal"
      disabled={end !== null}
      aria-pressed={reveal.isRevealed}
      title={end !== null ? t(end === 'withdrawn' ? 'failure.verdict/withdrawn' : 'failure.verdict/grant-ended') : reveal.isRevealed ? t('subject.revealed') : t('subject.revealLabel')}
      data-testid="reveal"
      onPointerDown={reveal.reveal}
      onPointerUp={reveal.cover}
      onPointerLeave={reveal.cover}
      onBlur={reveal.cover}
      onKeyDown={(event) => {
        if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) reveal.reveal();
      }}
      onKeyUp={reveal.cover}
    >
      <Icon name="eye" size={17} /> {t('subject.reveal')}
    </button>
  );
}
