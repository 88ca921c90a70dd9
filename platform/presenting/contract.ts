import * as v from 'valibot';
import type { HolderRole } from '../engine/grant-standing.ts';

/**
 * The JSON interface of the presenter page (亮码端). Times are ISO 8601 with offset; a refusal is `{error: {code, message}}`
 * with HTTP 400, 401, 403 or 404, its message in Chinese and fit to be shown. All but `companies` and opening a session ask for
 * `authorization: Bearer TOKEN` and speak of the company of that session only.
 */
export const presenterPaths = {
  companies: '/presenter/companies',
  sessions: '/presenter/sessions',
  codes: '/presenter/codes',
  grants: '/presenter/grants',
  views: '/presenter/views',
} as const;

const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** `POST /presenter/sessions`: logs in with a simulated e-licence identity; `DELETE` ends the session. */
export const SessionRequestSchema = v.object({ companyId: shortText, role: v.picklist(['legal', 'agent']) });

/** A session: the token is given once, the name is of who logged in. */
export interface SessionReply {
  readonly token: string;
  readonly companyId: string;
  readonly role: HolderRole;
  readonly name: string;
  readonly expiresAt: string;
}

/** `POST /presenter/codes`: what the holder ticks. `czqx` bits (6.1.2): reading is always granted. */
export const MintRequestSchema = v.object({
  /** The company of the session. */
  companyId: shortText,
  /** Type codes (`typeCode`) of the granted certificates. */
  certificateTypes: v.pipe(v.array(shortText), v.maxLength(50)),
  /** `oid` of the granted information groups. */
  informationGroups: v.pipe(v.array(shortText), v.maxLength(50)),
  permissions: v.object({ retain: v.boolean(), download: v.boolean(), transfer: v.boolean() }),
  oneTime: v.boolean(),
  /** Only this organisation may read (bsqzt). */
  grantee: v.optional(v.object({ name: shortText, code: shortText })),
  /** The holder wants to be asked once more before anything is shown (5.4.4). */
  secondAuthentication: v.optional(v.boolean()),
  /** How long the grant and its code last, at most 5 (7.3.3); 5 where it is not said. */
  minutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(5))),
});
/** What the holder ticked. */
export type MintRequest = v.InferOutput<typeof MintRequestSchema>;

/** The code that was made, to be shown at once and kept nowhere. */
export interface MintReply {
  /** Handle of the code for the calls below; it opens nothing at the verification side. */
  readonly id: string;
  readonly code: string;
  readonly mintedAt: string;
  readonly expiresAt: string;
  /** The server's clock when it answered: the page counts down by the difference, not by its own clock. */
  readonly now: string;
  readonly qrSvg: string;
  /** The same code as a Han Xin symbol. */
  readonly hanXinSvg: string;
}

/** `GET /presenter/companies` → `{companies}`. */
export interface PresenterCompany {
  readonly id: string;
  readonly name: string;
  readonly uscc: string;
  readonly type: string;
  readonly subjectKind: string;
  readonly presenter: string;
  readonly information: readonly { readonly oid: string; readonly title: string }[];
  readonly certificates: readonly {
    readonly typeCode: string;
    readonly type: string;
    readonly issueDept: string;
    readonly validUntil: string;
    readonly format: 'PDF' | 'OFD';
  }[];
}

/** `GET /presenter/codes/:id/status`. `awaiting-confirmation`: a window asked and the holder must confirm. */
export interface CodeStatus {
  readonly state: 'shown' | 'awaiting-confirmation' | 'verified' | 'used' | 'expired' | 'refused' | 'withdrawn';
  readonly expiresAt: string;
  readonly now: string;
  readonly views: number;
}

/** One line of `GET /presenter/grants` → `{grants, now}`: what was granted in the last seven days, newest first. */
export interface GrantLine {
  readonly id: string;
  readonly state: CodeStatus['state'];
  readonly mintedAt: string;
  readonly expiresAt: string;
  readonly role: HolderRole;
  /** Titles of what was granted. */
  readonly items: readonly string[];
  /** Null: anyone. */
  readonly grantee: string | null;
  /** The bits of czqx beside reading. */
  readonly permissions: readonly ('retain' | 'download' | 'transfer')[];
  readonly oneTime: boolean;
  readonly secondAuthentication: boolean;
  readonly views: number;
}

/** One line of `GET /presenter/codes/:id/views` and `GET /presenter/views` → `{views}`, newest first (6.2 b). */
export interface View {
  readonly viewedAt: string;
  readonly orgName: string;
  readonly operator: string;
  readonly useFor: string;
  readonly itemName: string;
  readonly verdict: string;
  /** Titles of what was read. */
  readonly items: readonly string[];
}
