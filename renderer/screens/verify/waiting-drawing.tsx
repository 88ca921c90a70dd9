import type { ReactNode } from 'react';

/** A scanner on the desk and a phone held over it. */
export function WaitingDrawing(): ReactNode {
  return (
    <svg className="drawing" width="320" height="232" viewBox="0 0 320 232" aria-hidden="true" focusable="false">
      <ellipse className="d-shadow" cx="152" cy="216" rx="132" ry="7" />
      <g className="d-grey">
        <path className="d-solid" d="M52 142h84a11 11 0 0 1 11 11v50a11 11 0 0 1-11 11H52a11 11 0 0 1-11-11v-50a11 11 0 0 1 11-11Z" />
        <path className="d-solid" d="M68 142l11-24h30l11 24Z" />
        <path d="M64 178h60" />
        <path d="M64 190h36" />
        <circle cx="125" cy="160" r="3.5" className="d-lamp" />
      </g>
      <g className="d-beam">
        <path d="M88 112 150 40" />
        <path d="M100 114 168 92" />
      </g>
      <g transform="translate(176 6) rotate(14 56 88)">
        <rect className="d-solid d-ink" x="10" y="4" width="100" height="176" rx="15" />
        <path className="d-ink" d="M46 16h28" />
        <rect className="d-fill d-ink" x="24" y="36" width="72" height="72" rx="6" />
        <g className="d-ink">
          <rect className="d-solid" x="33" y="45" width="19" height="19" rx="3" />
          <rect className="d-solid" x="68" y="45" width="19" height="19" rx="3" />
          <rect className="d-solid" x="33" y="80" width="19" height="19" rx="3" />
          <path d="M68 73v8h8M84 73v3M68 92v7M77 88h10v11M77 99v0" />
        </g>
        <path className="d-soft" d="M34 126h52" />
        <path className="d-soft" d="M34 140h34" />
      </g>
    </svg>
  );
}
