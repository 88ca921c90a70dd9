import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditContent } from '../../../domain/contracts/audit.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { usePreferences } from '../../application-providers.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { describeEntry } from '../../i18n/entry-words.ts';

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
  const { language } = usePreferences();
  if (content === null || content.facts === null) return <p className="empty">{t('audit.content.none')}</p>;
  return (
    <>
      {describeEntry(content.facts, language, t).map(({ heading, rows }) => (
        <section key={heading} data-testid="entry-section">
          {heading !== '' && <h3>{heading}</h3>}
          <dl>
            {rows.map(({ label, value, isCode }, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- two fields of one group may have the same name
              <div key={at}>
                <dt>{label}</dt>
                <dd>{isCode ? <code>{value}</code> : value}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <details data-testid="entry-raw">
        <summary>{t('audit.content.raw')}</summary>
        <dl>
          {content.facts.map(({ name, value }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>
                <code>{value === '' ? t('general.dash') : value}</code>
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <p className="note">{t('audit.content.recorded', { seq: content.auditSeq.toLocaleString('en-US') })}</p>
    </>
  );
}
