import type { Role } from '../../domain/roles.ts';

/** Why nobody is logged in. */
export type LockReason = 'start' | 'asked' | 'change' | 'idle' | 'session-end' | 'key-removed' | 'key-unseen';

/** Somebody who is logged in. */
export interface LoggedIn {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Who may do what at this moment. */
export type AccessState =
  | { readonly state: 'set-up' }
  | { readonly state: 'locked'; readonly reason: LockReason; readonly lastOperatorId: string | null; readonly refusedScanAt: number | null }
  /** Logged in, but first a passphrase of one's own. */
  | { readonly state: 'passphrase-due'; readonly operator: LoggedIn }
  | { readonly state: 'open'; readonly operator: LoggedIn }
  /** Nobody logs in: the machine opens itself. */
  | { readonly state: 'unattended' };
