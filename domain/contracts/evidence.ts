import * as v from 'valibot';

/**
 * The audit centre: counters hand in the signed checkpoints of their logs and get them countersigned. No standard defines
 * it; the project's own versioned contract, in the same SM2 envelope as the sharing interfaces.
 */
export const evidencePaths = { checkpoint: '/audit/checkpoint' } as const;

const base64 = (most: number) => v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]+={0,2}$/), v.maxLength(most));

/** A checkpoint that the centre has, as its counter signed it, and the centre's word for it. */
export const CountersignedSchema = v.object({
  /** The four lines that the counter signed. */
  text: v.pipe(v.string(), v.maxLength(400)),
  /** When the centre took it, ISO 8601 UTC with milliseconds. */
  t: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
  /** SM2 over `printCountersigned`, DER; and the platform's key that made it, 04 ‖ x ‖ y in hex. */
  signature: base64(100),
  publicKey: v.pipe(v.string(), v.regex(/^04[0-9a-f]{128}$/)),
});
export type Countersigned = v.InferOutput<typeof CountersignedSchema>;

/** `proof` shows that the log of the checkpoint begins with that of `from`, the last one the centre has; both are left out the first time. */
export const CheckpointSubmitSchema = v.object({
  publicKey: v.pipe(v.string(), v.regex(/^04[0-9a-f]{128}$/)),
  text: v.pipe(v.string(), v.maxLength(400)),
  signature: base64(100),
  from: v.nullable(v.object({ gen: v.number(), size: v.number() })),
  proof: v.pipe(v.array(base64(44)), v.maxLength(80)),
  /** The generation's first MAC key, 64 hex digits, the first time: from then on the counter has it no more. */
  seed: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});
export type CheckpointSubmit = v.InferOutput<typeof CheckpointSubmitSchema>;

/**
 * What the centre says. `countersigned`: it has the checkpoint now. `other-start`: it has a later one than `from`, ask again
 * from that. `behind`: the log handed in is older than the one it has. `rewritten`: it is another log. `other-key`: another signs it.
 */
export const checkpointAnswers = ['countersigned', 'other-start', 'behind', 'rewritten', 'other-key'] as const;
export type CheckpointAnswer = (typeof checkpointAnswers)[number];
export const CheckpointReplySchema = v.object({ answer: v.picklist(checkpointAnswers), kept: CountersignedSchema });
export type CheckpointReply = v.InferOutput<typeof CheckpointReplySchema>;
