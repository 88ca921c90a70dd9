import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntryView } from '../../../domain/contracts/audit.ts';
import { usePreferences } from '../../application-providers.tsx';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { useCounter } from '../../counter/counter-context.tsx';
import { printAuditActor, printAuditRef, printAuditResult, printAuditWord, stateOfResult } from '../../i18n/audit-words.ts';
import { printDayClock } from '../../i18n/durations.ts';
import type { Language } from '../../i18n/language.ts';
import { stateLooks } from '../verify/verdict-look.ts';
import { ActivityPicture } from './activity-picture.tsx';
import { isRefusal } from './refusal.ts';
import { useAuditEntries } from './audit-entries.ts';
import { type AuditQuestion, AuditSearchForm } from './audit-search.tsx';
import { ChainReport } from './chain-report.tsx';
import { EntryContent } from './entry-content.tsx';

/** The audit chain as the host keeps it, newest first, and the means to check all of it. */
export function AuditScreen(): ReactNode {
  return (
    <AntdTheme>
      <Audit />
    </AntdTheme>
  );
}

function Audit(): ReactNode {
  const { t } = useTranslation();
  const audit = useCounter((state) => state.status?.audit ?? null);
  const role = useCounter((state) => state.session?.operator.role ?? 'operator');
  const [question, setQuestion] = useState<AuditQuestion | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const { entries, problem, hasOlder, loadOlder, loading } = useAuditEntries(question);
  const { language } = usePreferences();
  const mayRead = role === 'auditor' || role === 'supervisor';
  const columns = useMemo(() => [...makeColumns(t, language), ...(mayRead ? [lookColumn(t, setOpened)] : [])], [t, language, mayRead]);
  const maySearch = mayRead || role === 'operator';
  return (
    <section className="card page-card" data-testid="audit">
      <header className="card-head">
        <h1>{t('audit.title')}</h1>
        {audit !== null && (
          <span className={audit.state === 'ok' ? 'text-verified' : 'text-refused'}>
            {t(stateTexts[audit.state])} · {t('audit.entries', { count: audit.seq })}
          </span>
        )}
      </header>
      <div className="audit-top">
        <ChainReport />
        {maySearch && <ActivityPicture />}
      </div>
      {maySearch && <AuditSearchForm onSearch={setQuestion} />}
      {question !== null && entries !== null && <p className="audit-found">{t(hasOlder ? 'audit.search.foundMore' : 'audit.search.found', { count: entries.length })}</p>}
      {question !== null && audit?.state === 'unwritable' && <p className="note note-caution" data-testid="search-lacks">{t('audit.search.lacksNewest')}</p>}
      {problem !== null && <p className="note note-refused">{t(`failure.${problem}`)}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="page-table" tabIndex={0} role="region" aria-label={t('audit.title')}>
        <DataTable
          label={t('audit.title')}
          columns={columns}
          rows={entries ?? (problem === null ? null : [])}
          rowKey={(entry) => String(entry.seq)}
          rowData={(entry) => ({ 'data-testid': 'audit-row', 'data-seq': String(entry.seq), 'data-type': entry.type, 'data-result': entry.result })}
          loading={t('audit.loading')}
          empty={t(question === null ? 'audit.empty' : 'audit.search.nothing')}
        />
        {hasOlder && (
          <div className="page-more">
            <Button loading={loading} onClick={loadOlder}>
              {t('audit.older')}
            </Button>
          </div>
        )}
      </div>
      {opened !== null && <EntryContent seq={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

function lookColumn(t: TFunction, open: (seq: number) => void): DataColumn<AuditEntryView> {
  return {
    id: 'look',
    title: t('audit.content.column'),
    cell: (entry) => (
      <Button size="small" onClick={() => open(entry.seq)} aria-label={t('audit.content.title', { seq: entry.seq.toLocaleString('en-US') })} data-testid="open-entry">
        {t('audit.content.open')}
      </Button>
    ),
  };
}

const stateTexts = { ok: 'audit.stateOk', broken: 'audit.stateBroken', unwritable: 'audit.stateUnwritable' } as const;

const shownHashLength = 12;

function makeColumns(t: TFunction, language: Language): readonly DataColumn<AuditEntryView>[] {
  return [
    { id: 'seq', title: t('audit.seq'), align: 'right', cell: (entry) => `#${entry.seq.toLocaleString('en-US')}` },
    { id: 'time', title: t('audit.time'), cell: (entry) => printDayClock(entry.entryAt) },
    { id: 'type', title: t('audit.type'), cell: (entry) => printAuditWord(entry.type, language) },
    { id: 'result', title: t('audit.result'), cell: (entry) => <AuditResult entry={entry} /> },
    { id: 'actor', title: t('audit.actor'), cell: (entry) => printAuditActor(entry.actor, language) },
    { id: 'ref', title: t('audit.ref'), grows: true, cell: (entry) => <AuditRef entry={entry} /> },
    {
      id: 'hash',
      title: t('audit.hash'),
      cell: (entry) => (
        <code title={entry.hash} className="hash">
          {entry.hash.slice(0, shownHashLength)}
        </code>
      ),
    },
  ];
}

function AuditRef({ entry }: { readonly entry: AuditEntryView }): ReactNode {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { text, isCode } = printAuditRef(entry, language, t);
  return isCode ? <code>{text}</code> : text;
}

function AuditResult({ entry }: { readonly entry: AuditEntryView }): ReactNode {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const state = stateOfResult(entry.result);
  const tone = state === null ? (isRefusal(entry) ? 'refused' : 'plain') : stateLooks[state].tone;
  const text = printAuditResult(entry, language, t);
  return (
    <span className={`audit-result text-${tone}`} title={text}>
      {text}
    </span>
  );
}
