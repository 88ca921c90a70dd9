import { useEffect, useEffectEvent } from 'react';
import type { WedgeSettings } from '../../domain/keyboard-wedge.ts';
import { useCounter, useCounterTools } from '../counter/counter-context.tsx';
import { submitCode } from '../counter/submit-code.ts';
import { useWindow } from '../window-state.tsx';
import { createKeyGate, type KeyGate, stopKey } from './key-gate.ts';

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
    return guardKeys(gate, (event) => {
      const isTapped = tap(event);
      gate.press(event);
      if (isTapped && event.key !== 'Tab') stopKey(event);
    });
  }, [store, wedge, now, addWedgeTrace]);
}

/** Keeps keyboard-wedge scans out of the fields of the locked counter: there they would be tries at a passphrase. */
export function useRefusedWedge(settings: WedgeSettings, onScan: () => void): void {
  const { prefix, suffix, gapMs } = settings;
  const refuse = useEffectEvent(onScan);
  useEffect(() => {
    const gate = createKeyGate({ settings: { prefix, suffix, gapMs }, now: () => performance.now(), onScan: () => refuse() });
    return guardKeys(gate, gate.press);
  }, [prefix, suffix, gapMs]);
}

/** Lets the gate see the window's keys first; gives what ends it. */
function guardKeys(gate: KeyGate, press: (event: KeyboardEvent) => void): () => void {
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
}
