import { type ReactNode, useState } from 'react';
import { Icon } from './icon.tsx';
import type { Words } from './words.table.ts';

/** Takes a grant back in two presses: the first says what it does and that it cannot be undone; the second lies elsewhere, so that a double press does nothing. */
export function WithdrawButton(props: { readonly words: Words; readonly isSmall?: boolean; readonly testId: string; readonly onWithdraw: () => void }): ReactNode {
  const { words, testId, isSmall = false } = props;
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <button type="button" className={isSmall ? 'outline small' : 'outline'} onClick={() => setAsking(true)} data-testid={testId}>
        {isSmall ? null : <Icon name="undo" />}
        {words.withdraw}
      </button>
    );
  return (
    <div className="withdrawing" role="alert" data-testid={`${testId}-ask`}>
      <p>{words.withdrawAsk}</p>
      <div>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- takes the focus of the button that it stands in for */}
        <button type="button" className="quiet" autoFocus onClick={() => setAsking(false)} data-testid={`${testId}-keep`}>
          {words.withdrawKeep}
        </button>
        <button type="button" className="outline" onClick={props.onWithdraw} data-testid={`${testId}-go`}>
          {words.withdrawGo}
        </button>
      </div>
    </div>
  );
}
