import { useEffect, useState } from 'react';

const pauseMs = 250;

/** The value once it has stayed the same for a moment: what sets something in motion must not act on the first keys of a scan. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
