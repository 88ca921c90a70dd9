import type { ReactNode } from 'react';
import type { PresenterCompany } from '../presenting/contract.ts';
import type { Grant } from './grant.ts';
import { WithdrawButton } from './withdraw-button.tsx';
import type { Words } from './words.table.ts';

/** What the shown code grants, in four lines. */
export function GrantSummary(props: {
  readonly words: Words;
  readonly company: PresenterCompany;
  readonly grant: Grant;
  readonly onChange: () => void;
  readonly onWithdraw: () => void;
  readonly isWithdrawn: boolean;
}): ReactNode {
  const { words, company, grant } = props;
  const certificates = company.certificates.filter(({ typeCode }) => grant.certificates.has(typeCode)).map(({ type }) => type);
  const groups = company.information.filter(({ oid }) => grant.information.has(oid)).map(({ title }) => title);
  const bits = (['retain', 'download', 'transfer'] as const).filter((bit) => grant[bit]).map((bit) => words[bit]);
  const limits = [...(grant.oneTime ? [words.oneTime] : []), ...(grant.askFirst ? [words.askFirst] : [])];
  return (
    <section className="card list" data-testid="grant-summary">
      <header>
        <h3>{words.thisGrant}</h3>
        <button type="button" className="link" onClick={props.onChange} data-testid="edit-grant">
          {words.change}
        </button>
      </header>
      {certificates.length === 0 ? null : <Row name={certificates.join('、')} value={words.certificateCount(certificates.length)} />}
      {groups.length === 0 ? null : <Row name={groups.join('、')} value={words.groupCount(groups.length)} />}
      <Row name={words.grantTo} value={grant.granteeMode === 'any' ? words.anyUnit : grant.granteeName.trim()} />
      <Row name={words.allow} value={[words.look, ...bits].join(' · ')} />
      <Row name={words.period} value={words.minutes(grant.minutes)} />
      {limits.length === 0 ? null : <p className="limits">{limits.map((limit) => <span key={limit}>{limit}</span>)}</p>}
      {props.isWithdrawn ? (
        <p className="withdrawn" role="status">{words.withdrawnNote}</p>
      ) : (
        <WithdrawButton words={words} testId="withdraw" onWithdraw={props.onWithdraw} />
      )}
    </section>
  );
}

function Row({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <p className="row">
      <span>{name}</span>
      <span>{value}</span>
    </p>
  );
}
