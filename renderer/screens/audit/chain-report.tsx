import { Button } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditCheck, AuditReportSchema } from '../../../domain/contracts/audit.ts';
import type { InferOutput } from 'valibot';
import type { FailureCode } from '../../../domain/failure.ts';
import { Icon } from '../../components/icon.tsx';
import { followStream } from '../../connection/follow.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { printFaultKind } from '../../i18n/audit-words.ts';
import { printElapsed } from '../../i18n/durations.ts';
import { usePreferences } from '../../application-providers.tsx';
import { AuditExportPanel } from './audit-export.tsx';
import { type Advance, LongWork } from './long-work.tsx';

type Report = InferOutput<typeof AuditReportSchema>;
type Check =
  | { readonly step: 'none' }
  | { readonly step: 'running'; readonly advance: Advance }
  | { readonly step: 'done'; readonly report: Report }
  | { readonly step: 'stopped'; readonly advance: Advance }
  | { readonly step: 'failed'; readonly code: FailureCode };

/** Checks the whole chain at the host and says how far it is and what came out; the auditor exports it as well. */
export function ChainReport(): ReactNode {
  const { t } = useTranslation();
  const mayExport = useCounter((state) => state.session?.operator.role === 'auditor' || state.access?.state === 'unattended');
  const { check, run, cancel } = useCheck();
  const report = (
    <section className="chain-report" aria-live="polite" data-testid="chain-report" data-step={check.step}>
      <Button type="primary" size="large" disabled={check.step === 'running'} onClick={run} data-testid="verify-chain">
        {t('audit.verify')}
      </Button>
      {check.step === 'none' && <p className="muted">{t('audit.notYet')}</p>}
      {check.step === 'running' && <LongWork advance={check.advance} text="audit.verifying" testId="verifying" cancel={cancel} />}
      {check.step === 'stopped' && <p className="note note-caution" data-testid="verify-stopped">{t('audit.stopped', { done: check.advance.done.toLocaleString('en-US'), total: check.advance.total.toLocaleString('en-US') })}</p>}
      {check.step === 'failed' && <p className="note note-refused">{t(`failure.${check.code}`)}</p>}
      {check.step === 'done' && <Result report={check.report} />}
    </section>
  );
  return mayExport ? (
    <div className="audit-work">
      {report}
      <AuditExportPanel />
    </div>
  ) : (
    report
  );
}

function useCheck(): { readonly check: Check; readonly run: () => void; readonly cancel: () => void } {
  const { store, now } = useCounterTools();
  const [check, setCheck] = useState<Check>({ step: 'none' });
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const run = (): void => {
    const sinceAt = now();
    setCheck({ step: 'running', advance: { sinceAt, done: 0, total: 0 } });
    const take = (event: AuditCheck): void => {
      if (event.type === 'progress') return setCheck({ step: 'running', advance: { sinceAt, ...event } });
      setCheck(event.type === 'report' ? { step: 'done', report: event.report } : { step: 'failed', code: event.code });
      void store.refreshHistory();
    };
    stop.current = followStream(store, (client) => client.audit.verify(), { onItem: take, onEnd: (code) => code !== null && setCheck({ step: 'failed', code }) });
  };
  const cancel = (): void => {
    stop.current?.();
    setCheck((last) => (last.step === 'running' ? { ...last, step: 'stopped' } : last));
  };
  return { check, run, cancel };
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
            : t('audit.broken', { ...facts, seq: (report.firstBad?.seq ?? 0).toLocaleString('en-US'), kind: printFaultKind(report.firstBad?.kind ?? '', language) })}
        </strong>
      </p>
      {report.intact ? null : <p data-testid="chain-way-out">{t('audit.wayOut')}</p>}
      <p>{t('audit.signedUpTo', { count: report.signed })}</p>
      <p>{t('audit.countersignedUpTo', { count: report.countersigned })}</p>
      {report.persons.signed > 0 ? <p data-testid="persons-signed">{t('audit.personsSigned', report.persons)}</p> : null}
      <p data-testid="macs-checked">{t(report.macsChecked ? 'audit.macsChecked' : 'audit.macsNotChecked')}</p>
      {report.withoutMac > 0 ? <p data-testid="without-mac">{t('audit.withoutMac', { count: report.withoutMac })}</p> : null}
      <p className="hash" title={report.headHash}>
        {t('audit.head', { hash: printSlipHash(report.headHash) })}
      </p>
    </div>
  );
}

/** As much of a hash as the closing slip has, in fours as there. */
function printSlipHash(hash: string): string {
  return hash.slice(0, 16).replaceAll(/(.{4})(?=.)/g, '$1 ');
}
