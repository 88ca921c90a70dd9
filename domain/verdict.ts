import type { KindId } from './code-kind.ts';

/**
 * The state of a verdict, one word for one outcome (design: the verdict table of the product). A verdict is never
 * rendered before it is complete, and no data is rendered before its verdict.
 */
export const verdictStates = [
  'verified',
  'provisional',
  'expired',
  'already-used',
  'signature-invalid',
  'malformed',
  'not-a-service-code',
  'platform-unknown',
  'out-of-scope',
  'second-authentication',
  'not-confirmed',
  'withdrawn',
  'key-ended',
  'key-unknown',
  'data-missing',
  'platform-down',
  'refused-by-platform',
  'clock-wrong',
] as const;
export type VerdictState = (typeof verdictStates)[number];

/** Whether a verdict decides nothing yet: the holder is still to confirm, or the platform still to be asked. Neither a pass nor a refusal. */
export function isUndecided(state: VerdictState): boolean {
  return state === 'second-authentication' || state === 'provisional';
}

/** The ordered checks; each is made only when all before it passed (C 0300-2021 6.1.1, 6.3.2, 7.3.3). */
export const checkIds = [
  'readable',
  'kind',
  'structure',
  'platform',
  'signature',
  'expiry',
  'online',
  'one-time',
  'consent-digest',
  'grantee',
  'data',
] as const;
export type CheckId = (typeof checkIds)[number];

/** `not-made` is said in words in the window: a check that was not made is never shown as passed. */
export const checkOutcomes = ['passed', 'failed', 'warned', 'not-made'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/**
 * One support code per cause, stable for ever: it is printed small on the verdict, in the audit entry and in the
 * manual. The state says what the clerk sees; the code says which of its causes it was.
 */
export const supportCodes = {
  'E-FMT-01': { state: 'malformed', check: 'readable' }, // longer than 4 KiB, or bytes that no character set explains
  'E-FMT-02': { state: 'malformed', check: 'structure' }, // length field and length disagree
  'E-FMT-03': { state: 'malformed', check: 'structure' }, // version is not 1
  'E-FMT-04': { state: 'malformed', check: 'structure' }, // identity segment: not a USCC with a right check character, nor a hash
  'E-FMT-05': { state: 'malformed', check: 'structure' }, // expiry is not a time
  'E-FMT-06': { state: 'malformed', check: 'structure' }, // a character outside [0-9A-Z], a platform id or hex field that is none
  'E-KIND-01': { state: 'not-a-service-code', check: 'kind' }, // a known code of another kind
  'E-KIND-02': { state: 'not-a-service-code', check: 'kind' }, // unknown content
  'E-PLAT-01': { state: 'platform-unknown', check: 'platform' }, // platform id not in the routing table
  'E-SIG-01': { state: 'signature-invalid', check: 'signature' },
  'E-SIG-02': { state: 'platform-unknown', check: 'signature' }, // platform known, but no key of it is valid now
  'E-SIG-03': { state: 'key-ended', check: 'signature' }, // the key that signed it was revoked
  'E-SIG-04': { state: 'key-ended', check: 'signature' }, // the key that signed it is valid no more, or not yet
  'E-SIG-05': { state: 'key-unknown', check: 'signature' }, // no key known here signed it, and newer keys could not be had
  'E-EXP-01': { state: 'expired', check: 'expiry' },
  'E-EXP-02': { state: 'expired', check: 'online' }, // the platform says it is expired
  'E-CLK-01': { state: 'clock-wrong', check: 'expiry' }, // our clock and the platform's disagree too much
  'E-USED-01': { state: 'already-used', check: 'one-time' },
  'E-SCOPE-01': { state: 'out-of-scope', check: 'data' }, // nothing that this matter needs was granted
  'E-SCOPE-02': { state: 'out-of-scope', check: 'grantee' }, // a grantee is named and it is not us
  'E-SCOPE-03': { state: 'out-of-scope', check: 'expiry' }, // the period of the consent has not begun
  'E-DIG-01': { state: 'signature-invalid', check: 'consent-digest' }, // digest in the code and consent record disagree
  'E-AUTH-01': { state: 'second-authentication', check: 'online' },
  'E-AUTH-02': { state: 'not-confirmed', check: 'online' }, // the holder was asked and said no
  'E-AUTH-03': { state: 'not-confirmed', check: 'online' }, // the holder was asked and did not answer in time
  'E-WDR-01': { state: 'withdrawn', check: 'online' }, // the holder took the grant back
  'E-NET-01': { state: 'platform-down', check: 'online' }, // no connection
  'E-NET-02': { state: 'platform-down', check: 'online' }, // no answer in time
  'E-NET-03': { state: 'platform-down', check: 'online' }, // HTTP status, size or content type refused
  'E-NET-04': { state: 'platform-down', check: 'online' }, // the platform's gateway got no answer of it
  'E-ENV-01': { state: 'platform-down', check: 'online' }, // answer cannot be opened with our key
  'E-ENV-02': { state: 'platform-down', check: 'online' }, // answer opened but is not of the agreed form
  'E-ENV-03': { state: 'platform-down', check: 'online' }, // answer not signed by the platform, or to another request
  'E-PLAT-02': { state: 'refused-by-platform', check: 'online' }, // head.status is not "0"
  'E-PLAT-03': { state: 'refused-by-platform', check: 'online' }, // verdict / result says no ("0")
  'E-PLAT-04': { state: 'refused-by-platform', check: 'online' }, // the platform never made this code
  'E-PLAT-05': { state: 'platform-down', check: 'online' }, // the platform that made the code does not answer ours
  'E-DATA-01': { state: 'data-missing', check: 'data' }, // verified, but the data service gave nothing
} as const satisfies Record<string, { state: VerdictState; check: CheckId }>;
export type SupportCode = keyof typeof supportCodes;

/** One line of the checklist. `ms` is null where nothing was measured (a table look-up, or not made). */
export interface Check {
  readonly id: CheckId;
  readonly outcome: CheckOutcome;
  readonly ms: number | null;
}

/** What the local part (no network) found: either the parsed facts to ask the platform with, or a refusal. */
export interface LocalRefusal {
  readonly state: VerdictState;
  readonly supportCode: SupportCode;
  readonly kind: KindId;
  readonly checks: readonly Check[];
}
