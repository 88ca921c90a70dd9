/** One key of the test. */
export interface KeyTrace {
  readonly code: string;
  readonly key: string;
  readonly timeStamp: number;
  readonly capsLock: boolean;
}

/** What a run of keys says about a keyboard scanner. */
export interface KeyVerdict {
  readonly kind: 'good' | 'slow' | 'input-method' | 'no-suffix' | 'typed';
  readonly characters: number;
  readonly medianMs: number;
  readonly largestMs: number;
  readonly capsLock: boolean;
}

const leastKeys = 6;
/** Nobody types whole codes faster than this on average, and no scanner is slower. */
const typingMs = 90;

/** Judges a run of keys by its time stamps; modifier keys do not count as characters. */
export function judgeKeys(trace: readonly KeyTrace[], gapMs: number): KeyVerdict {
  const keys = trace.filter(({ code }) => !/^(Shift|Control|Alt|Meta|CapsLock)/.test(code));
  const gaps = keys.slice(1).map((key, index) => key.timeStamp - (keys[index]?.timeStamp ?? 0)).sort((a, b) => a - b);
  const medianMs = gaps[Math.floor(gaps.length / 2)] ?? 0;
  const ended = /^(Enter|NumpadEnter|Tab)$/.test(keys.at(-1)?.code ?? '');
  const facts = { characters: keys.length - (ended ? 1 : 0), medianMs, largestMs: gaps.at(-1) ?? 0, capsLock: trace.some((key) => key.capsLock) };
  if (trace.some((key) => key.key === 'Process')) return { kind: 'input-method', ...facts };
  if (keys.length < leastKeys || medianMs > typingMs) return { kind: 'typed', ...facts };
  if (medianMs > gapMs) return { kind: 'slow', ...facts };
  return { kind: ended ? 'good' : 'no-suffix', ...facts };
}
