import { useEffect, useState } from 'react';
import type { Answer } from './presenter-api.ts';

const everyMs = 3000;

/**
 * Asks every three seconds while the page is in sight, one call at a time, and keeps the last good answer. `key` names
 * what is asked; null asks nothing. Both must stay equal between renders as long as the question is the same.
 */
export function usePolled<T>(key: string | null, ask: (key: string) => Promise<Answer<T>>): T | null {
  const [last, setLast] = useState<{ key: string; value: T } | null>(null);
  useEffect(() => {
    if (key === null) return undefined;
    const state = { isOver: false, timer: 0 };
    const run = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        const answer = await ask(key);
        if (state.isOver) return;
        if (answer.ok) setLast({ key, value: answer.value });
      }
      state.timer = window.setTimeout(() => void run(), everyMs);
    };
    void run();
    return () => {
      state.isOver = true;
      clearTimeout(state.timer);
    };
  }, [key, ask]);
  return last !== null && last.key === key ? last.value : null;
}
