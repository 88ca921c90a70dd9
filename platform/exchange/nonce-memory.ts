/** Remembers the nonces of signed requests for as long as their time stamps are accepted. */
export interface NonceMemory {
  /** False when the nonce was seen before. */
  remember(nonce: string, now: number): boolean;
}

/** `lifeMs` must be at least twice the accepted age; at most `capacity` are kept, beyond that every nonce is refused. */
export function createNonceMemory({ lifeMs = 11 * 60_000, capacity = 200_000 } = {}): NonceMemory {
  const seen = new Map<string, number>();
  return {
    remember: (nonce, now) => {
      // A Map keeps insertion order: the oldest are in front.
      for (const [old, at] of seen) {
        if (at > now - lifeMs) break;
        seen.delete(old);
      }
      if (seen.has(nonce) || seen.size >= capacity) return false;
      seen.set(nonce, now);
      return true;
    },
  };
}
