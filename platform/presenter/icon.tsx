import type { ReactNode } from 'react';

const drawings = {
  search: 'M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM16 16l4.5 4.5',
  next: 'm9 5.5 6.5 6.5L9 18.5',
  tick: 'm5.5 12.5 4.2 4.2L18.5 8',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4h-4',
  person: 'M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.6-3.6 3.6-5.5 7.5-5.500s6.9 1.9 7.5 5.5',
  licence: 'M4.5 5.500h15v13h-15v-13ZM8 9.500h8M8 12.500h5M14.500 15.500h2',
  seal: 'M12 3.500l2.300 1.700 2.900-.1.800 2.700 2.300 1.700-1 2.700 1 2.700-2.300 1.700-.8 2.700-2.900-.1L12 20.900l-2.300-1.700-2.900.1-.8-2.700-2.300-1.700 1-2.700-1-2.700L6 7.800l.8-2.700 2.900.1L12 3.500ZM9 12.200l2.200 2.200L15.300 10',
  log: 'M6 4.500h12v15H6v-15ZM9 8.500h6M9 12h6M9 15.500h4',
  undo: 'M9 5 4.500 9.500 9 14M4.500 9.500H14a5.500 5.500 0 0 1 0 11h-3',
  copy: 'M9 8.5h9.5a1 1 0 0 1 1 1V19a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V9.5a1 1 0 0 1 1-1zM4.5 15.5V5.5a1 1 0 0 1 1-1H15',
  save: 'M12 4.5V15M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14',
  back: 'M15 5.5 8.5 12l6.500 6.500',
  code: 'M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15M9 9h6v6H9z',
} as const;

/** One line icon of the page's family: 24 box, strokes of 1.7. */
export function Icon({ name }: { readonly name: keyof typeof drawings }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}
