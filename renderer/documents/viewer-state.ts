import { type KeyboardEvent, useState } from 'react';
import type { ViewerControlKey, ViewerKey } from '../keys.ts';
import { nextZoom } from './sheet-scale.ts';
import type { GoalPlace, GoTo } from './sheet-source.ts';

/** What can stand beside the page. */
export const sidePanels = ['pages', 'outline', 'search', 'fields'] as const;
export type SidePanel = (typeof sidePanels)[number];

/** Beside the page there is room for the data from this width on. */
const wideWindow = 1600;

/** A place on a page; each time that it is gone to it is another one. */
export interface Aim {
  readonly page: number;
  readonly place: GoalPlace;
}

/** What is looked at, and how to change it. */
export interface View {
  readonly page: number;
  readonly zoom: number | 'fit';
  /** Quarter turns clockwise. */
  readonly turn: number;
  readonly panel: SidePanel | null;
  readonly phrase: string;
  /** The place that was gone to, until another page is. */
  readonly aim: Aim | null;
  readonly goTo: GoTo;
  readonly setZoom: (zoom: number | 'fit') => void;
  readonly rotate: () => void;
  readonly toggle: (panel: SidePanel) => void;
  readonly openSearch: () => void;
  readonly setPhrase: (phrase: string) => void;
  readonly press: (event: KeyboardEvent, scale: number) => void;
}

/** The state of one viewer. */
export function useView(pages: number): View {
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState<number | 'fit'>('fit');
  const [turn, setTurn] = useState(0);
  const [panel, setPanel] = useState<SidePanel | null>(() => (window.innerWidth >= wideWindow ? 'fields' : null));
  const [phrase, setPhrase] = useState('');
  const [aim, setAim] = useState<Aim | null>(null);
  const goTo: GoTo = (wanted, place = null) => {
    const next = Math.min(pages, Math.max(1, wanted));
    setPage(next);
    setAim(place === null ? null : { page: next, place });
  };
  const rotate = (): void => setTurn((turn + 1) % 4);
  const toggle = (wanted: SidePanel): void => setPanel(panel === wanted ? null : wanted);
  const openSearch = (): void => setPanel('search');
  const press = (event: KeyboardEvent, scale: number): void => {
    const { ctrlKey, altKey, metaKey, key } = event;
    if (altKey || metaKey) return;
    const plain: Readonly<Record<ViewerKey, () => void>> = { PageDown: () => goTo(page + 1), PageUp: () => goTo(page - 1), Home: () => goTo(1), End: () => goTo(pages) };
    // Keys that write are left to scanners.
    const withControl: Readonly<Record<ViewerControlKey, () => void>> = {
      ArrowUp: () => setZoom(nextZoom(scale, 1)),
      ArrowDown: () => setZoom(nextZoom(scale, -1)),
      ArrowLeft: () => setZoom('fit'),
      ArrowRight: rotate,
    };
    const isTyping = event.target instanceof HTMLInputElement;
    const action = actionOf(ctrlKey ? withControl : isTyping ? {} : plain, key);
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return { page: Math.min(page, pages), zoom, turn, panel, phrase, aim, goTo, setZoom, rotate, toggle, openSearch, setPhrase, press };
}

function actionOf(actions: Readonly<Record<string, () => void>>, key: string): (() => void) | undefined {
  return Object.hasOwn(actions, key) ? actions[key] : undefined;
}
