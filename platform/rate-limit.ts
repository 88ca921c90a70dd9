/** Bounds how often one address may ask, in a fixed window; remembers a bounded number of addresses. */
export interface RateLimit {
  /** Milliseconds to wait, 0 when the request may pass. */
  take(address: string): number;
}

const mostAddresses = 10_000;

/** At most `requests` in `windowMs` for each address. */
export function createRateLimit(deps: { requests: number; windowMs: number; now: () => number }): RateLimit {
  const windows = new Map<string, { from: number; count: number }>();
  return {
    take: (address) => {
      const now = deps.now();
      const known = windows.get(address);
      if (known !== undefined && now - known.from < deps.windowMs && now >= known.from) {
        known.count++;
        return known.count <= deps.requests ? 0 : known.from + deps.windowMs - now;
      }
      windows.delete(address);
      // The oldest address goes first: a flood of addresses costs memory for none of them.
      if (windows.size >= mostAddresses) windows.delete(windows.keys().next().value ?? '');
      windows.set(address, { from: now, count: 1 });
      return 0;
    },
  };
}
