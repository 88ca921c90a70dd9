import { eventIterator } from '@orpc/contract';
import * as v from 'valibot';
import { verdictStates } from '../verdict.ts';
import { base, failureCodes } from './base.ts';

/** The calls about the audit log. Everything but `entry` shows headers only, for which nothing is decrypted. */

const at = v.number();
const term = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const longestMs = 31 * 86_400_000;
const pageLimit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500));

export const AuditEntrySchema = v.object({
  seq: v.number(),
  entryAt: at,
  type: v.string(),
  result: v.string(),
  actor: v.string(),
  ref: v.string(),
  hash: v.string(),
  prevHash: v.string(),
});
export type AuditEntryView = v.InferOutput<typeof AuditEntrySchema>;

export const AuditReportSchema = v.object({
  checked: v.number(),
  /** How many entries a signed checkpoint covers, and how many one that the audit centre countersigned. */
  signed: v.number(),
  countersigned: v.number(),
  /** Entries that bear the signature of who made them, and of how many it was worked out. */
  persons: v.object({ signed: v.number(), checked: v.number() }),
  /** Whether the MACs were checked: their first key may be at the audit centre alone. */
  macsChecked: v.boolean(),
  /** The first so many entries have no MAC: version 0.1.0 made none. */
  withoutMac: v.number(),
  intact: v.boolean(),
  headHash: v.string(),
  firstBad: v.nullable(v.object({ seq: v.number(), kind: v.string() })),
  ms: v.number(),
});

/** What auditors search by; what is left out does not matter. `company`: its whole name or code; `about`: a case number or an id. */
export const AuditSearchSchema = v.object({
  fromAt: v.optional(at),
  toAt: v.optional(at),
  actor: v.optional(term),
  company: v.optional(term),
  about: v.optional(term),
  state: v.optional(v.picklist(verdictStates)),
  beforeSeq: v.optional(v.number()),
  limit: pageLimit,
});
export type AuditSearch = v.InferOutput<typeof AuditSearchSchema>;

/** The content of one entry, opened: a line for each value in it; null when it has none, or none any more. */
export const AuditContentSchema = v.object({
  seq: v.number(),
  facts: v.nullable(v.array(v.object({ name: v.string(), value: v.string() }))),
  /** The entry that records this look. */
  auditSeq: v.number(),
});
export type AuditContent = v.InferOutput<typeof AuditContentSchema>;

/** How many entries an hour had of one kind; a verdict's state, or the type of the entry. */
const ActivitySchema = v.object({ hourAt: at, what: v.string(), entries: v.number() });
const CheckpointSchema = v.object({ size: v.number(), signedAt: at, isCountersigned: v.boolean() });
/** A stretch of the log, for pictures: at most 31 days. */
export const AuditPictureSchema = v.object({ hours: v.array(ActivitySchema), checkpoints: v.array(CheckpointSchema) });
export type AuditPicture = v.InferOutput<typeof AuditPictureSchema>;

const ProgressSchema = v.object({ type: v.literal('progress'), done: v.number(), total: v.number() });
const FailedSchema = v.object({ type: v.literal('failed'), code: v.picklist(failureCodes), detail: v.optional(v.string()) });
/** A verification as it goes on; its report or why there is none comes last. Who stops listening ends it. */
export const AuditCheckSchema = v.variant('type', [ProgressSchema, FailedSchema, v.object({ type: v.literal('report'), report: AuditReportSchema })]);
export type AuditCheck = v.InferOutput<typeof AuditCheckSchema>;
/** An export as it goes on: the pieces of a ZIP archive in their order, and what they make last. Who stops listening ends it. */
export const AuditExportSchema = v.variant('type', [
  ProgressSchema,
  FailedSchema,
  v.object({ type: v.literal('piece'), bytesBase64: v.string() }),
  v.object({ type: v.literal('exported'), fileName: v.string(), entries: v.number(), head: v.string(), fingerprint: v.string(), auditSeq: v.number() }),
]);
export type AuditExport = v.InferOutput<typeof AuditExportSchema>;

export const auditContract = {
  list: base.input(v.object({ beforeSeq: v.nullable(v.number()), limit: pageLimit })).output(v.array(AuditEntrySchema)),
  verify: base.output(eventIterator(AuditCheckSchema)),
  export: base.output(eventIterator(AuditExportSchema)),
  search: base.input(AuditSearchSchema).output(v.array(AuditEntrySchema)),
  picture: base.input(v.pipe(v.object({ fromAt: at, toAt: at }), v.check(({ fromAt, toAt }) => toAt > fromAt && toAt - fromAt <= longestMs))).output(AuditPictureSchema),
  /** Opens the content of one entry; that it was looked at is recorded first. */
  entry: base.input(v.object({ seq: v.pipe(v.number(), v.integer(), v.minValue(1)) })).output(v.nullable(AuditContentSchema)),
};
