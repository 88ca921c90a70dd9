/** How long a certificate id may be used after it came, ms: ten minutes less a margin (wire notes W21). */
export const certificateIdLifeMs = 10 * 60_000 - 30_000;

const rememberedIds = 10_000;

/** Remembers when certificate ids came, by a monotonic clock. */
export interface CertificateIds {
  remember(ids: readonly string[]): void;
  /** False for ids that never came here: whether they are still good, the platform says. */
  isExpired(id: string): boolean;
}

/** Creates an empty memory; it keeps the newest ten thousand. */
export function createCertificateIds(monotonic: () => number): CertificateIds {
  const cameAt = new Map<string, number>();
  return {
    remember: (ids) => {
      // An answer given again for the same request brings old ids: the first time counts.
      for (const id of ids) if (!cameAt.has(id)) cameAt.set(id, monotonic());
      for (const id of cameAt.keys()) {
        if (cameAt.size <= rememberedIds) break;
        cameAt.delete(id);
      }
    },
    isExpired: (id) => monotonic() - (cameAt.get(id) ?? monotonic()) >= certificateIdLifeMs,
  };
}
