import { type ReactNode, useState } from 'react';
import { Icon } from './icon.tsx';
import type { Session } from './presenter-api.ts';
import type { Words } from './words.table.ts';

/** A window asks to look (5.4.4): the legal representative says yes, after a simulated check of the person, or no. */
export function HolderDecision(props: { readonly words: Words; readonly session: Session; readonly onDecide: (isGranted: boolean) => void }): ReactNode {
  const { words, session, onDecide } = props;
  const [isChecking, setChecking] = useState(false);
  if (session.role !== 'legal') {
    return (
      <p className="state ask" role="alert" data-testid="ask-legal">
        <Icon name="person" />
        <span>{words.askLegal}</span>
      </p>
    );
  }
  return (
    <div className="decision" role="alert" data-testid="decision">
      <p><Icon name="person" /><b>{isChecking ? words.checkPerson(session.name) : words.state['awaiting-confirmation']}</b></p>
      {isChecking ? <small>{words.simulatedCheck}</small> : null}
      <div>
        {isChecking ? (
          <button type="button" className="main" onClick={() => onDecide(true)} data-testid="confirm-person">{words.confirmPerson}</button>
        ) : (
          <button type="button" className="main" onClick={() => setChecking(true)} data-testid="confirm">{words.confirm}</button>
        )}
        <button type="button" className="outline" onClick={() => onDecide(false)} data-testid="refuse">{words.refuse}</button>
      </div>
    </div>
  );
}
