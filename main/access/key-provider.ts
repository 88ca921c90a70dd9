import type { Result } from '../../domain/failure.ts';
import type { HeldKey } from './access-record.ts';

/** A person's own key as they hold it out: the text of a key file with its passphrase. */
export interface PresentedKey {
  readonly kind: HeldKey['kind'];
  readonly pin: string;
  readonly file: string;
}

/** One kind of key that a person can have. A key gives 32 secret bytes back that were given into its keeping. */
export interface KeyProvider {
  /** Takes a key for somebody. `access/key-refused` with why. */
  bind(presented: PresentedKey): Promise<Result<{ readonly held: HeldKey; readonly secret: Uint8Array }>>;
  /** The secret of a key that was bound; null when this is not that key or not its passphrase. */
  open(held: HeldKey, presented: PresentedKey): Promise<Uint8Array | null>;
}

/** The kinds of keys that this counter can use. */
export type KeyProviders = Readonly<Record<HeldKey['kind'], KeyProvider>>;
