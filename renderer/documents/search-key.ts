import { useEffect, useEffectEvent } from 'react';

/** Ctrl F from anywhere in the window but a dialogue: the list beside a certificate is as near to its text as the page is. */
export function useSearchKey(run: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    const { ctrlKey, altKey, metaKey, shiftKey, code, target } = event;
    if (!ctrlKey || altKey || metaKey || shiftKey || code !== 'KeyF') return;
    if (target instanceof Element && target.closest('dialog') !== null) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
