import { wedgeCharacter } from './keyboard-wedge.table.ts';

/**
 * One keydown as a window sees it: the names are those of the DOM's KeyboardEvent. `timeStamp` is the event's own, never
 * the time at which the handler ran: a busy window would stretch every gap.
 */
export interface WedgeKey {
  /** Physical key: layouts, Caps Lock and input methods do not change it. */
  readonly code: string;
  readonly key: string;
  readonly keyCode: number;
  readonly timeStamp: number;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
}

/** How the scanner is set. `prefix` and `suffix` are printable characters, `\r`, `\n` or `\t`; both may be empty. */
export interface WedgeSettings {
  readonly prefix: string;
  readonly suffix: string;
  /** The largest median gap between two keys of a scan, ms. */
  readonly gapMs: number;
}

/**
 * What a key turned out to be: `typing` (a person's, leave it alone), `burst` (a scanner's, keep it from the window), or the
 * end of a scan. `leaked`: how many keys went to the window before the burst was recognised. `inputMethod`: an input method
 * had a hand in it, which the clerk should be told.
 */
export type WedgeStep =
  | { readonly kind: 'typing' }
  | { readonly kind: 'burst' }
  | { readonly kind: 'scan'; readonly text: string; readonly leaked: number; readonly inputMethod: boolean };

/** Tells a keyboard-wedge scanner from a person, key by key. */
export interface WedgeDetector {
  push(key: WedgeKey): WedgeStep;
  /** The keyboard has been silent up to this time: the end of a scan whose suffix is empty or was lost. */
  silence(timeStamp: number): WedgeStep;
  /** How long a silence must last now to end what has begun, ms. */
  patience(): number;
}

/** After this silence typing, or a burst that no suffix ends, is over, ms; one gap inside a scan may come close to it. */
export const wedgeSilenceMs = 120;

/** A known burst that has yet to send its suffix may stall this long, ms: radio scanners and busy machines do. */
const stallMs = 500;

const typing: WedgeStep = { kind: 'typing' };
const burst: WedgeStep = { kind: 'burst' };

/** Keys from which on a fast run counts as a scanner's: nobody hits six keys at this pace. */
const leastKeys = 6;
/** What is longer is no code: it is handed on cut to one character more, so that the hub says so. */
const mostCharacters = 4096;

/** Creates a detector for one window. */
export function createWedgeDetector(settings: WedgeSettings): WedgeDetector {
  let run = startRun();
  const patience = (): number => (run.recognisedAt !== null && !run.follows && settings.suffix !== '' ? stallMs : wedgeSilenceMs);

  const finish = (next: Run): WedgeStep => {
    const finished = run;
    run = next;
    const text = takeText(finished, settings);
    if (finished.recognisedAt === null || text === null) return finished.recognisedAt === null ? typing : burst;
    return { kind: 'scan', text, leaked: finished.recognisedAt, inputMethod: finished.inputMethod };
  };

  return {
    push: (key) => {
      // A scanner sends shift as a key of its own; the character carries it anyway.
      if (isModifier(key.code)) return run.recognisedAt === null ? typing : burst;
      if (run.keys > 0 && key.timeStamp - run.lastAt > patience()) run = startRun();
      // A held key repeats as fast as a scanner types.
      if (key.repeat) {
        if (run.recognisedAt === null) run = startRun();
        else run.lastAt = key.timeStamp;
        return run.recognisedAt === null ? typing : burst;
      }
      addKey(run, key, settings);
      if (run.recognisedAt !== null && isEnded(run, settings)) return finish(followRun(key.timeStamp));
      return run.recognisedAt === null ? typing : burst;
    },
    silence: (timeStamp) => {
      if (run.keys === 0 || timeStamp - run.lastAt <= patience()) return run.recognisedAt === null ? typing : burst;
      // What trails after a suffix is the rest of a line, unless it is long enough to be a code of its own.
      if (run.follows && run.keys < leastKeys) run = startRun();
      return finish(startRun());
    },
    patience,
  };
}

interface Run {
  text: string;
  keys: number;
  lastAt: number;
  gaps: number[];
  inputMethod: boolean;
  /** How many keys had gone by when it was clear; null until then. */
  recognisedAt: number | null;
  /** It began right behind a scan: a scanner's from its first key. */
  readonly follows: boolean;
}

function startRun(): Run {
  return { text: '', keys: 0, lastAt: 0, gaps: [], inputMethod: false, recognisedAt: null, follows: false };
}

function followRun(lastAt: number): Run {
  return { ...startRun(), keys: 1, lastAt, recognisedAt: 0, follows: true };
}

/** Keys that write nothing count for the pace: a code can make a scanner press F4 or Ctrl+P among its characters (threat T8). */
function addKey(run: Run, key: WedgeKey, { gapMs }: WedgeSettings): void {
  if (run.keys > 0 && run.recognisedAt === null) run.gaps.push(key.timeStamp - run.lastAt);
  run.keys += 1;
  run.lastAt = key.timeStamp;
  const character = readCharacter(key) ?? '';
  // Beyond the limit only what may be the suffix still counts.
  run.text = run.text.length <= mostCharacters ? run.text + character : run.text.slice(0, mostCharacters + 1) + (run.text.slice(mostCharacters + 1) + character).slice(-8);
  run.inputMethod ||= key.key === 'Process' || key.keyCode === 229;
  if (run.recognisedAt === null && run.keys >= leastKeys && isFast(run.gaps, gapMs)) run.recognisedAt = run.keys - 1;
}

function isEnded(run: Run, { suffix }: WedgeSettings): boolean {
  return suffix !== '' && run.text.endsWith(suffix);
}

/** The last gaps only, so that a person's keys right before a scan do not hide it. */
function isFast(gaps: readonly number[], gapMs: number): boolean {
  const last = gaps.slice(-(leastKeys - 1)).sort((a, b) => a - b);
  const median = last[Math.floor(last.length / 2)] ?? Number.POSITIVE_INFINITY;
  // One hiccup is a scanner's; two in five are a person who rolls over the keys.
  return median <= gapMs && last.filter((gap) => gap > gapMs).length <= 1;
}

/** The characters between prefix and suffix; null without the prefix that the scanner must send. */
function takeText({ text: raw }: Run, { prefix, suffix }: WedgeSettings): string | null {
  const start = prefix === '' ? 0 : raw.indexOf(prefix);
  if (start < 0) return null;
  const text = raw.slice(start + prefix.length);
  const bare = suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
  return bare === '' ? null : bare.slice(0, mostCharacters + 1);
}

/** Null for keys that write nothing; chords that a code makes a scanner press are dropped (threat T8), but for GS. */
function readCharacter(key: WedgeKey): string | null {
  const isChord = key.ctrlKey || key.altKey || key.metaKey;
  if (isChord) return key.ctrlKey && !key.altKey && !key.metaKey && key.code === 'BracketRight' ? '\u001d' : null;
  return wedgeCharacter(key.code, key.shiftKey);
}

function isModifier(code: string): boolean {
  return /^(?:Shift|Control|Alt|Meta)(?:Left|Right)$/.test(code) || code === 'CapsLock';
}
