/** Who can mend a failure: by itself at once, by itself later, the person at the window, an administrator, nobody. */
export type Mender = 'now' | 'later' | 'user' | 'admin' | 'never';

/**
 * The closed list of failures. A failure is a value, never thrown inside the domain; a thrown Error is a bug. A refused
 * code is not a failure but a verdict (`domain/verdict.ts`). The window has a text for every code, checked by the compiler.
 */
export const failures = {
  'case/not-open': 'user',
  'case/field-missing': 'user',
  'scan/too-long': 'user',
  'scan/not-a-picture': 'user',
  'scan/unreadable-image': 'user',
  'scan/no-code-in-image': 'user',
  'scan/several-codes': 'user',
  'scan/busy': 'now',
  'scan/torn': 'user',
  'verdict/unknown': 'never',
  'verdict/not-granted': 'user',
  'verdict/grant-ended': 'user',
  'verdict/withdrawn': 'user',
  'permission/not-granted': 'user',
  'permission/by-file': 'never',
  'permission/no-recipient': 'never',
  'permission/unconfirmed': 'later',
  'certificate/expired-id': 'now',
  'certificate/not-found': 'never',
  'file/too-large': 'never',
  'file/wrong-magic': 'later',
  'file/wrong-hash': 'later',
  'file/host-not-allowed': 'admin',
  'file/unsupported-format': 'never',
  'file/damaged': 'later',
  'file/not-found': 'never',
  'remote/unreachable': 'later',
  'remote/timeout': 'later',
  'remote/http-status': 'later',
  'remote/too-large': 'never',
  'remote/undecryptable': 'admin',
  'remote/malformed': 'admin',
  'remote/forged': 'admin',
  'remote/refused': 'admin',
  'remote/not-enrolled': 'admin',
  'store/locked': 'user',
  'store/damaged': 'admin',
  'store/no-backup': 'admin',
  'store/newer-schema': 'admin',
  'store/full': 'admin',
  'store/unwritable': 'admin',
  'store/key-missing': 'admin',
  'access/set-up-needed': 'user',
  'access/locked': 'user',
  'access/wrong': 'user',
  'access/key-refused': 'user',
  'access/locked-out': 'later',
  'access/passphrase-due': 'user',
  'access/passphrase-weak': 'user',
  'access/people-unfit': 'user',
  'access/unknown-person': 'user',
  'access/two-needed': 'user',
  'access/not-your-role': 'user',
  'key/not-set-up': 'admin',
  'key/library-failed': 'admin',
  'key/absent': 'user',
  'key/removed': 'user',
  'key/not-yours': 'user',
  'key/pin-wrong': 'user',
  'key/pin-locked': 'admin',
  'key/unfit': 'user',
  'key/store-failed': 'admin',
  'device/port-busy': 'user',
  'device/port-missing': 'user',
  'device/port-failed': 'admin',
  'device/not-permitted': 'admin',
  'device/no-signal': 'never',
  'settings/not-readable': 'user',
  'settings/unfit': 'admin',
  'audit/chain-broken': 'admin',
  'audit/stopped': 'user',
  'audit/too-large': 'user',
  'window/disconnected': 'now',
  'internal/bug': 'admin',
} as const satisfies Record<string, Mender>;

export type FailureCode = keyof typeof failures;

/** A failure with what is needed to word it: never personal data, never a secret. */
export interface Failure {
  readonly code: FailureCode;
  readonly detail?: string;
}

/** Whether a gateway answered in the platform's place, having no answer of it (RFC 9110, 15.6.3–15.6.5). */
export function isGatewayFailure({ code, detail }: Failure): boolean {
  return code === 'remote/http-status' && (detail === '502' || detail === '503' || detail === '504');
}

/** Whether the platform said nothing at all: not reached, not in time, or not to its own gateway. */
export function isSilence(failure: Failure): boolean {
  return failure.code === 'remote/unreachable' || failure.code === 'remote/timeout' || isGatewayFailure(failure);
}

/** The two outcomes of a call that can fail. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const fail = (code: FailureCode, detail?: string): { ok: false; failure: Failure } => ({
  ok: false,
  failure: detail === undefined ? { code } : { code, detail },
});
