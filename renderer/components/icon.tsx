import type { ReactNode } from 'react';
import { type IconName, iconStrokes } from './icon.table.ts';

/** One icon of the family, decorative: whatever it means is also said in words beside it. */
export function Icon({ name, size = 22, stroke = 1.7 }: { readonly name: IconName; readonly size?: number; readonly stroke?: number }): ReactNode {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" strokeWidth={stroke} strokeLinecap="round" strokeLinejoin="round">
        {iconStrokes[name].map((d) => (
          <path key={d} d={d} />
        ))}
      </g>
    </svg>
  );
}

/** A key as it is printed on the keyboard. */
export function Kbd({ children }: { readonly children: ReactNode }): ReactNode {
  return <kbd className="kbd">{children}</kbd>;
}
