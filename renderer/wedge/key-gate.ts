import { courseOf, type KeyPlace } from '../../domain/key-course.ts';
import { createWedgeDetector, type WedgeSettings, type WedgeStep, wedgeSilenceMs } from '../../domain/keyboard-wedge.ts';
import { createHeldKeys, type HeldKeys } from './held-keys.ts';
import { replayKey } from './key-replay.ts';
import { createTypedText, isChoice, isTextField } from './typed-text.ts';

/** What the gate needs; `onScan` is told of each whole scan. */
export interface KeyGateDeps {
  readonly settings: WedgeSettings;
  readonly onScan: (scan: KeyScan) => void;
  /** The clock of the events' time stamps. */
  readonly now: () => number;
}

/** One scan; `times` are the time stamps of its keys, `inputMethod` whether one had a hand in it. */
export interface KeyScan {
  readonly text: string;
  readonly times: readonly number[];
  readonly inputMethod: boolean;
}

/** Stands between the keyboard and the window; each takes the events of the window's capture phase. */
export interface KeyGate {
  press(event: KeyboardEvent): void;
  lift(event: KeyboardEvent): void;
  paste(event: ClipboardEvent): void;
  /** The pointer acts: so the keys before it were a person's, and act first. */
  point(): void;
  close(): void;
}

/** Told to the window when one key came alone: no scan began with it. `detail` is the key's event. */
export const loneKeyEvent = 'counter-lone-key';

/**
 * Creates the gate. Until a run of keys is known for a person's or a scanner's, what can be undone happens, and what cannot
 * (Enter, Esc, function keys, every key outside a field) waits; a scan then takes back the one and drops the other.
 */
export function createKeyGate({ settings, onScan, now }: KeyGateDeps): KeyGate {
  const detector = createWedgeDetector(settings);
  const held = createHeldKeys();
  const changes = createChanges(held, onScan);
  const timers = createTimers();
  let run = startRun();

  /** No key has come for so long that the run is over. */
  const endRun = (): void => {
    const { keys, last, isScan } = run;
    run = startRun();
    changes.keep();
    if (!isScan && keys === 1 && last !== null) window.dispatchEvent(new CustomEvent(loneKeyEvent, { detail: last }));
  };
  const waitForEnd = (): void => {
    timers.start('quiet', wedgeSilenceMs, () => (isInputPending() ? waitForEnd() : endRun()));
    timers.start('scan', detector.patience() + latenessMs, () => changes.finish(detector.silence(now()), run.times));
  };
  const count = (event: KeyboardEvent): void => {
    const gap = event.timeStamp - run.lastAt;
    if (run.keys > 0 && gap > 2 * settings.gapMs) held.pause();
    run.times.push(event.timeStamp);
    run = { ...run, keys: run.keys + 1, lastAt: event.timeStamp, last: event };
    waitForEnd();
  };

  return {
    press: (event) => {
      // What was held and acts now, or what a script made.
      if (!event.isTrusted) return;
      if (run.keys > 0 && !run.isScan && event.timeStamp - run.lastAt > wedgeSilenceMs) endRun();
      const step = detector.push(event);
      const isScan = step.kind !== 'typing';
      if (run.isScan && !isScan) run = startRun();
      if (!isModifier(event)) count(event);
      if (isScan) {
        if (!run.isScan) changes.takeBack(event);
        run.isScan = true;
        changes.swallow(event);
        return changes.finish(step, run.times);
      }
      const course = courseOf(event, placeOf(event.target));
      // A modifier changes nothing, and no run of keys may follow it.
      if ((course === 'pass' || course === 'part') && !isModifier(event)) changes.remember(event);
      if (course === 'hold' || course === 'part') holdKey(held, event);
      if (course === 'part') event.stopImmediatePropagation();
      else if (course !== 'pass') stopKey(event);
      return undefined;
    },
    lift: (event) => {
      if (event.isTrusted && (held.lift(event.code) || changes.isSwallowed(event))) stopKey(event);
    },
    paste: (event) => {
      const isText = event.clipboardData?.files.length === 0 && isTextField(event.target);
      // With no key before it, it came from the menu.
      if (!event.isTrusted || run.keys === 0 || (isText && !run.isScan)) return;
      const again = copyPaste(event);
      stopKey(event);
      if (!run.isScan) held.hold('', again);
    },
    point: () => {
      if (run.keys > 0 && !run.isScan) endRun();
    },
    close: timers.stop,
  };
}

/** What the keys of a run have changed, and what becomes of it. */
function createChanges(held: HeldKeys, onScan: KeyGateDeps['onScan']) {
  const typed = createTypedText();
  const swallowed = new Set<string>();
  const leaveField = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  return {
    remember: ({ target }: KeyboardEvent): void => typed.remember(target),
    /** A person's: what happened stays, what waited happens. */
    keep: (): void => {
      typed.forget();
      swallowed.clear();
      held.release();
    },
    /** A scanner's: what happened is undone, what waited is dropped. */
    takeBack: (event: KeyboardEvent): void => {
      for (const code of held.drop()) swallowed.add(code);
      // An input method writes on in its field whatever becomes of the keys; outside a field it has no say.
      if (isInputMethod(event)) leaveField();
      typed.undo();
      if (isInputMethod(event)) leaveField();
    },
    swallow: (event: KeyboardEvent): void => {
      swallowed.add(event.code);
      stopKey(event);
    },
    isSwallowed: ({ code }: KeyboardEvent): boolean => swallowed.delete(code),
    finish: (step: WedgeStep, times: readonly number[]): void => {
      if (step.kind !== 'scan') return;
      // What the input method had still to write.
      if (step.inputMethod) typed.undo();
      typed.forget();
      onScan({ text: step.text, times, inputMethod: step.inputMethod });
    },
  };
}

/** What was pressed for one thing on the screen does not act on another that has taken its place meanwhile. */
function holdKey(held: HeldKeys, event: KeyboardEvent): void {
  const shown = nameShown();
  held.hold(event.code, (isLifted) => {
    if (nameShown() === shown) replayKey(event, isLifted);
  });
}

/** The verdict and the dialogue on the screen. */
function nameShown(): string {
  const verdict = document.querySelector<HTMLElement>('[data-scan-id]')?.dataset['scanId'];
  const dialog = [...document.querySelectorAll<HTMLElement>('dialog:modal')].at(-1)?.dataset['testid'];
  return `${verdict ?? ''} ${dialog ?? ''}`;
}

function placeOf(target: EventTarget | null): KeyPlace {
  if (isTextField(target)) return 'text';
  if (isChoice(target)) return 'choice';
  return target instanceof Element && target.closest('[role="combobox"], [role="tablist"], [data-own-keys]') !== null ? 'own' : 'other';
}

/** Keeps an event from everybody. */
export function stopKey(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function isModifier({ code }: KeyboardEvent): boolean {
  return /^(?:Shift|Control|Alt|Meta|CapsLock)/.test(code);
}

function isInputMethod({ key, keyCode }: KeyboardEvent): boolean {
  return key === 'Process' || keyCode === 229;
}

/** On a busy machine keys wait in the queue while a timer is already due: the end by silence comes this much later. */
const latenessMs = 150;

interface Run {
  readonly times: number[];
  readonly keys: number;
  readonly lastAt: number;
  readonly last: KeyboardEvent | null;
  isScan: boolean;
}

function startRun(): Run {
  return { times: [], keys: 0, lastAt: 0, last: null, isScan: false };
}

/** What is on the clipboard can only be read while the event is new. */
function copyPaste({ clipboardData, target }: ClipboardEvent): () => void {
  const data = new DataTransfer();
  for (const file of clipboardData?.files ?? []) data.items.add(file);
  return () => void target?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}

/** Whether the browser knows of keys that the window has not been given yet (Chromium says). */
function isInputPending(): boolean {
  const { scheduling } = navigator as { readonly scheduling?: { readonly isInputPending?: () => boolean } };
  return scheduling?.isInputPending?.() ?? false;
}

function createTimers() {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  return {
    start: (name: string, ms: number, run: () => void): void => {
      clearTimeout(timers.get(name));
      timers.set(name, setTimeout(run, ms));
    },
    stop: (): void => timers.forEach((timer) => clearTimeout(timer)),
  };
}
