import * as v from 'valibot';
import { decodeUtf8, encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { Attempts } from '../../domain/lock-out.ts';
import { roles } from '../../domain/roles.ts';

const KdfSchema = v.object({ id: v.literal('argon2id'), memoryKiB: v.number(), passes: v.number(), lanes: v.number(), salt: v.string() });

/** A key slot as it is kept (`domain/key-slot.ts`). */
export const SlotSchema = v.object({ id: v.string(), kdf: KdfSchema, publicKey: v.string(), sealedPrivateKey: v.string(), content: v.string() });

/** A key of a person's own: which one, and what only it can open (BASE64 both; `main/access/person-key.ts`). */
const HeldKeySchema = v.object({ kind: v.picklist(['file', 'usb']), publicKey: v.string(), content: v.string() });
export type HeldKey = v.InferOutput<typeof HeldKeySchema>;

const PersonSchema = v.object({
  id: v.string(),
  name: v.string(),
  role: v.picklist(roles),
  isActive: v.boolean(),
  /** The passphrase was given by somebody else: its owner chooses another at the next log-in. */
  mustChange: v.boolean(),
  passphraseAt: v.number(),
  slot: SlotSchema,
  /** Bound by its owner: the slot opens with it only. */
  key: v.optional(HeldKeySchema),
});

/** A person who may log in, with the slot that their two factors open. */
export type Person = v.InferOutput<typeof PersonSchema>;

const RecordSchema = v.object({
  format: v.literal(1),
  people: v.array(PersonSchema),
  /** The master key sealed under the machine's secret alone: an unattended counter opens itself. */
  device: v.nullable(v.string()),
  /** While the master key is being replaced: the wrapping key of before, sealed under the one to come. */
  bridge: v.optional(v.string()),
});

/** Who may open this counter, and how. */
export type AccessRecord = v.InferOutput<typeof RecordSchema>;

const EscrowSchema = v.object({
  format: v.literal(1),
  /** Master key and machine's secret under the escrow key. */
  sealed: v.string(),
  /** Each administrator's share of the escrow key, in a slot that their passphrase alone opens: the machine may be gone. */
  shares: v.array(SlotSchema),
});

/** What two of three administrators can bring a counter back with. */
export type EscrowKit = v.InferOutput<typeof EscrowSchema>;

const AttemptsSchema = v.record(v.string(), v.object({ failed: v.number(), lockedUntilAt: v.number() }));

/** Failed log-ins by operator number. */
export type AttemptTable = Readonly<Record<string, Attempts>>;

/** The bytes of any of the three. */
export function encodeAccess(value: AccessRecord | AttemptTable | EscrowKit): Uint8Array {
  return encodeUtf8(JSON.stringify(value));
}

/** Reads the access record; null when it is of another form. */
export function decodeAccessRecord(bytes: Uint8Array): AccessRecord | null {
  return decode(RecordSchema, bytes);
}

/** Reads the table of attempts; null when it is of another form. */
export function decodeAttempts(bytes: Uint8Array): AttemptTable | null {
  return decode(AttemptsSchema, bytes);
}

/** Reads an escrow kit; null when it is of another form. */
export function decodeEscrowKit(bytes: Uint8Array): EscrowKit | null {
  return decode(EscrowSchema, bytes);
}

function decode<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array): T | null {
  try {
    const read = v.safeParse(schema, JSON.parse(decodeUtf8(bytes) ?? 'null'));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
