import { Button, Progress } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditReportSchema } from '../../../domain/contracts/audit.ts';
import type { InferOutput } from 'valibot';
import type { FailureCode } from '../../../domain/failure.ts';
import { Icon } from '../../components/icon.tsx';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { printFaultKind } from '../../i18n/audit-words.ts';
import { printElapsed } from '../../i18n/durations.ts';
import { usePreferences } from '../../application-providers.tsx';

type Report = InferOutput<typeof AuditReportSchema>;
type Check =
  | { readonly step: 'none' }
  | { readonly step: 'running'; readonly sinceAt: number }
  | { readonly step: 'done'; readonly report: Report }
  | { readonly step: 'failed'; readonly code: FailureCode };

/** Checks the whole chain at the host and says what came out. */
export function ChainReport(): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const [check, setCheck] = useState<Check>({ step: 'none' });
  const run = async (): Promise<void> => {
    setCheck({ step: 'running', sinceAt: now() });
    const outcome = await store.call((client) => client.audit.verify());
    setCheck(outcome.ok ? { step: 'done', report: outcome.value } : { step: 'failed', code: outcome.code });
    void store.refreshHistory();
  };
  return (
    <section className="chain-report" aria-live="polite" data-testid="chain-report" data-step={check.step}>
      <Button type="primary" size="large" loading={check.step === 'running'} onClick={() => void run()} data-testid="verify-chain">
        {t('audit.verify')}
      </Button>
      {check.step === 'none' && <p className="muted">{t('audit.notYet')}</p>}
      {check.step === 'running' && <Running sinceAt={check.sinceAt} />}
      {check.step === 'failed' && <p className="note note-refused">{t(`failure.${check.code}`)}</p>}
      {check.step === 'done' && <Result report={check.report} />}
    </section>
  );
}

function Running({ sinceAt }: { readonly sinceAt: number }): ReactNode {
  const { t } = useTranslation();
  const { now } = useCounterTools();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.round((now() - sinceAt) / 1000)), 250);
    return () => clearInterval(timer);
  }, [now, sinceAt]);
  return (
    <div>
      <p>{t('audit.verifying', { seconds })}</p>
      <Progress percent={100} status="active" showInfo={false} size="small" aria-label={t('audit.verify')} />
    </div>
  );
}

function Result({ report }: { readonly report: Report }): ReactNode {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const facts = { count: report.checked, time: printElapsed(report.ms, t) };
  return (
    <div className={report.intact ? 'note note-verified' : 'note note-refused'} data-testid="chain-result" data-intact={report.intact}>
      <p>
        <Icon name={report.intact ? 'shield-check' : 'cross-circle'} size={20} />{' '}
        <strong>
          {report.intact
            ? t('audit.intact', facts)
            : t('audit.broken', { ...facts, seq: report.firstBad?.seq ?? 0, kind: printFaultKind(report.firstBad?.kind ?? '', language) })}
        </strong>
      </p>
      <p>{t('audit.signedUpTo', { count: report.signed })}</p>
      <p>{t('audit.countersignedUpTo', { count: report.countersigned })}</p>
      <p data-testid="macs-checked">{t(report.macsChecked ? 'audit.macsChecked' : 'audit.macsNotChecked')}</p>
      <p className="hash">{t('audit.head', { hash: report.headHash })}</p>
    </div>
  );
}
