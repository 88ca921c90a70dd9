import { Input, Select } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { verdictStates, type VerdictState } from '../../../domain/verdict.ts';
import type { ScanRecord } from '../../../domain/contracts/counter.ts';
import { goodOfflineAnswers } from '../../../domain/offline-answer.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { useCounterTools, useOnEntry } from '../../counter/counter-context.tsx';
import { printDayClock, printElapsed } from '../../i18n/durations.ts';
import { printVerdictKind } from '../../i18n/kind-name.ts';
import { stateLooks } from '../verify/verdict-look.ts';

const mostRecords = 500;

/** What was verified here, newest first; the content of a code is not in it. */
export function RecordsScreen(): ReactNode {
  return (
    <AntdTheme>
      <Records />
    </AntdTheme>
  );
}

function Records(): ReactNode {
  const { t } = useTranslation();
  const { records, problem } = useRecords();
  const [search, setSearch] = useState('');
  const [state, setState] = useState<VerdictState | null>(null);
  const columns = useMemo(() => makeColumns(t), [t]);
  const found = useMemo(() => findRecords(records ?? [], search, state), [records, search, state]);
  return (
    <section className="card page-card" data-testid="records">
      <header className="card-head">
        <h1>{t('records.title')}</h1>
        <span>{t('records.count', { count: found.length })}</span>
        <Input.Search allowClear className="head-field" placeholder={t('records.search')} aria-label={t('records.search')} onChange={(event) => setSearch(event.target.value)} />
        <Select
          className="head-select"
          aria-label={t('records.state')}
          value={state ?? ''}
          onChange={(value) => setState(verdictStates.find((candidate) => candidate === value) ?? null)}
          options={[{ value: '' as const, label: t('records.allStates') }, ...verdictStates.map((value) => ({ value, label: t(`state.${value}.short`) }))]}
        />
      </header>
      {problem !== null && <p className="note note-refused">{t(`failure.${problem}`)}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="page-table" tabIndex={0} role="region" aria-label={t('records.title')}>
        <DataTable
          label={t('records.title')}
          columns={columns}
          rows={records === null ? (problem === null ? null : []) : found}
          rowKey={(record) => record.scanId}
          rowData={(record) => ({ 'data-testid': 'record', 'data-state': record.state })}
          loading={t('records.loading')}
          empty={t(records?.length === 0 ? 'records.empty' : 'records.noMatch')}
        />
      </div>
    </section>
  );
}

function useRecords(): { readonly records: readonly ScanRecord[] | null; readonly problem: FailureCode | null } {
  const { store } = useCounterTools();
  const [records, setRecords] = useState<readonly ScanRecord[] | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  const load = useCallback(() => {
    void store.call((client) => client.record.list({ limit: mostRecords })).then((outcome) => {
      if (outcome.ok) setRecords(outcome.value);
      setProblem(outcome.ok ? null : outcome.code);
    });
  }, [store]);
  useOnEntry(load);
  return { records, problem };
}

/** Records of a state (or any) whose subject, case number or support code contains what is searched for. */
export function findRecords(records: readonly ScanRecord[], search: string, state: VerdictState | null): readonly ScanRecord[] {
  const wanted = search.trim().toLowerCase();
  return records.filter(
    (record) =>
      (state === null || record.state === state) &&
      `${record.subjectName ?? ''} ${record.bizNum} ${record.supportCode ?? ''} ${record.itemName}`.toLowerCase().includes(wanted),
  );
}

/** The verdict as it was given; beside a provisional one what the platform said since. */
function StateCell({ record: { offline, state }, t }: { readonly record: ScanRecord; readonly t: TFunction }): ReactNode {
  const pill = <span className={`pill pill-${stateLooks[state].tone}`}>{t(`state.${state}.short`)}</span>;
  if (offline === null) return pill;
  const tone = offline.answer === 'waiting' ? 'caution' : goodOfflineAnswers.some((good) => good === offline.answer) ? 'muted' : 'refused';
  return (
    <>
      {pill} <span className={tone === 'muted' ? 'muted' : `pill pill-${tone}`} data-testid="offline-answer">{printOfflineAnswer(offline, t)}</span>
    </>
  );
}

function printOfflineAnswer({ answer, cause }: NonNullable<ScanRecord['offline']>, t: TFunction): string {
  const closer = closerCauses.find((word) => word === cause);
  return t(`records.offline.${closer ?? answer}`);
}

const closerCauses = ['withdrawn', 'keyRevoked', 'keyExpired', 'granteeMismatch', 'confirmationRefused', 'secondAuthentication', 'confirmationTimeout'] as const;

function makeColumns(t: TFunction): readonly DataColumn<ScanRecord>[] {
  return [
    { id: 'time', title: t('records.time'), cell: (record) => printDayClock(record.scannedAt) },
    {
      id: 'state',
      title: t('records.state'),
      cell: (record) => <StateCell record={record} t={t} />,
    },
    { id: 'code', title: t('records.supportCode'), cell: ({ supportCode }) => <code>{supportCode ?? t('general.dash')}</code> },
    { id: 'subject', title: t('records.subject'), grows: true, cell: (record) => record.subjectName ?? <span className="muted">{printVerdictKind(record, t)}</span> },
    { id: 'matter', title: t('records.matter'), cell: (record) => record.itemName },
    { id: 'number', title: t('records.bizNum'), cell: (record) => record.bizNum },
    { id: 'elapsed', title: t('records.elapsed'), align: 'right', cell: (record) => printElapsed(record.elapsedMs, t) },
    { id: 'seq', title: t('records.seq'), align: 'right', cell: (record) => `#${record.auditSeq.toLocaleString('en-US')}` },
  ];
}
