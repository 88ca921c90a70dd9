import { useEffect, useEffectEvent } from 'react';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { submitCode } from '../counter/submit-code.ts';
import { useWindow } from '../window-state.tsx';
import { createKeyGate, stopKey } from './key-gate.ts';

/**
 * Takes keyboard-wedge scans at the window, whatever has the focus, by physical keys and the events' own time stamps: an
 * input method, Caps Lock or a slow screen changes nothing. While the self-test runs it sees every key, and what
 * is no scan acts on nothing.
 */
export function useWedge(): void {
  const { store, now } = useCounterTools();
  const { keyTap, addWedgeTrace } = useWindow();
  const wedge = useCounter((state) => state.session?.wedge ?? null);
  const tap = useEffectEvent((event: KeyboardEvent) => {
    keyTap?.(event);
    return keyTap !== null;
  });
  useEffect(() => {
    if (wedge === null) return undefined;
    const gate = createKeyGate({
      settings: wedge,
      now: () => performance.now(),
      onScan: ({ text, times, inputMethod }) => {
        addWedgeTrace({ at: now(), times });
        if (inputMethod) store.dispatch({ type: 'ime' });
        void submitCode(store, { source: 'wedge', bytes: new TextEncoder().encode(text) });
      },
    });
    const press = (event: KeyboardEvent): void => {
      const isTapped = tap(event);
      gate.press(event);
      if (isTapped && event.key !== 'Tab') stopKey(event);
    };
    window.addEventListener('keydown', press, { capture: true });
    window.addEventListener('keyup', gate.lift, { capture: true });
    window.addEventListener('paste', gate.paste, { capture: true });
    window.addEventListener('pointerdown', gate.point, { capture: true });
    return () => {
      gate.close();
      window.removeEventListener('keydown', press, { capture: true });
      window.removeEventListener('keyup', gate.lift, { capture: true });
      window.removeEventListener('paste', gate.paste, { capture: true });
      window.removeEventListener('pointerdown', gate.point, { capture: true });
    };
  }, [store, wedge, now, addWedgeTrace]);
}
