import { useEffect, useEffectEvent } from 'react';
import { createWedgeDetector, type WedgeStep } from '../../domain/keyboard-wedge.ts';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { submitCode } from '../counter/submit-code.ts';
import { useWindow } from '../window-state.tsx';

/**
 * Takes keyboard-wedge scans at the window, whatever has the focus, by physical keys and the events' own time stamps: an
 * input method, Caps Lock or a slow screen changes nothing. While a self-test runs, keys go to it instead.
 */
export function useWedge(): void {
  const { store } = useCounterTools();
  const { scanTap } = useWindow();
  const wedge = useCounter((state) => state.session?.wedge ?? null);
  const isTapped = useEffectEvent((event: KeyboardEvent) => {
    scanTap?.(event);
    return scanTap !== null;
  });
  useEffect(() => {
    if (wedge === null) return undefined;
    const detector = createWedgeDetector(wedge);
    const typed = createTypedText();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = (step: WedgeStep): void => {
      if (step.kind !== 'scan') return;
      if (step.leaked > 0) typed.restore();
      if (step.inputMethod) store.dispatch({ type: 'ime' });
      void submitCode(store, { source: 'wedge', bytes: new TextEncoder().encode(step.text) });
    };
    const press = (event: KeyboardEvent): void => {
      if (isTapped(event)) return undefined;
      const step = detector.push(event);
      clearTimeout(timer);
      timer = setTimeout(() => finish(detector.silence(performance.now())), detector.patience() + latenessMs);
      if (step.kind === 'typing') return typed.remember(event);
      event.preventDefault();
      event.stopPropagation();
      return finish(step);
    };
    window.addEventListener('keydown', press, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', press, { capture: true });
    };
  }, [store, wedge]);
}

/** On a busy machine keys wait in the queue while a timer is already due: the end by silence comes this much later. */
const latenessMs = 150;

interface TypedText {
  readonly remember: (event: KeyboardEvent) => void;
  readonly restore: () => void;
}

/** The first keys of a scan look like typing and land in a field: its text of before is put back when the scan is known. */
function createTypedText(): TypedText {
  let field: HTMLInputElement | HTMLTextAreaElement | null = null;
  let before = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    remember: (event) => {
      const { target } = event;
      const editable = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
      if (editable !== field || event.timeStamp - lastAt > freshTypingMs) {
        field = editable;
        before = editable?.value ?? '';
      }
      lastAt = event.timeStamp;
    },
    restore: () => {
      if (field !== null && field.value !== before) {
        // React listens for the native setter and the input event.
        Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, before);
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      field = null;
    },
  };
}

/** A pause this long before a key means that what stands in the field was typed by a person. */
const freshTypingMs = 150;
