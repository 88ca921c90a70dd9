import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../../domain/contracts/counter.ts';
import { loadLater } from '../../components/load-later.tsx';
import { Checklist } from '../../components/checklist.tsx';
import { PermissionChips } from '../../components/permission-chips.tsx';
import { NoticeText } from '../../components/notice-text.tsx';
import { ConsentTab } from './consent-tab.tsx';
import { InformationTab } from './information-tab.tsx';
import { RevealButton, SubjectCard } from './subject-card.tsx';
import { type GrantEnd, useGrantEnd } from './grant-end.ts';
import { useRevealed } from './revealed.ts';

const CertificateBrowser = loadLater(() => import('../../documents/certificate-browser.tsx').then((module) => module.CertificateBrowser));

const tabs = ['information', 'certificates', 'consent', 'notice'] as const;
type TabId = (typeof tabs)[number];

/** What was granted: who it is at the left, the data in tabs at the right. */
export function GrantedData({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const reveal = useRevealed(verdict);
  const end = useGrantEnd(verdict);
  return (
    <div className="split split-granted">
      <div className="column">
        <section className="card subject-card">
          <SubjectCard verdict={reveal.shown} />
          <div className="permission-row">
            <PermissionChips permissions={verdict.permissions} end={end} />
            <RevealButton reveal={reveal} end={end} />
          </div>
        </section>
        <Checklist verdict={verdict} />
      </div>
      <Tabs verdict={reveal.shown} end={end} />
    </div>
  );
}

function Tabs({ verdict, end }: { readonly verdict: Verdict; readonly end: GrantEnd }): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<TabId>(verdict.certificates.length > 0 ? 'certificates' : 'information');
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = tabs[(tabs.indexOf(chosen) + step + tabs.length) % tabs.length] ?? chosen;
    setChosen(next);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <section className="card tabs-card">
      <div className="tabs" role="tablist" tabIndex={-1} aria-label={t('tab.label')} ref={list} onKeyDown={move}>
        {tabs.map((id) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-controls={`panel-${id}`}
            aria-selected={chosen === id}
            tabIndex={chosen === id ? 0 : -1}
            data-tab={id}
            data-testid={`tab-${id}`}
            onClick={() => setChosen(id)}
          >
            {id === 'certificates' ? t('tab.certificates', { count: verdict.certificates.length }) : t(`tab.${id}`)}
          </button>
        ))}
      </div>
      {end !== null && (
        <p className={`note grant-${end}`} data-testid="grant-ended">
          {t(`verdict.${end}.note`)}
        </p>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="tab-panel" role="tabpanel" tabIndex={0} id={`panel-${chosen}`} aria-labelledby={`tab-${chosen}`}>
        <TabContent id={chosen} verdict={verdict} />
      </div>
    </section>
  );
}

function TabContent({ id, verdict }: { readonly id: TabId; readonly verdict: Verdict }): ReactNode {
  switch (id) {
    case 'information':
      return <InformationTab verdict={verdict} />;
    case 'certificates':
      return <CertificateBrowser verdict={verdict} />;
    case 'consent':
      return <ConsentTab verdict={verdict} />;
    case 'notice':
      return <NoticeText verdict={verdict} withState />;
  }
}
