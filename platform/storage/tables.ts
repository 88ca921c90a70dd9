/**
 * The platform's tables as Kysely sees them. Times are epoch milliseconds, digests lower-case hex. What holds personal
 * data or could be replayed (consent record, answer, who looked) is sealed; a code or token is kept as its digest only.
 */
export interface Tables {
  minted_code: MintedCodeTable;
  code_use: CodeUseTable;
  code_confirmation: CodeConfirmationTable;
  verify_record: VerifyRecordTable;
  query_answer: QueryAnswerTable;
  access_record: AccessRecordTable;
  holder_token: HolderTokenTable;
  certificate_ticket: CertificateTicketTable;
  file_ticket: FileTicketTable;
  file_ticket_use: FileTicketUseTable;
  certificate_file: CertificateFileTable;
  call_record: CallRecordTable;
  refused_call: RefusedCallTable;
  account: AccountTable;
  enrolment_code: EnrolmentCodeTable;
  enrolment_use: EnrolmentUseTable;
  app_token: AppTokenTable;
  person_transaction: PersonTransactionTable;
  request_nonce: RequestNonceTable;
  offline_record: OfflineRecordTable;
  account_cutoff: AccountCutoffTable;
  published_lists: PublishedListsTable;
  forwarded_lists: ForwardedListsTable;
  list_source: ListSourceTable;
  audit_log: AuditLogTable;
  audit_seed: AuditSeedTable;
  presenter_session: PresenterSessionTable;
  grant_withdrawal: GrantWithdrawalTable;
  code_refusal: CodeRefusalTable;
  registered_platform: RegisteredPlatformTable;
  signing_key: SigningKeyTable;
}

/** Code engine: one row for each code made (6.3.1 b, 7.3.2 a). */
export interface MintedCodeTable {
  code_digest: string;
  code_id: string;
  company_id: string;
  minted_at: number;
  expires_at: number;
  one_time: number;
  second_authentication: number;
  /** Who presents: `legal` or `agent`. */
  holder_role: string;
  /** Which of our signing keys made it; empty for codes of before keys could be rotated. */
  key_id: string;
  consent_sealed: Uint8Array;
}

/** Code engine: the first use of a one-time code; its primary key decides the race (6.3.2). */
export interface CodeUseTable {
  code_digest: string;
  account_id: string;
  request_id: string;
  used_at: number;
}

/** Code engine: the holder confirmed in person (5.4.4). */
export interface CodeConfirmationTable {
  code_digest: string;
  confirmed_at: number;
}

/** Code engine: one row for each verification asked (6.3.1 b). */
export interface VerifyRecordTable {
  record_id: string;
  code_digest: string;
  account_id: string;
  request_id: string;
  org_code: string;
  verdict: string;
  verified_at: number;
}

/** Information service: the answer that the same request id gets again. */
export interface QueryAnswerTable {
  account_id: string;
  request_id: string;
  code_digest: string;
  answer_sealed: Uint8Array;
  answered_at: number;
}

/** Information service: who asked, when, and what was shown (6.2 b, 6.3.2). */
export interface AccessRecordTable {
  record_id: string;
  company_id: string;
  code_id: string;
  account_id: string;
  verdict: string;
  viewed_at: number;
  detail_sealed: Uint8Array;
}

/** Sharing: holder tokens given out. */
export interface HolderTokenTable {
  token_digest: string;
  account_id: string;
  company_id: string;
  certificate_types: string;
  expires_at: number;
  /** The grant that it comes from; empty where it comes from none that can be withdrawn. */
  code_id: string;
}

/** Sharing: certificate ids given out. */
export interface CertificateTicketTable {
  ticket_digest: string;
  account_id: string;
  company_id: string;
  certificate_key: string;
  expires_at: number;
  code_id: string;
}

/** Sharing: download addresses given out. */
export interface FileTicketTable {
  ticket_digest: string;
  certificate_key: string;
  expires_at: number;
  code_id: string;
}

/** Sharing: downloads begun; the primary key makes each address work once. */
export interface FileTicketUseTable {
  ticket_digest: string;
  used_at: number;
}

/** Sharing: certificate files as drawn. */
export interface CertificateFileTable {
  certificate_key: string;
  file_format: string;
  file_sm3: string;
  content_sealed: Uint8Array;
  drawn_at: number;
}

/** Calls of the sharing and trust interfaces and how they were answered (delta specification 11.3). */
export interface CallRecordTable {
  record_id: string;
  account_id: string;
  interface_path: string;
  head_status: string;
  called_at: number;
}

/** Calls that got no further than the door, counted: by whom, where, why, in which minute (its beginning). */
export interface RefusedCallTable {
  subject: string;
  interface_path: string;
  head_status: string;
  minute: number;
  calls: number;
}

/** Trust: enrolled application systems; the public key is what answers are encrypted with. */
export interface AccountTable {
  account_id: string;
  app_id: string;
  app_secret_digest: string;
  corp_name: string;
  corp_code: string;
  public_key: string;
  enrolled_at: number;
  /** JSON of what differs from the usual. */
  exchange_settings: string;
}

/** Trust: the code that works next; its one row says for every process which that is. */
export interface EnrolmentCodeTable {
  place: string;
  code_digest: string;
  code_sealed: Uint8Array;
  drawn_at: number;
}

/** Trust: enrolment codes used; the primary key makes each work once. */
export interface EnrolmentUseTable {
  code_digest: string;
  account_id: string;
  used_at: number;
}

/** Trust: application tokens given out (12.2.1). */
export interface AppTokenTable {
  token_digest: string;
  account_id: string;
  expires_at: number;
}

/** Trust: authentications of natural persons (12.2.3); the primary key makes each business number work once. */
export interface PersonTransactionTable {
  account_id: string;
  transaction_digest: string;
  begun_at: number;
}

/** Exchange: nonces of signed requests, kept for as long as their time stamps are accepted. */
export interface RequestNonceTable {
  account_id: string;
  nonce: string;
  seen_at: number;
}

/** Information: what counters judged without us, and what we say of it. */
export interface OfflineRecordTable {
  account_id: string;
  record_id: string;
  record_digest: string;
  verdict: string;
  /** The engine's own word for what is not confirmed; empty where there is none. */
  cause: string;
  submitted_at: number;
}

/** Operations: peers, and addresses for which no peer signed, cut off for abnormal requests. */
export interface AccountCutoffTable {
  account_id: string;
  until: number;
}

/** Sharing: catalogue and scenario lists, JSON of one version; the primary key decides who published it. */
export interface PublishedListsTable {
  version: number;
  lists: string;
  published_at: number;
}

/** Sharing: lists of another platform, as that one signed them; the primary key keeps a version what it was. */
export interface ForwardedListsTable {
  origin_id: string;
  version: number;
  list: string;
  signature: string;
  received_at: number;
}

/** Sharing: whose lists are passed on and where they are fetched, in at most one row, and how it went last. */
export interface ListSourceTable {
  place: string;
  origin_id: string;
  from_id: string;
  asked_at: number;
  outcome: string;
}

/** Audit centre: the last checkpoint of each counter's log and our countersignature. */
export interface AuditLogTable {
  account_id: string;
  device: string;
  public_key: string;
  checkpoint_text: string;
  countersigned: string;
  taken_at: number;
  alarm: string | null;
  alarm_at: number | null;
}

/** Audit centre: the first MAC key of each generation of a log. */
export interface AuditSeedTable {
  account_id: string;
  device: string;
  generation: number;
  seed_sealed: Uint8Array;
}

/** Presenting: holders logged in, by the digest of their token. */
export interface PresenterSessionTable {
  token_digest: string;
  company_id: string;
  holder_role: string;
  expires_at: number;
}

/** Code engine: grants taken back. */
export interface GrantWithdrawalTable {
  code_id: string;
  withdrawn_at: number;
}

/** Code engine: the holder said no when asked in person (5.4.4). */
export interface CodeRefusalTable {
  code_digest: string;
  refused_at: number;
}

/** Code engine: the platforms whose codes we know, ourselves among them, by their 6-digit id (6.1.1 b3). */
export interface RegisteredPlatformTable {
  platform_id: string;
  platform_name: string;
  registered_at: number;
  key_sequence: number;
  /** Where it is asked about its codes; empty for one that is not. */
  base_url: string;
  envelope_public_key: string;
}

/** Code engine: signing keys with their validity; the private half of our own only. */
export interface SigningKeyTable {
  key_id: string;
  platform_id: string;
  public_key: string;
  private_sealed: Uint8Array | null;
  not_before: number;
  not_after: number;
  revoked_at: number | null;
}
