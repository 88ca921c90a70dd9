import type { ReactNode } from 'react';
import { printUsccGrouped } from '../../domain/uscc.ts';
import type { PresenterCompany } from '../presenting/contract.ts';
import { CompanyName } from './company-name.tsx';
import { findGrantFault, type Grant, grantMinutes } from './grant.ts';
import { Icon } from './icon.tsx';
import type { Words } from './words.table.ts';

interface GrantFormProps {
  readonly words: Words;
  readonly company: PresenterCompany;
  readonly grant: Grant;
  readonly isShown: boolean;
  readonly isBusy: boolean;
  readonly onChange: (grant: Grant) => void;
  readonly onOtherCompany: () => void;
  readonly onPresent: () => void;
}

/** What is granted to whom; the button says why it cannot be pressed yet. */
export function GrantForm(props: GrantFormProps): ReactNode {
  const { words, company, grant, onChange } = props;
  const fault = findGrantFault(grant);
  const label = props.isShown ? words.update : words.present;
  return (
    <form
      className="grant"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === null && !props.isBusy) props.onPresent();
      }}
    >
      <section className="card holder">
        <div>
          <b>
            <CompanyName name={company.name} />
          </b>
          <small>{printUsccGrouped(company.uscc)}</small>
        </div>
        <button type="button" className="link" onClick={props.onOtherCompany} data-testid="other-company">
          {words.otherCompany}
        </button>
      </section>
      <TickList
        words={words}
        title={words.certificates}
        name="certificate"
        items={company.certificates.map(({ typeCode, type, issueDept, validUntil }) => ({
          id: typeCode,
          label: type,
          note: [issueDept, words.validUntil(validUntil)],
        }))}
        ticked={grant.certificates}
        onTick={(certificates) => onChange({ ...grant, certificates })}
      />
      <TickList
        words={words}
        title={words.information}
        name="information"
        items={company.information.map(({ oid, title }) => ({ id: oid, label: title, note: [] }))}
        ticked={grant.information}
        onTick={(information) => onChange({ ...grant, information })}
      />
      <GranteeFields words={words} grant={grant} onChange={onChange} />
      <PermissionFields words={words} grant={grant} onChange={onChange} />
      <PeriodField words={words} grant={grant} onChange={onChange} />
      <div className="action">
        {fault === null ? null : <p className="fault" role="status" data-testid="grant-fault">{words.fault[fault]}</p>}
        <button type="submit" className="main" disabled={fault !== null || props.isBusy} data-testid="present">
          <Icon name="code" />
          {props.isBusy ? words.preparing : label}
        </button>
      </div>
    </form>
  );
}

interface TickItem {
  readonly id: string;
  readonly label: string;
  /** Parts that are not broken where a line ends. */
  readonly note: readonly string[];
}

function TickList(props: {
  readonly words: Words;
  readonly title: string;
  readonly name: string;
  readonly items: readonly TickItem[];
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (ticked: ReadonlySet<string>) => void;
}): ReactNode {
  const { items, name, onTick, ticked, title, words } = props;
  const isAll = items.every(({ id }) => ticked.has(id));
  return (
    <fieldset className={`card ticks ${name}`}>
      <legend>{title}</legend>
      <button type="button" className="link all" onClick={() => onTick(new Set(isAll ? [] : items.map(({ id }) => id)))}>
        {isAll ? words.none : words.all}
      </button>
      {items.map(({ id, label, note }) => (
        <label key={id} className="tick">
          <input
            type="checkbox"
            checked={ticked.has(id)}
            onChange={() => onTick(toggled(ticked, id))}
            data-testid={`${name}-${id}`}
          />
          <span className="box"><Icon name="tick" /></span>
          <span lang="zh-CN">
            {label}
            {note.length === 0 ? null : <small>{note.map((part) => <span key={part}>{part}</span>)}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function toggled(ticked: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return ticked.has(id) ? new Set([...ticked].filter((other) => other !== id)) : new Set([...ticked, id]);
}

type FieldsProps = Pick<GrantFormProps, 'words' | 'grant' | 'onChange'>;

function GranteeFields({ words, grant, onChange }: FieldsProps): ReactNode {
  const modes = [['any', words.anyUnit], ['named', words.namedUnit]] as const;
  return (
    <fieldset className="card grantee">
      <legend>{words.grantTo}</legend>
      <div className="segments">
        {modes.map(([mode, label]) => (
          <label key={mode} className="segment">
            <input
              type="radio"
              name="grantee"
              checked={grant.granteeMode === mode}
              onChange={({ currentTarget }) => {
                onChange({ ...grant, granteeMode: mode });
                // On a phone the fields that appear would lie under the button at the foot.
                requestAnimationFrame(() => currentTarget.closest('fieldset')?.scrollIntoView({ block: 'nearest' }));
              }}
              data-testid={`grantee-${mode}`}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {grant.granteeMode === 'named' ? (
        <div className="unit">
          <label>
            <small>{words.unitName}</small>
            <input
              value={grant.granteeName}
              maxLength={100}
              onChange={(event) => onChange({ ...grant, granteeName: event.target.value })}
              data-testid="grantee-name"
            />
          </label>
          <label>
            <small>{words.unitCode}</small>
            <input
              value={grant.granteeCode}
              maxLength={30}
              autoCapitalize="characters"
              onChange={(event) => onChange({ ...grant, granteeCode: event.target.value })}
              data-testid="grantee-code"
            />
          </label>
        </div>
      ) : null}
    </fieldset>
  );
}

/** How long the grant lasts: the code ends with it. */
function PeriodField({ words, grant, onChange }: FieldsProps): ReactNode {
  return (
    <fieldset className="card period">
      <legend>{words.period}</legend>
      <div className="segments">
        {grantMinutes.map((minutes) => (
          <label key={minutes} className="segment">
            <input type="radio" name="minutes" checked={grant.minutes === minutes} onChange={() => onChange({ ...grant, minutes })} data-testid={`minutes-${minutes}`} />
            <span>{words.minutes(minutes)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function PermissionFields({ words, grant, onChange }: FieldsProps): ReactNode {
  const bits = ['retain', 'download', 'transfer'] as const;
  const switches = [['oneTime', words.oneTime, words.oneTimeNote], ['askFirst', words.askFirst, words.askFirstNote]] as const;
  return (
    <fieldset className="card permissions">
      <legend>{words.allow}</legend>
      <div className="chips">
        <span className="chip fixed">{words.look}</span>
        {bits.map((bit) => (
          <label key={bit} className="chip">
            <input
              type="checkbox"
              checked={grant[bit]}
              onChange={() => onChange({ ...grant, [bit]: !grant[bit] })}
              data-testid={`permission-${bit}`}
            />
            <span>{words[bit]}</span>
          </label>
        ))}
      </div>
      {switches.map(([field, label, note]) => (
        <label key={field} className="switch">
          <span>
            {label}
            <small>{note}</small>
          </span>
          <input
            type="checkbox"
            role="switch"
            aria-checked={grant[field]}
            checked={grant[field]}
            onChange={() => onChange({ ...grant, [field]: !grant[field] })}
            data-testid={field === 'oneTime' ? 'one-time' : 'ask-first'}
          />
        </label>
      ))}
    </fieldset>
  );
}
