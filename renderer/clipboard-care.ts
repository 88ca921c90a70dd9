import { useEffect, useRef } from 'react';
import { useCounter } from './counter/counter-context.tsx';

/**
 * Empties the clipboard at the lock where something was copied out of this window since the last time (design 06 §7): names and numbers are not for whoever
 * comes next. A page may not read the clipboard, so that what was copied elsewhere after it goes too; and only a window in front may write, so that
 * one behind another does it when it comes to the front.
 */
export function useClipboardCare(): void {
  const isLocked = useCounter((state) => state.access?.state === 'locked');
  const hasCopied = useRef(false);
  useEffect(() => {
    const note = (): void => {
      hasCopied.current = true;
    };
    for (const type of ['copy', 'cut']) document.addEventListener(type, note);
    return () => {
      for (const type of ['copy', 'cut']) document.removeEventListener(type, note);
    };
  }, []);
  useEffect(() => {
    if (!isLocked) return undefined;
    const empty = (): void => {
      if (!hasCopied.current) return;
      hasCopied.current = false;
      navigator.clipboard.writeText('').catch(() => {
        hasCopied.current = true;
      });
    };
    empty();
    window.addEventListener('focus', empty);
    return () => window.removeEventListener('focus', empty);
  }, [isLocked]);
}
