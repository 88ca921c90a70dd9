import type { ReactNode } from 'react';

/** What a pane is waiting for, with a bar that moves as long as it does. */
export function PaneWait({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="pane-empty pane-wait" role="status" data-testid="pane-wait">
      <p>{text}</p>
      <div className="progress" aria-hidden="true">
        <span />
      </div>
    </div>
  );
}
