import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Access } from '../../../domain/contracts/access.ts';
import { useLocalTools, usePreferences } from '../../application-providers.tsx';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { Icon } from '../../components/icon.tsx';
import { PracticeStrip } from '../../components/practice-strip.tsx';
import { languages } from '../../i18n/language.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { useRefusedWedge } from '../../wedge/wedge-capture.ts';
import { LogInForm } from './log-in-form.tsx';
import { RecoveryCodeSlip } from './recovery-code-slip.tsx';
import { useRecoveryCode } from './use-recovery-code.ts';
import { PassphraseForm } from './passphrase-form.tsx';
import { SetUpForm } from './set-up-form.tsx';

/** The door of the counter: first set-up, log-in, the lock, and a passphrase that is due. It shows nothing of the work behind it. */
export function AccessScreen({ access }: { readonly access: Access }): ReactNode {
  const { t } = useTranslation();
  const { now } = useCounterTools();
  const [wedgeAt, setWedgeAt] = useState<number | null>(null);
  useRefusedWedge(access.wedge, () => setWedgeAt(now()));
  const recovery = useRecoveryCode(access);
  const [setUpProblem, setSetUpProblem] = useState<string | null>(null);
  const refusedAt = Math.max(access.refusedScanAt ?? 0, wedgeAt ?? 0);
  return (
    <AntdTheme>
      <main className="door" data-testid="door" data-state={access.state} key={access.state} ref={focusFirst}>
        <PracticeStrip />
        <section className="door-card">
          <header>
            <Icon name={access.state === 'set-up' ? 'shield' : 'lock'} size={28} />
            <div>
              <span>{t('app.mark')}</span>
              <h1>
                <Title access={access} />
              </h1>
            </div>
            <LanguageSwitch />
          </header>
          {refusedAt > 0 && (
            <p className="note note-refused" role="alert" data-testid="scan-refused" key={refusedAt}>
              {t(access.state === 'locked' ? 'failure.access/locked' : access.state === 'set-up' ? 'failure.access/set-up-needed' : 'failure.access/passphrase-due')}
            </p>
          )}
          {setUpProblem !== null && access.state === 'locked' && (
            <p className="note note-refused" role="alert" data-testid="set-up-unfinished">
              {t('access.setUpUnfinished', { problem: setUpProblem })}
            </p>
          )}
          {recovery.code !== null && <RecoveryCodeSlip code={recovery.code} onDone={recovery.forget} />}
          <Form access={access} onSetUpProblem={setSetUpProblem} />
        </section>
      </main>
    </AntdTheme>
  );
}

// Whoever comes to the door types at once.
function focusFirst(door: HTMLElement | null): void {
  door?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
}

/** What the door says of itself. */
function Title({ access: { state, lockedBy } }: { readonly access: Access }): ReactNode {
  const { t } = useTranslation();
  if (state === 'set-up') return t('access.setUpTitle');
  return state === 'passphrase-due' ? t('access.dueTitle') : t(`access.locked.${lockedBy ?? 'start'}`);
}

function Form({ access, onSetUpProblem }: { readonly access: Access; readonly onSetUpProblem: (problem: string | null) => void }): ReactNode {
  if (access.state === 'set-up') return <SetUpForm isTrial={access.isTrial} hasRecords={access.hasRecords} onProblem={onSetUpProblem} />;
  if (access.state === 'passphrase-due') return <PassphraseForm onDone={() => {}} />;
  return <LogInForm key={access.lastOperatorId} lastOperatorId={access.lastOperatorId} />;
}

/** At the door too: whoever cannot read it cannot come in to change it. */
function LanguageSwitch(): ReactNode {
  const { t } = useTranslation();
  const { preferences } = useLocalTools();
  const { language } = usePreferences();
  return (
    <div className="door-language" role="group" aria-label={t('access.language')}>
      {languages.map((one) => (
        <button key={one} type="button" className="button small" lang={one} aria-pressed={one === language} onClick={() => preferences.change({ language: one })} data-testid={`language-${one}`}>
          {one === 'en' ? 'English' : '中文'}
        </button>
      ))}
    </div>
  );
}
