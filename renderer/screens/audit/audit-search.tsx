import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditSearch } from '../../../domain/contracts/audit.ts';
import { parseEnteredTime } from '../../../domain/time.ts';
import { type VerdictState, verdictStates } from '../../../domain/verdict.ts';

/** What an auditor searched for; null: nothing, the newest entries are shown. */
export type AuditQuestion = Omit<AuditSearch, 'limit' | 'beforeSeq'>;

interface SearchFields {
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly company: string;
  readonly about: string;
  readonly state: VerdictState | '';
}

const noFields: SearchFields = { from: '', to: '', actor: '', company: '', about: '', state: '' };

/** Search by time, operator, company, case and state; nothing is decrypted for it. */
export function AuditSearchForm({ onSearch }: { readonly onSearch: (question: AuditQuestion | null) => void }): ReactNode {
  const { t } = useTranslation();
  const [fields, setFields] = useState(noFields);
  const change = (part: Partial<SearchFields>): void => setFields({ ...fields, ...part });
  const clear = (): void => {
    setFields(noFields);
    onSearch(null);
  };
  return (
    <form
      className="audit-search"
      data-testid="audit-search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(readQuestion(fields));
      }}
    >
      <TimeField label={t('audit.search.from')} value={fields.from} onChange={(from) => change({ from })} />
      <TimeField label={t('audit.search.to')} value={fields.to} onChange={(to) => change({ to })} />
      <TextField label={t('audit.search.actor')} value={fields.actor} onChange={(actor) => change({ actor })} testId="search-actor" />
      <TextField label={t('audit.search.company')} value={fields.company} onChange={(company) => change({ company })} testId="search-company" isWide />
      <TextField label={t('audit.search.about')} value={fields.about} onChange={(about) => change({ about })} testId="search-about" />
      <label>
        {t('audit.search.state')}
        <Select
          aria-label={t('audit.search.state')}
          value={fields.state}
          onChange={(state) => change({ state })}
          options={[{ value: '' as const, label: t('records.allStates') }, ...verdictStates.map((value) => ({ value, label: t(`state.${value}.short`) }))]}
        />
      </label>
      <Button htmlType="submit" type="primary" data-testid="search-go">
        {t('audit.search.go')}
      </Button>
      <Button onClick={clear}>{t('audit.search.clear')}</Button>
    </form>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TimeField({ label, value, onChange }: FieldProps): ReactNode {
  return (
    <label>
      {label}
      <input type="datetime-local" className="time-field" value={value} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

function TextField({ label, value, onChange, testId, isWide = false }: FieldProps & { readonly testId: string; readonly isWide?: boolean }): ReactNode {
  return (
    <label className={isWide ? 'wide' : undefined}>
      {label}
      <Input value={value} maxLength={200} data-testid={testId} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** What the fields ask for; null when they are all empty. Times are those of Asia/Shanghai, whatever the machine is set to. */
export function readQuestion({ from, to, actor, company, about, state }: SearchFields): AuditQuestion | null {
  const question: AuditQuestion = {
    ...readTime('fromAt', from),
    ...readTime('toAt', to),
    ...readText('actor', actor),
    ...readText('company', company),
    ...readText('about', about),
    ...(state === '' ? {} : { state }),
  };
  return Object.keys(question).length === 0 ? null : question;
}

function readTime(name: 'fromAt' | 'toAt', value: string): Partial<AuditQuestion> {
  const time = parseEnteredTime(value);
  return time === null ? {} : { [name]: time };
}

function readText(name: 'actor' | 'company' | 'about', value: string): Partial<AuditQuestion> {
  return value.trim() === '' ? {} : { [name]: value.trim() };
}
