import { type ReactNode, useState } from 'react';
import type { GrantLine } from '../presenting/contract.ts';
import { HolderDecision } from './holder-decision.tsx';
import { usePolled } from './polling.ts';
import type { PresenterApi, Session } from './presenter-api.ts';
import { ViewList } from './view-list.tsx';
import { WithdrawButton } from './withdraw-button.tsx';
import type { Words } from './words.table.ts';

/** What was granted and who looked at what and when, for the whole company and seven days (6.2 b); grants are withdrawn here. */
export function Records({ words, api, session, onBack }: { readonly words: Words; readonly api: PresenterApi; readonly session: Session; readonly onBack: () => void }): ReactNode {
  const [round, setRound] = useState(0);
  const key = `${session.companyId}/${session.role}/${round}`;
  const read = usePolled(key, api.grants);
  const grants = read?.grants ?? null;
  const views = usePolled(key, api.views);
  const act = async (work: Promise<unknown>): Promise<void> => {
    await work;
    setRound((last) => last + 1);
  };
  return (
    <div className="records" data-testid="records">
      <section className="card list">
        <header>
          <h2>{words.grants}</h2>
          <button type="button" className="link" onClick={onBack} data-testid="records-back">{words.backToGrant}</button>
        </header>
        {grants === null ? <p className="empty">{words.loading}</p> : null}
        {grants?.length === 0 ? <p className="empty">{words.noGrants}</p> : null}
        {grants?.map((grant) => (
          <GrantRow key={grant.id} words={words} grant={grant} session={session} onWithdraw={() => void act(api.withdraw(grant.id))} onDecide={(isGranted) => void act(api.decide(grant.id, isGranted))} />
        ))}
      </section>
      {read === null ? null : <ViewList words={words} views={views ?? []} now={read === null ? 0 : Date.parse(read.now)} isWhole />}
    </div>
  );
}

/** What can still be taken back: what was looked at, or may still be. */
const withdrawable: ReadonlySet<GrantLine['state']> = new Set(['shown', 'verified', 'used', 'awaiting-confirmation', 'expired']);
const live: ReadonlySet<GrantLine['state']> = new Set(['shown', 'verified', 'awaiting-confirmation']);

const tones: Readonly<Partial<Record<GrantLine['state'], string>>> = { shown: 'live', verified: 'live', 'awaiting-confirmation': 'wait', withdrawn: 'over', refused: 'over' };

function GrantRow(props: {
  readonly words: Words;
  readonly grant: GrantLine;
  readonly session: Session;
  readonly onWithdraw: () => void;
  readonly onDecide: (isGranted: boolean) => void;
}): ReactNode {
  const { words, grant, session } = props;
  const canWithdraw = withdrawable.has(grant.state) && (live.has(grant.state) || grant.views > 0);
  const bits = [words.look, ...grant.permissions.map((bit) => words[bit])].join(' · ');
  return (
    <article className="grant-row" data-testid="grant-row" data-state={grant.state}>
      <header>
        <b className={`badge ${tones[grant.state] ?? ''}`}>{words.grantState[grant.state]}</b>
        <time dateTime={grant.mintedAt}>{words.momentOf(grant.mintedAt)}</time>
        <span>{words.role[grant.role]}</span>
      </header>
      <p lang="zh-CN">{grant.items.join('、')}</p>
      <p className="facts">
        <span>{words.grantTo} <span lang="zh-CN">{grant.grantee ?? words.anyUnit}</span></span>
        <span>{bits}</span>
        <span>{words.lookedCount(grant.views)}</span>
        {grant.oneTime ? <span>{words.oneTime}</span> : null}
        {grant.secondAuthentication ? <span>{words.askFirst}</span> : null}
      </p>
      {grant.state === 'awaiting-confirmation' ? <HolderDecision words={words} session={session} onDecide={props.onDecide} /> : null}
      {canWithdraw ? <WithdrawButton words={words} isSmall testId="withdraw-row" onWithdraw={props.onWithdraw} /> : null}
    </article>
  );
}
