import type { ReactNode } from 'react';
import type { VerdictState } from '../../../domain/verdict.ts';

/** What to do, drawn: the phone of the person and the one thing about it that matters. */
export function RefusalDrawing({ state }: { readonly state: VerdictState }): ReactNode {
  return (
    <svg className="drawing" width="240" height="212" viewBox="0 0 240 212" aria-hidden="true" focusable="false">
      <ellipse className="d-shadow" cx="116" cy="202" rx="108" ry="6" />
      <Phone />
      <g className="d-badge" transform="translate(138 92)">
        <circle className="d-solid d-ink" cx="42" cy="42" r="40" />
        <g className="d-ink" transform="translate(18 18) scale(2)">
          {badges[state].map((d) => (
            <path key={d} d={d} />
          ))}
        </g>
      </g>
    </svg>
  );
}

function Phone(): ReactNode {
  return (
    <g transform="translate(44 8)">
      <rect className="d-solid d-ink" x="4" y="2" width="104" height="188" rx="15" />
      <path className="d-ink" d="M42 14h28" />
      <rect className="d-fill d-ink" x="20" y="38" width="72" height="72" rx="6" />
      <g className="d-ink">
        <rect className="d-solid" x="29" y="47" width="19" height="19" rx="3" />
        <rect className="d-solid" x="64" y="47" width="19" height="19" rx="3" />
        <rect className="d-solid" x="29" y="82" width="19" height="19" rx="3" />
        <path d="M64 76v7h8M80 75v3M64 94v7M73 90h10v11" />
      </g>
      <path className="d-soft" d="M30 128h50" />
      <path className="d-soft" d="M30 142h32" />
    </g>
  );
}

const refresh = ['M4.6 9.2A8 8 0 1 1 4 12', 'M4 3.8v5.4h5.4'];
const cross = ['m5 5 14 14', 'm19 5-14 14'];
const clock = ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z', 'M12 7v5l3.4 2.1'];
const badges: Readonly<Record<VerdictState, readonly string[]>> = {
  verified: ['m4.5 12.5 5 5L20 6.5'],
  provisional: clock,
  expired: refresh,
  'already-used': refresh,
  'signature-invalid': cross,
  malformed: ['M3 3.500h6v6H3v-6Z', 'M15 3.500h6v6h-6v-6Z', 'M3 15h6v6', 'm14 14 7 7', 'm21 14-7 7'],
  'not-a-service-code': ['M8.6 8.700a3.5 3.5 0 1 1 5.3 3c-1.2.8-1.9 1.4-1.9 2.9', 'M12 18.600v.3'],
  'platform-unknown': ['M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.300l-.9.9', 'M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.700l.9-.9', 'm3 3 18 18'],
  'out-of-scope': ['M5.5 10.500h13v10h-13v-10Z', 'M8.3 10.500V7.300a3.7 3.7 0 0 1 7.4 0v3.2', 'M12 14.500v2.5'],
  'second-authentication': ['M12 3.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', 'M4.5 20.500c.5-4 3.5-6.2 7.5-6.200s7 2.2 7.5 6.2'],
  'not-confirmed': ['M10 3.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', 'M3 20.500c.5-4 3.200-6.200 7-6.200', 'm15 15 6 6', 'm21 15-6 6'],
  withdrawn: ['M9 4.500 4 9.500l5 5', 'M4 9.500h10a6 6 0 0 1 0 12h-3'],
  'key-ended': ['M8 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', 'M12 13h9v4', 'M17 13v3', 'm3 21 18-18'],
  'key-unknown': ['M8 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z', 'M12 13h9v4', 'M17 13v3', 'M16 4.500a2 2 0 1 1 2.900 1.800c-.6.4-.9.8-.9 1.400', 'M18 9.700v.2'],
  'data-missing': ['M4.5 10a7.7 7.7 0 0 1 13.7-2.800L20 9', 'M20 4v5h-5', 'M19.5 14a7.7 7.7 0 0 1-13.7 2.800L4 15', 'M4 20v-5h5'],
  'platform-down': ['M9 2.500v4.5', 'M15 2.500v4.5', 'M6 7h12v4a6 6 0 0 1-12 0V7Z', 'M12 17v4.5', 'm3 21.5 18-19'],
  'refused-by-platform': ['M8.3 3.500h7.400l4.8 4.800v7.400l-4.8 4.800H8.300l-4.8-4.800V8.300l4.8-4.800Z', 'M8 12h8'],
  'clock-wrong': clock,
};
