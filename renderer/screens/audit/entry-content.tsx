import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditContent } from '../../../domain/contracts/audit.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { Dialog } from '../../components/dialog.tsx';
import { useCounterTools } from '../../counter/counter-context.tsx';

type Look = { readonly step: 'opening' } | { readonly step: 'open'; readonly content: AuditContent | null } | { readonly step: 'failed'; readonly code: FailureCode };

/** The content of one entry, opened by the host, which records the look first. */
export function EntryContent({ seq, onClose }: { readonly seq: number; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [look, setLook] = useState<Look>({ step: 'opening' });
  useEffect(() => {
    let isGone = false;
    void store.call((client) => client.audit.entry({ seq })).then((outcome) => {
      if (!isGone) setLook(outcome.ok ? { step: 'open', content: outcome.value } : { step: 'failed', code: outcome.code });
    });
    return () => {
      isGone = true;
    };
  }, [store, seq]);
  return (
    <Dialog title={t('audit.content.title', { seq: seq.toLocaleString('en-US') })} onClose={onClose} testId="entry-content">
      <div className="entry-content">
        {look.step === 'opening' && <p className="muted">{t('audit.loading')}</p>}
        {look.step === 'failed' && <p className="note note-refused">{t(`failure.${look.code}`)}</p>}
        {look.step === 'open' && <Facts content={look.content} />}
      </div>
    </Dialog>
  );
}

function Facts({ content }: { readonly content: AuditContent | null }): ReactNode {
  const { t } = useTranslation();
  if (content === null || content.facts === null) return <p className="empty">{t('audit.content.none')}</p>;
  return (
    <>
      <dl>
        {content.facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value === '' ? t('general.dash') : value}</dd>
          </div>
        ))}
      </dl>
      <p className="note">{t('audit.content.recorded', { seq: content.auditSeq.toLocaleString('en-US') })}</p>
    </>
  );
}
