import { eventIterator } from '@orpc/contract';
import * as v from 'valibot';
import { checkIds, checkOutcomes, type SupportCode, supportCodes, verdictStates } from '../verdict.ts';
import { offlineAnswers } from '../offline-answer.ts';
import { roles } from '../roles.ts';
import { accessContract, clockContract, machineKeyContract, personContract, retentionContract } from './access.ts';
import { auditContract } from './audit.ts';
import { base, failureCodes } from './base.ts';
import { codeKindContract, deviceContract, deviceStates, SerialScannerSchema } from './devices.ts';
import { offlineContract } from './offline.ts';
import { FileSignaturesSchema, TrustAnchorSchema } from './signature.ts';

/**
 * The one contract between the window and the privileged process: calls and event streams. Main checks every input and
 * strips every output to what is declared here; the window never holds a code, token, key or path. Times are epoch
 * milliseconds in fields that end in `At`.
 */

const at = v.number();
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(400));
const supportCodeList = Object.keys(supportCodes) as SupportCode[];

/** Who sits where: shown in the top bar, in the watermark and in every call to the platform. */
export const SessionSchema = v.object({
  version: v.string(),
  shell: v.picklist(['electron', 'kiosk']),
  mode: v.picklist(['hall', 'bank', 'kiosk', 'training']),
  site: v.object({ hall: text, window: text, organisation: text, orgCode: text }),
  operator: v.object({ id: text, name: text, role: v.picklist(roles) }),
  /** Characters that keyboard-wedge scanners send around a code, and the largest median gap between keys, ms. */
  wedge: v.object({ prefix: v.string(), suffix: v.string(), gapMs: v.number() }),
  /** That the database was damaged and mended by itself, until an administrator has seen it; `lostTo` null: unknown. */
  mended: v.nullable(
    v.object({
      at,
      damage: v.picklist(['missing', 'not-a-database', 'truncated', 'unreadable', 'log-unreadable']),
      backupAt: v.nullable(at),
      lostFrom: v.number(),
      lostTo: v.nullable(v.number()),
    }),
  ),
});
export type Session = v.InferOutput<typeof SessionSchema>;

export const SettingsSchema = v.object({
  site: SessionSchema.entries.site,
  operator: v.object({ id: text, name: text }),
  wedge: SessionSchema.entries.wedge,
  serial: v.array(SerialScannerSchema),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** What a good code is while the platform cannot be reached: refused, or let pass for the time being (`provisional`). */
export const OfflineRuleSchema = v.picklist(['refuse', 'provisional']);
export type OfflineRule = v.InferOutput<typeof OfflineRuleSchema>;

export const StatusSchema = v.object({
  platform: v.object({
    name: v.string(),
    state: v.picklist(['online', 'checking', 'offline', 'not-enrolled']),
    sinceAt: at,
    roundTripMs: v.nullable(v.number()),
  }),
  scanners: v.array(v.object({ id: v.string(), name: v.string(), state: v.picklist(deviceStates) })),
  catalogue: v.object({ fetchedAt: v.nullable(at), entries: v.number(), scenarios: v.number() }),
  keys: v.object({ validUntilAt: v.nullable(at) }),
  clock: v.object({
    state: v.picklist(['synchronised', 'confirmed', 'unproven', 'wrong']),
    offsetMs: v.number(),
    uncertaintyMs: v.number(),
    checkedAt: v.nullable(at),
  }),
  audit: v.object({ seq: v.number(), headHash: v.string(), state: v.picklist(['ok', 'broken', 'unwritable']) }),
  pendingSync: v.number(),
  /**
   * Verdicts reached without the platform: how many wait to be handed in (`failure`: why the last try came to nothing though it was there), how many
   * are set apart until somebody acts, how many it did not confirm in the last seven days, when it last answered.
   */
  offline: v.object({ waiting: v.number(), failure: v.nullable(v.picklist(failureCodes)), setApart: v.number(), refused: v.number(), lastSyncAt: v.nullable(at) }),
});
export type Status = v.InferOutput<typeof StatusSchema>;

/** A matter (事项) of the scenario lists linked to this counter (YD 6.1 c, 9 c). */
export const MatterSchema = v.object({
  itemCode: text,
  itemName: text,
  purposes: v.array(text),
  certificateTypes: v.array(text),
  recent: v.boolean(),
});
export type Matter = v.InferOutput<typeof MatterSchema>;

export const CaseSchema = v.object({
  caseId: text,
  itemCode: text,
  itemName: text,
  useFor: text,
  bizNum: text,
  openedAt: at,
  scans: v.number(),
});
export type Case = v.InferOutput<typeof CaseSchema>;

export const PermissionsSchema = v.object({
  read: v.boolean(),
  retain: v.boolean(),
  download: v.boolean(),
  transfer: v.boolean(),
});

export const CertificateSummarySchema = v.object({
  certificateId: text,
  type: text,
  issueDept: v.string(),
  number: v.string(),
  issueDate: v.string(),
  /** YYYY-MM-DD, or null for a certificate without end. */
  validUntil: v.nullable(v.string()),
  validity: v.picklist(['valid', 'ends-soon', 'ended', 'unknown']),
});
export type CertificateSummary = v.InferOutput<typeof CertificateSummarySchema>;

/** A complete verdict, as the window may see it: personal fields are masked until `verdict.reveal`. */
export const VerdictSchema = v.object({
  scanId: text,
  state: v.picklist(verdictStates),
  supportCode: v.nullable(v.picklist(supportCodeList)),
  /** A CodeKindId of domain/code-kind.ts, or `site-…` of the site's own list; then `siteKind` has its words. */
  kind: v.string(),
  siteKind: v.optional(v.object({ name: v.string(), ask: v.string() })),
  source: v.picklist(['serial', 'hid', 'wedge', 'camera', 'image']),
  device: v.string(),
  scannedAt: at,
  elapsedMs: v.number(),
  /** False when the verdict was reached without asking the platform. */
  askedPlatform: v.boolean(),
  checks: v.array(v.object({ id: v.picklist(checkIds), outcome: v.picklist(checkOutcomes), ms: v.nullable(v.number()) })),
  platform: v.nullable(v.object({ id: v.string(), name: v.nullable(v.string()) })),
  expiresAt: v.nullable(at),
  usedAt: v.nullable(at),
  /** When the platform said that the holder has taken the grant back since the verdict; null: it did not. */
  withdrawnAt: v.nullable(at),
  oneTime: v.boolean(),
  subject: v.nullable(
    v.object({
      name: v.string(),
      uscc: v.string(),
      type: v.string(),
      legalRepresentative: v.nullable(v.string()),
      presenter: v.nullable(v.string()),
      presenterRole: v.nullable(v.picklist(['legal', 'agent'])),
    }),
  ),
  grantee: v.nullable(v.string()),
  permissions: PermissionsSchema,
  /** The consent record, as label/value rows in the standard's order; raw names beside. */
  consent: v.array(v.object({ name: v.string(), value: v.string() })),
  consentDigest: v.nullable(v.object({ inCode: v.string(), recomputed: v.string(), equal: v.boolean() })),
  information: v.array(
    v.object({
      oid: v.string(),
      title: v.string(),
      fields: v.array(v.object({ label: v.string(), value: v.string(), masked: v.boolean() })),
    }),
  ),
  certificates: v.array(CertificateSummarySchema),
  auditSeq: v.number(),
  /** The offset between our clock and the platform's when it answered, ms. */
  clockOffsetMs: v.nullable(v.number()),
});
export type Verdict = v.InferOutput<typeof VerdictSchema>;

export const ScanEventSchema = v.variant('type', [
  v.object({ type: v.literal('reading'), scanId: text, source: VerdictSchema.entries.source, device: v.string() }),
  v.object({ type: v.literal('verdict'), verdict: VerdictSchema }),
  /** The same code again within the repeat window: nothing new was asked or recorded. */
  v.object({ type: v.literal('repeat'), scanId: text }),
  /** The input never became a code: too long, undecodable. */
  v.object({ type: v.literal('refused'), code: v.picklist(failureCodes), device: v.string() }),
]);
export type ScanEvent = v.InferOutput<typeof ScanEventSchema>;

export const ScanInputSchema = v.object({
  source: v.picklist(['wedge', 'camera', 'image']),
  /** The bytes of the code, BASE64; at most 4 KiB decoded. */
  bytesBase64: v.pipe(v.string(), v.maxLength(5600)),
  /** AIM symbology identifier or reader's name (`]Q1`, `QRCode`), when known. */
  symbology: v.optional(v.pipe(v.string(), v.maxLength(40))),
});
export type ScanInput = v.InferOutput<typeof ScanInputSchema>;

/** What the platform says of a file shown to it (YD 12.1.10): authentic, not, or no answer. Beside our own checks, never instead. */
export const fileVerdicts = ['authentic', 'refused', 'not-verified'] as const;
export type FileVerdict = (typeof fileVerdicts)[number];

export const DocumentSchema = v.object({
  documentId: text,
  certificateId: text,
  title: v.string(),
  format: v.picklist(['PDF', 'OFD']),
  sizeBytes: v.number(),
  sm3: v.string(),
  /** Whether the platform gave a digest to compare with (it is then equal, or the call failed). */
  digestCompared: v.boolean(),
  platformVerdict: v.picklist(fileVerdicts),
  /** What whoever issued the file does not allow (GB/T 33190 7.5, ISO 32000-1 table 22): refused whatever the consent gives. */
  restrictions: v.array(v.picklist(['print', 'save'])),
  /** Our own check of seals and signatures; null when the file could not be read for it. */
  signatures: v.nullable(FileSignaturesSchema),
  /** The original, BASE64: for showing only. */
  bytesBase64: v.string(),
  /** 照面数据 of 12.1.8, in the order given. */
  surface: v.array(v.object({ label: v.string(), value: v.string() })),
  /** The lines of the tiled watermark: organisation and window, operator, time, case, purpose. */
  watermark: v.array(v.string()),
});
export type CertificateDocument = v.InferOutput<typeof DocumentSchema>;

export const CopySchema = v.object({
  fileName: v.string(),
  mediaType: v.literal('application/pdf'),
  bytesBase64: v.string(),
  sm3: v.string(),
  auditSeq: v.number(),
  /** Whether the platform said that the grant stands; false where it was silent and the site works on without it. */
  grantConfirmed: v.boolean(),
});

export const RecordSchema = v.object({
  scanId: text,
  scannedAt: at,
  state: v.picklist(verdictStates),
  supportCode: v.nullable(v.picklist(supportCodeList)),
  kind: v.string(),
  /** The name of a kind of the site's own. */
  siteKind: v.optional(v.object({ name: v.string(), ask: v.string() })),
  subjectName: v.nullable(v.string()),
  bizNum: v.string(),
  itemName: v.string(),
  elapsedMs: v.number(),
  auditSeq: v.number(),
  /** Of a provisional verdict: what the platform said when the record was handed in, or why it is set apart; null of any other. */
  offline: v.nullable(v.object({ answer: v.picklist(['waiting', ...offlineAnswers]), cause: v.nullable(v.string()) })),
});
export type ScanRecord = v.InferOutput<typeof RecordSchema>;

const verdictId = v.object({ scanId: text });

export const counterContract = {
  access: accessContract,
  person: personContract,
  clock: clockContract,
  retention: retentionContract,
  machineKey: machineKeyContract,
  offline: offlineContract,
  session: {
    current: base.output(SessionSchema),
    /** An administrator has seen that the database was mended: `mended` is null from now on. */
    mendingSeen: base.output(SessionSchema),
  },
  settings: { read: base.output(SettingsSchema), save: base.input(SettingsSchema).output(SettingsSchema) },
  /** The rule for a platform that cannot be reached, and whether this caller may change it. */
  offlineRule: {
    show: base.output(v.object({ rule: OfflineRuleSchema, mayChoose: v.boolean() })),
    choose: base.input(v.object({ rule: OfflineRuleSchema })).output(v.null()),
  },
  status: { watch: base.output(eventIterator(StatusSchema)) },
  matter: { list: base.output(v.array(MatterSchema)) },
  case: {
    current: base.output(v.nullable(CaseSchema)),
    /** Opens a case; without `bizNum` one is generated (`<site>-YYYY-MMDD-NNNN`). Closes the one before. */
    open: base.input(v.object({ itemCode: text, useFor: text, bizNum: v.optional(text) })).output(CaseSchema),
    /** 下一位: closes the case and opens the next of the same matter with a new number; clears what was granted. */
    next: base.output(CaseSchema),
  },
  scan: {
    submit: base.input(ScanInputSchema).output(v.object({ scanId: v.nullable(v.string()) })),
    watch: base.output(eventIterator(ScanEventSchema)),
  },
  verdict: {
    show: base.input(verdictId).output(VerdictSchema),
    /** F5: asks for the data again with the same request id; a one-time code is not consumed again. */
    retry: base.input(verdictId).output(VerdictSchema),
    /** The verdict with personal fields unmasked; an audit entry of its own. */
    reveal: base.input(verdictId).output(VerdictSchema),
    /** The holder was told what was read (YD 8.4). */
    notified: base.input(v.object({ scanId: text, how: v.picklist(['screen', 'print']) })).output(v.object({ auditSeq: v.number() })),
  },
  certificate: {
    /** `onlyObtained`: nothing is fetched, what was obtained before is given. A window that knows the grant to be over asks so: nobody reached for more. */
    open: base.input(v.object({ scanId: text, certificateId: text, onlyObtained: v.optional(v.boolean()) })).output(DocumentSchema),
    /** The watermarked copy (加注件); to forward it takes a recipient. Refused unless the consent's permission bits give it. */
    copy: base.input(v.object({ documentId: text, purpose: v.picklist(['print', 'save', 'forward']), recipient: v.optional(v.pipe(v.string(), v.maxLength(60), v.regex(/^[^\p{C}]*$/u))) })).output(CopySchema),
    /** The window found the watermark over a certificate removed, and put it back. */
    watermarkLost: base.input(v.object({ documentId: text })).output(v.object({ auditSeq: v.number() })),
  },
  /** Certificates trusted for seals and signatures: everyone may see them, an administrator changes them. */
  trust: {
    list: base.output(v.array(TrustAnchorSchema)),
    add: base.input(v.object({ certificateBase64: v.pipe(v.string(), v.maxLength(100_000)) })).output(TrustAnchorSchema),
    remove: base.input(v.object({ id: text })).output(v.null()),
  },
  record: {
    list: base.input(v.object({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)) })).output(v.array(RecordSchema)),
    today: base.output(
      v.object({
        sinceAt: v.nullable(at),
        total: v.number(),
        verified: v.number(),
        medianMs: v.nullable(v.number()),
        hours: v.array(v.object({ hour: v.number(), total: v.number(), refused: v.number() })),
      }),
    ),
  },
  audit: auditContract,
  device: deviceContract,
  codeKind: codeKindContract,
};
