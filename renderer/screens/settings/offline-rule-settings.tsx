import { Segmented } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfflineRule } from '../../../domain/contracts/counter.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { printClock } from '../../i18n/durations.ts';

const rules = ['refuse', 'provisional'] as const satisfies readonly OfflineRule[];

/** What becomes of a good code while the platform cannot be reached: chosen by the system administrator, seen by everybody. */
export function OfflineRuleSettings(): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const [chosen, setChosen] = useState<{ readonly rule: OfflineRule; readonly mayChoose: boolean } | null>(null);
  const [said, setSaid] = useState<{ readonly savedAt: number } | { readonly failed: FailureCode } | null>(null);
  useEffect(() => {
    let isShown = true;
    void store.call((client) => client.offlineRule.show()).then((outcome) => isShown && outcome.ok && setChosen(outcome.value));
    return () => {
      isShown = false;
    };
  }, [store]);
  if (chosen === null) return null;
  const choose = async (rule: OfflineRule): Promise<void> => {
    const outcome = await store.call((client) => client.offlineRule.choose({ rule }));
    if (outcome.ok) setChosen({ ...chosen, rule });
    setSaid(outcome.ok ? { savedAt: now() } : { failed: outcome.code });
  };
  return (
    <section className="card page-card" data-testid="offline-rule-settings">
      <header className="card-head">
        <h2>{t('settings.offline.title')}</h2>
        {!chosen.mayChoose && <span>{t('settings.offline.onlyAdministrator')}</span>}
      </header>
      <div className="card-text">
        <Segmented
          aria-label={t('settings.offline.title')}
          value={chosen.rule}
          disabled={!chosen.mayChoose}
          onChange={(rule) => void choose(rule)}
          options={rules.map((value) => ({ value, label: t(`settings.offline.rules.${value}`) }))}
          data-testid="offline-rule"
        />
      </div>
      <p className="card-text muted" data-testid="offline-meaning">{t(`settings.offline.meaning.${chosen.rule}`)}</p>
      {said !== null && (
        <p className="card-text" role="status" data-testid="offline-said">
          {'failed' in said ? t(`failure.${said.failed}`) : t('settings.saved', { time: printClock(said.savedAt) })}
        </p>
      )}
    </section>
  );
}
