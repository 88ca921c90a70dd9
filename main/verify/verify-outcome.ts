import type { KindId } from '../../domain/code-kind.ts';
import type { CertificateEntry, ConsentRecord, InformationGroup, OperatorCredential } from '../../domain/contracts/enterprise.ts';
import type { Purpose } from '../../domain/contracts/sharing.ts';
import type { Failure } from '../../domain/failure.ts';
import type { Permissions } from '../../domain/permissions.ts';
import type { Secret } from '../../domain/secret.ts';
import type { ServiceCode } from '../../domain/service-code.ts';
import type { Check, SupportCode, VerdictState } from '../../domain/verdict.ts';

/** One scan as the verifier takes it; `receivedAt` is epoch ms. */
export interface VerifyScan {
  readonly scanId: string;
  readonly bytes: Uint8Array;
  /** What the hub read the bytes as, by the character set of the device; empty when they fit none. */
  readonly text: string;
  readonly symbology?: string | undefined;
  readonly source: 'serial' | 'hid' | 'wedge' | 'camera' | 'image';
  readonly device: string;
  readonly receivedAt: number;
}

/** On whose behalf and for what is asked; `requestId` stays the same for every repetition of one query. */
export interface VerifyContext {
  readonly purpose: Purpose;
  readonly operator: OperatorCredential;
  readonly requestId: string;
  readonly deviceId: string;
  /** When this very request was asked first, epoch ms: its answer may be the one given then. */
  readonly firstAskedAt?: number;
  /** Information groups and certificate types of which the matter needs at least one; empty or absent: any. */
  readonly needed?: readonly string[];
}

/** What the consent gives, at most; empty unless the state lets data be shown. */
export interface GrantedFacts {
  readonly permissions: Permissions;
  /** Epoch ms; null when nothing is granted. */
  readonly grantedUntil: number | null;
  readonly information: readonly (InformationGroup & { readonly oid: string })[];
  /** Groups that came without being authorised: dropped here, only their names are kept for the audit (C 0300 6.3.2 j). */
  readonly hiddenExtras: readonly string[];
  readonly certificates: readonly CertificateEntry[];
  /** In memory only; to be dropped when the case closes (wire notes W25). */
  readonly holderToken: Secret<string> | null;
}

/** The company and who stands for it, unmasked. */
export interface SubjectFacts {
  readonly name: string;
  readonly uscc: string;
  readonly type: string;
  readonly legalRepresentative: string | null;
  readonly presenter: string | null;
  /** As what the presenter showed the code; null where the platform does not say. */
  readonly presenterRole: 'legal' | 'agent' | null;
}

/** One complete verdict with its facts, unmasked; never shown before it is complete. Times are epoch ms. */
export interface VerifyOutcome extends GrantedFacts {
  readonly scanId: string;
  readonly requestId: string;
  readonly source: VerifyScan['source'];
  readonly device: string;
  readonly scannedAt: number;
  readonly elapsedMs: number;
  readonly roundTripMs: number | null;
  readonly state: VerdictState;
  readonly supportCode: SupportCode | null;
  readonly kind: KindId;
  readonly checks: readonly Check[];
  readonly askedPlatform: boolean;
  /** Why no answer could be used, for the log. */
  readonly failure: Failure | null;
  readonly platform: { readonly id: string; readonly name: string | null } | null;
  /** Facts of the code itself; null until its signature is known to be good. */
  readonly code: CodeFacts | null;
  readonly oneTime: boolean;
  readonly usedAt: number | null;
  readonly verifiedAt: number | null;
  readonly subject: SubjectFacts | null;
  /** Whom the consent names, as name and number; null for anyone. */
  readonly grantee: { readonly name: string; readonly number: string; readonly isPerson: boolean } | null;
  readonly consent: ConsentRecord | null;
  readonly consentDigest: { readonly inCode: string; readonly recomputed: string; readonly equal: boolean } | null;
  /** The platform's clock minus ours when it answered; null where nothing was measured. */
  readonly clockOffsetMs: number | null;
  /** What `retry` asks again with; null when the platform was never asked. */
  readonly attempt: Secret<VerifyAttempt> | null;
}

/** What a good code says by itself; `digest` is the key of the replay cache. */
export interface CodeFacts {
  readonly digest: string;
  readonly uscc: string | null;
  readonly expiresAt: number;
  readonly form: ServiceCode['form'];
}

/** One query, to be asked again with the same request id. */
export interface VerifyAttempt {
  readonly scan: VerifyScan;
  readonly context: VerifyContext;
  readonly code: ServiceCode;
  readonly kind: KindId;
  readonly localChecks: readonly Check[];
  readonly platformName: string;
  /** When the query was first sent, epoch ms. */
  readonly firstSentAt: number;
}
