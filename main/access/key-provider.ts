import type { Result } from '../../domain/failure.ts';
import type { HeldKey } from './access-record.ts';

/** A person's own key as they hold it out: the text of a key file with its passphrase, or the PIN of the USB key that is plugged in. */
export type PresentedKey = { readonly kind: 'file'; readonly pin: string; readonly file: string } | { readonly kind: 'usb'; readonly pin: string };

/** One kind of key that a person can have. A key gives 32 secret bytes back that were given into its keeping. */
export interface KeyProvider<Kind extends HeldKey['kind']> {
  /** Whether this machine can use such keys. */
  isSetUp(): boolean;
  /** Takes a key for somebody. `access/key-refused` with why, or what a USB key answers. */
  bind(presented: Extract<PresentedKey, { kind: Kind }>): Promise<Result<{ readonly held: HeldKey; readonly secret: Uint8Array }>>;
  /** The secret of a key that was bound; null when this is not that key or not its passphrase. A key that could not be asked is a failure. */
  open(held: HeldKey, presented: Extract<PresentedKey, { kind: Kind }>): Promise<Result<Uint8Array | null>>;
  /** Tells when a key is not there any more, or nobody looks any more whether it is. Gives what ends the watch. */
  watch(held: HeldKey, onGone: (why: 'key-removed' | 'key-unseen') => void): () => void;
}

/** The kinds of keys that this counter can use. */
export type KeyProviders = { readonly [Kind in HeldKey['kind']]: KeyProvider<Kind> };
