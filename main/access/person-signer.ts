import { encodeHex } from '../../domain/crypto/hex.ts';
import { signerEntryType } from '../../domain/audit-signature.ts';
import { ok, type Result } from '../../domain/failure.ts';
import { type KeySlot, ownBytes } from '../../domain/key-slot.ts';
import { masterKeyLength } from '../../domain/key-tree.ts';
import type { Role } from '../../domain/roles.ts';
import type { SlotWork } from './slot-thread.ts';
import type { Factors } from './slot-work.ts';

/** Signs with one person's key, in memory that goes when it ends. */
export interface RunningSigner {
  /** 04 ‖ x ‖ y. */
  readonly publicKey: Uint8Array;
  /** SM2 over the text, default user identity, DER; null when it has ended. */
  sign(text: string): Promise<Uint8Array | null>;
  end(): Promise<void>;
}

/** Starts a signer with a private key, which it copies. */
export type StartSigner = (privateKey: Uint8Array) => Promise<RunningSigner>;

/** The signer of whoever is logged in. */
export interface PersonSigner extends RunningSigner {
  readonly operatorId: string;
}

interface SigningCore {
  readonly deps: { readonly startSigner: StartSigner; readonly journal: { record(note: SignerNote): Promise<Result<unknown>> } };
  readonly memory: { signer: PersonSigner | null };
}

interface SignerNote {
  readonly type: typeof signerEntryType;
  readonly result: string;
  readonly ref: string;
  readonly as: { readonly actor: string; readonly role: string };
}

/** What entering a slot gives: the master key, and its holder's signing key. */
export function splitEntered(entered: Uint8Array): { readonly masterKey: Uint8Array; readonly signingKey: Uint8Array } {
  const parts = { masterKey: ownBytes(entered.subarray(0, masterKeyLength)), signingKey: ownBytes(entered.subarray(masterKeyLength)) };
  entered.fill(0);
  return parts;
}

/** From now on somebody signs for what they do: their key is made known in the log, in an entry that it signs itself. */
export async function beginSigning({ deps, memory }: SigningCore, { id, role }: { readonly id: string; readonly role: Role }, signingKey: Uint8Array): Promise<Result<null>> {
  await endSigning(memory);
  const running = await deps.startSigner(signingKey);
  memory.signer = { ...running, operatorId: id };
  const noted = await deps.journal.record({ type: signerEntryType, result: encodeHex(running.publicKey), ref: id, as: { actor: id, role } });
  if (noted.ok) return ok(null);
  await endSigning(memory);
  return noted;
}

/** Begins to sign with the key of a slot that was made just now. A slot that these factors do not open is a bug. */
export async function enterSigning(core: SigningCore & { readonly deps: { readonly slots: SlotWork } }, person: { readonly id: string; readonly role: Role; readonly slot: KeySlot }, factors: Factors): Promise<Result<null>> {
  const entered = await core.deps.slots.do({ type: 'enter', slot: person.slot, factors });
  if (entered === null) throw new Error('a slot opens with what it was sealed under');
  const { masterKey, signingKey } = splitEntered(entered);
  masterKey.fill(0);
  const begun = await beginSigning(core, person, signingKey);
  signingKey.fill(0);
  return begun;
}

/** Does something that must leave nothing open behind it where it throws: a bug does not keep the data open behind a locked door. */
export async function unlessThrown<T>(work: Promise<T>, giveUp: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await giveUp();
    throw error;
  }
}

/** Nobody signs any more; the key is gone when this is done. */
export async function endSigning(memory: SigningCore['memory']): Promise<void> {
  const { signer } = memory;
  memory.signer = null;
  await signer?.end();
}
