import type { ReactNode } from 'react';
import { printClock, useRemaining } from './countdown.ts';
import { Icon } from './icon.tsx';
import type { Presented } from './presenting-state.ts';
import type { Words } from './words.table.ts';

/** Leads from the form back to the code that is still there, and says how long it still is. */
export function BackToCode(props: { readonly words: Words; readonly presented: Presented; readonly onBack: () => void }): ReactNode {
  const { words, presented } = props;
  const { seconds } = useRemaining(presented.code, presented.arrival);
  return (
    <button type="button" className="back" onClick={props.onBack} data-testid="back">
      <Icon name="back" />
      <span>{words.backToCode}</span>
      <b className="figures">{seconds === 0 ? words.expired : printClock(seconds)}</b>
    </button>
  );
}
