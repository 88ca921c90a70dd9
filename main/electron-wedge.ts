import type { Input, WebContents } from 'electron';
import { courseOf } from '../domain/key-course.ts';
import { createWedgeDetector, type WedgeKey, type WedgeSettings } from '../domain/keyboard-wedge.ts';

/** What the guard needs: how the scanner is set now, and a clock that only goes forward, ms. */
export interface WedgeGuardDeps {
  readonly settings: () => WedgeSettings;
  readonly monotonic: () => number;
}

/**
 * Keeps the commands among a keyboard scanner's keys (F4, Ctrl+P, Esc …) from the program's window, before Electron or the page
 * sees them. Characters always go on to the page, which takes the scan by the events' own time stamps: this process knows only
 * when it heard of a key, and where that misleads it, the page still decides.
 */
export function guardWedge(contents: WebContents, { settings, monotonic }: WedgeGuardDeps): void {
  let used = settings();
  let detector = createWedgeDetector(used);
  contents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown') return;
    const now = settings();
    if (now.prefix !== used.prefix || now.suffix !== used.suffix || now.gapMs !== used.gapMs) {
      used = now;
      detector = createWedgeDetector(used);
    }
    const key = toWedgeKey(input, monotonic());
    const step = detector.push(key);
    if (step.kind !== 'typing' && isCommand(key)) event.preventDefault();
  });
}

/** What writes no character, but for the chord that stands for GS and the keys that end a scan. */
function isCommand(key: WedgeKey): boolean {
  const isChord = key.ctrlKey || key.altKey || key.metaKey;
  if (key.ctrlKey && key.code === 'BracketRight') return false;
  return isChord || (courseOf(key, 'text') === 'hold' && !/^(?:Enter|NumpadEnter)$/.test(key.code));
}

/** Electron names the same physical keys; it gives no key code and no time. */
function toWedgeKey({ code, key, shift, control, alt, meta, isAutoRepeat }: Input, timeStamp: number): WedgeKey {
  return { code, key, keyCode: 0, timeStamp, shiftKey: shift, ctrlKey: control, altKey: alt, metaKey: meta, repeat: isAutoRepeat };
}
