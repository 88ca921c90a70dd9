import * as v from 'valibot';
import { PurposeSchema } from './sharing.ts';

/**
 * Enterprise information service (C 0300-2021 6.3.1 c, 6.3.2 g–j, 7.3.2 e). The standard defines no message; this is the
 * project's own versioned contract, in the same SM2 envelope as the sharing interfaces.
 */
export const enterprisePaths = {
  query: '/eis/enterprise/query',
  submitOffline: '/eis/offline/submit',
  signingKeys: '/eis/keys/list',
  records: '/eis/records/list',
} as const;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4000));

/** The consent record (授权记录, 6.1.2) with the standard's own names; times YYYYMMDDHHMMSS in Asia/Shanghai. */
export const ConsentRecordSchema = v.object({
  sqzt: v.object({ sqztmc: text, sqztdm: text, sqsj: text }),
  sqqx: v.object({ sqkssj: text, sqjzsj: text }),
  bsqzt: v.optional(v.object({ bsqztlx: v.string(), bsqzxm: v.string(), zjlx: v.string(), zjhm: v.string() })),
  xxkzf: v.optional(v.record(v.string(), v.unknown())),
  xxlb: v.optional(v.array(v.string())),
  xxsy: v.optional(v.record(v.string(), v.unknown())),
  czqx: v.optional(v.string()),
});
export type ConsentRecord = v.InferOutput<typeof ConsentRecordSchema>;

/** The scanning user's identity credential, a mandatory parameter beside the code (6.3.2, 7.3.2 e). */
export const OperatorCredentialSchema = v.object({
  operatorId: text,
  name: text,
  orgCode: text,
  orgName: text,
  token: v.optional(v.string()),
});
export type OperatorCredential = v.InferOutput<typeof OperatorCredentialSchema>;

export const EnterpriseQuerySchema = v.object({
  code: text,
  operatorCredential: OperatorCredentialSchema,
  ...PurposeSchema.entries,
  /** UUID of this scan: the same id asked again gives the same answer and does not consume a one-time code again. */
  requestId: text,
  /** ISO 8601 with offset. */
  scannedAt: text,
  deviceId: text,
});
export type EnterpriseQuery = v.InferOutput<typeof EnterpriseQuerySchema>;

/** What the code engine said of the code. Everything but `valid` comes without data. */
export const enterpriseVerdicts = [
  'valid',
  'expired',
  'used',
  'unknownCode',
  'badSignature',
  'granteeMismatch',
  'secondAuthentication',
  /** The holder was asked in person and said no, or did not say in time. */
  'confirmationRefused',
  'confirmationTimeout',
  /** The holder took the grant back. */
  'withdrawn',
  /** The key that signed the code was revoked, or its time is over. */
  'keyRevoked',
  'keyExpired',
] as const;
export type EnterpriseVerdict = (typeof enterpriseVerdicts)[number];

/** One authorised group of enterprise information (6.4): `oid` is the xxlb entry that authorises it. */
export const InformationGroupSchema = v.object({
  title: text,
  fields: v.array(v.object({ label: text, value: v.string(), personal: v.optional(v.picklist(['name', 'id', 'phone'])) })),
});
export type InformationGroup = v.InferOutput<typeof InformationGroupSchema>;

export const CertificateEntrySchema = v.object({
  certificateID: text,
  certificateType: text,
  /** The type's code in the catalogue (12.1.3): what an xxlb entry that grants certificates ends with. */
  certificateTypeCode: v.optional(v.string()),
  issueDept: text,
  certificateNumber: text,
  issueDate: text,
  validUntil: v.optional(v.string()),
});
export type CertificateEntry = v.InferOutput<typeof CertificateEntrySchema>;

export const EnterpriseReplySchema = v.object({
  /** The request's own id, so that an answer to another request, swapped in on the way, is none to this one. */
  requestId: v.optional(text),
  verdict: v.picklist(enterpriseVerdicts),
  /** ISO 8601 with offset: the platform's own clock when it decided. */
  verifiedAt: text,
  oneTime: v.boolean(),
  expiresAt: text,
  /** Given when `verdict` is `used`: when it was used first. */
  usedAt: v.optional(v.string()),
  subject: v.optional(
    v.object({
      name: text,
      uscc: text,
      type: text,
      legalRepresentative: v.optional(v.string()),
      presenter: v.optional(v.string()),
      /** As what the presenter showed the code: its legal representative, or an agent (经办人). */
      presenterRole: v.optional(v.picklist(['legal', 'agent'])),
    }),
  ),
  authRecord: v.optional(ConsentRecordSchema),
  infoList: v.optional(v.array(v.object({ oid: text, title: text }))),
  certList: v.optional(v.array(CertificateEntrySchema)),
  data: v.optional(v.record(v.string(), InformationGroupSchema)),
  source: v.optional(v.string()),
  trustedToken: v.optional(v.string()),
});
export type EnterpriseReply = v.InferOutput<typeof EnterpriseReplySchema>;

/**
 * What was judged without the platform, handed in later; a counter's record id is answered alike however often it comes. Where the query
 * was sent and no answer came, the record id is that query's request id: what the platform did then is not done twice.
 */
export const OfflineRecordSchema = v.object({
  recordId: text,
  /** The code, SM2 to the platform's envelope key, 04 ‖ C1 ‖ C3 ‖ C2 in hex: the counter itself cannot open what it kept. */
  codeSealed: text,
  /** ISO 8601 with offset, by the counter's clock; `clockOffset` is what was known of it: the platform's time minus ours, ms. */
  scannedAt: text,
  clockOffset: v.pipe(v.number(), v.integer()),
  deviceId: text,
  operatorId: text,
  prevHash: text,
  hash: text,
  /** The verdict that was shown at the window. */
  provisional: text,
});
export const OfflineSubmitSchema = v.object({ records: v.pipe(v.array(OfflineRecordSchema), v.minLength(1), v.maxLength(200)) });
export type OfflineRecord = v.InferOutput<typeof OfflineRecordSchema>;
export const offlineVerdicts = ['confirmed', 'expiredAtScan', 'unknownCode', 'usedElsewhere', 'badSignature'] as const;
export type OfflineVerdict = (typeof offlineVerdicts)[number];
export const OfflineReplySchema = v.object({
  /** `cause` says more closely why a record is not confirmed (withdrawn, revoked key, …), where the platform says it. */
  records: v.array(v.object({ recordId: text, verdict: v.picklist(offlineVerdicts), cause: v.optional(v.picklist(enterpriseVerdicts)) })),
});
export type OfflineReply = v.InferOutput<typeof OfflineReplySchema>;

/** `/eis/records/list` (own extension): what the engine recorded of a code (C 0300-2021 6.3.1 b), for the peer that asked about it then. */
export const CodeRecordsQuerySchema = v.object({ code: text });
export const CodeRecordsSchema = v.object({
  /** How it was made; only for a peer that was told once that it is valid. */
  minted: v.optional(v.object({ mintedAt: text, expiresAt: text, oneTime: v.boolean() })),
  /** The peer's own verifications, the newest first, at most 100. */
  verifications: v.array(v.object({ requestId: text, verdict: v.picklist(enterpriseVerdicts), verifiedAt: text })),
});
export type CodeRecords = v.InferOutput<typeof CodeRecordsSchema>;

/**
 * How a peer and the platform talk: `extended` signs every head, stamps it and remembers its nonce, and binds replies to
 * their requests (wire notes W5); `strict` is the standard as printed. The rest is the spelling of `encryptData` (W1). What is left out is the usual.
 */
export const ExchangeSettingsSchema = v.object({
  mode: v.optional(v.picklist(['extended', 'strict']), 'extended'),
  order: v.optional(v.picklist(['C1C3C2', 'C1C2C3']), 'C1C3C2'),
  prefix04: v.optional(v.boolean(), true),
  innerBase64: v.optional(v.boolean(), true),
  case: v.optional(v.picklist(['upper', 'lower']), 'upper'),
});
export type ExchangeSettings = v.InferOutput<typeof ExchangeSettingsSchema>;

/** A signing key of a code engine; times ISO 8601. Of a revoked one nothing counts any more, since whenever. */
export const SigningKeySchema = v.object({ keyId: text, publicKey: text, notBefore: text, notAfter: text, revokedAt: v.optional(text) });
export type SigningKey = v.InferOutput<typeof SigningKeySchema>;

/** Other platforms whose codes are taken at ours, which asks them (C 0300-2021 6.1.1 b3). */
const OtherPlatformsSchema = v.pipe(
  v.array(v.object({ platformId: v.pipe(v.string(), v.regex(/^[0-9]{6}$/)), name: text, signingKeys: v.pipe(v.array(SigningKeySchema), v.maxLength(200)) })),
  v.maxLength(100),
);

const keySequence = v.pipe(v.number(), v.integer(), v.minValue(1));
/** All signing keys of a platform, ended ones too; `sequence` grows with every change, so that an old list is known for one. */
export const SigningKeyListSchema = v.object({
  platformId: v.pipe(v.string(), v.regex(/^[0-9]{6}$/)),
  sequence: keySequence,
  signingKeys: v.pipe(v.array(SigningKeySchema), v.minLength(1), v.maxLength(200)),
  /** The platforms that it asks about their codes. */
  others: v.optional(OtherPlatformsSchema),
});
export type SigningKeyList = v.InferOutput<typeof SigningKeyListSchema>;

/** Room for a thousand keys and more: a list that grew too long would be refused whole, and no revocation heard of any more. */
export const longestKeyList = 512 * 1024;

/** `/eis/keys/list` (own extension): the text of such a list, and r ‖ s in hex over it by the platform's envelope key. */
export const SignedKeyListSchema = v.object({ list: v.pipe(v.string(), v.minLength(1), v.maxLength(longestKeyList)), signature: text });
export type SignedKeyList = v.InferOutput<typeof SignedKeyListSchema>;

/**
 * What a counter is given when it is enrolled at a platform (own extension: C 0300 leaves registration open): whom to ask,
 * with which keys. Kept by the counter; the platform's public keys come from here and nowhere else.
 */
export const PlatformProfileSchema = v.object({
  platformId: v.pipe(v.string(), v.regex(/^[0-9]{6}$/)),
  name: text,
  baseUrl: text,
  /** Hosts (host:port) that files may be fetched from, beside that of baseUrl. */
  fileHosts: v.array(v.string()),
  accountId: text,
  appId: text,
  appSecret: text,
  /** Encryption key of the platform: 04 ‖ x ‖ y, hex. */
  envelopePublicKey: text,
  /** Signing keys of the code engine; at most 4 valid ones are tried (wire notes B6). Times ISO 8601. */
  signingKeys: v.array(SigningKeySchema),
  /** Sequence number of the list that these are; absent at platforms that number none. */
  keySequence: v.optional(keySequence),
  /** As the newest list of its keys named them. */
  others: v.optional(OtherPlatformsSchema),
  /** SM2 user id of the code signature; default 1234567812345678. */
  signerId: v.optional(v.string()),
  /** How the platform will answer and wants to be asked; absent at platforms that never said. */
  exchange: v.optional(ExchangeSettingsSchema),
});
export type PlatformProfile = v.InferOutput<typeof PlatformProfileSchema>;

/** `POST /enrol` (own extension, plain JSON, guarded by a one-time enrolment code the platform prints). */
export const EnrolRequestSchema = v.object({
  enrolmentCode: text,
  corpName: text,
  corpCode: text,
  /** The counter's envelope public key: 04 ‖ x ‖ y, hex. */
  publicKey: text,
  exchange: v.optional(ExchangeSettingsSchema, {}),
});
export const EnrolReplySchema = PlatformProfileSchema;
export const enrolPath = '/enrol';
