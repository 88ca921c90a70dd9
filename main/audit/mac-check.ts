import { createEntryMac, nextEpochKey } from '../../domain/audit-mac.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';

/** What is known of a log's MACs: the generation they are checked of, its first key (null: elsewhere), and up to where there may be none. */
export interface KnownMacs {
  readonly gen: number;
  readonly seed: Uint8Array | null;
  /** The last entry that may have none, where that was noted when the keys were made. */
  readonly withoutMacUpTo?: number;
}

/** A check of MACs, entry by entry from the first. */
export interface MacCheck {
  /** Whether an entry's MAC (null: it has none) is right as far as can be told here. */
  holds(entry: { readonly seq: number; readonly gen: number | undefined; readonly hash: string }, mac: Uint8Array | null): boolean;
  /** A checkpoint of that generation: the next entry is of the next epoch. */
  endEpoch(gen: number): void;
  /** How many MACs were worked out. */
  checked(): number;
  /** How many entries have none: the first so many. */
  without(): number;
}

/**
 * Creates it. Version 0.1.0 made no MACs, so the first entries of a log may have none, up to the first that has one and not past
 * the first checkpoint: whoever cannot make MACs of an earlier epoch could otherwise leave them all out.
 */
export function createMacCheck({ gen, seed, withoutMacUpTo = Infinity }: KnownMacs): MacCheck {
  let key = seed ?? new Uint8Array();
  let mac = createEntryMac(key);
  let mayLack = true;
  let [checked, without] = [0, 0];
  return {
    holds: (entry, stated) => {
      if (stated === null) {
        without += 1;
        return mayLack && entry.seq <= withoutMacUpTo;
      }
      mayLack = false;
      if (seed === null || entry.gen !== gen) return true;
      checked += 1;
      return equalBytes(stated, mac(entry.hash));
    },
    endEpoch: (closedGen) => {
      mayLack = false;
      if (seed === null || closedGen !== gen) return;
      key = nextEpochKey(key);
      mac = createEntryMac(key);
    },
    checked: () => checked,
    without: () => without,
  };
}
