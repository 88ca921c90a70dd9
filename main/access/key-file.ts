import * as v from 'valibot';
import { decodeBase64 } from '../../domain/crypto/base64.ts';
import { equalBytes } from '../../domain/crypto/bytes.ts';
import { encodeHex } from '../../domain/crypto/hex.ts';
import { decodeSm2Point } from '../../domain/crypto/sm2-curve.ts';
import { fail, ok } from '../../domain/failure.ts';
import { createKdf, isCostly, type KeySlot } from '../../domain/key-slot.ts';
import { type HeldKey, SlotSchema } from './access-record.ts';
import type { EscrowDeps } from './escrow.ts';
import type { KeyProvider, PresentedKey } from './key-provider.ts';

const format = 'counter-key-file/1';
const secretLength = 32;

const FileSchema = v.object({ format: v.literal(format), ...v.omit(SlotSchema, ['content']).entries });

/** A key file without what a person's slot keeps for it: an SM2 key pair, its private half sealed under a passphrase (Argon2id, SM4-GCM). */
export type KeyFile = Omit<KeySlot, 'content'>;

/** Makes a key file; nobody's until somebody binds it to their account. Text of one JSON object. */
export async function createKeyFile({ slots, cost, random }: EscrowDeps, pin: string): Promise<string> {
  const factors = { passphrase: pin, possessed: new Uint8Array() };
  const { id, kdf, publicKey, sealedPrivateKey } = await slots.do({ type: 'create', id: encodeHex(random(8)), kdf: createKdf(cost, random), factors, content: new Uint8Array(1) });
  return `${JSON.stringify({ format, id, kdf, publicKey, sealedPrivateKey }, null, 1)}\n`;
}

/** Reads a key file; null for any other text, also one whose public key is no point of the curve. */
export function parseKeyFile(text: string): KeyFile | null {
  try {
    const read = v.safeParse(FileSchema, JSON.parse(text));
    const publicKey = read.success ? decodeBase64(read.output.publicKey) : null;
    if (!read.success || publicKey === null || decodeSm2Point(publicKey) === null) return null;
    const { id, kdf, sealedPrivateKey } = read.output;
    return { id, kdf, sealedPrivateKey, publicKey: read.output.publicKey };
  } catch {
    return null;
  }
}

/** Key files as a person's own key: the secret is encrypted (SM2) to the file's public key and lies beside the person's slot. */
export function createKeyFileProvider(deps: EscrowDeps & Pick<KeyProvider<'file'>, 'watch'>): KeyProvider<'file'> {
  const { slots, cost, random } = deps;
  const read = ({ file }: Extract<PresentedKey, { kind: 'file' }>): KeyFile | null => {
    const key = parseKeyFile(file);
    return key !== null && isCostly(key.kdf, cost) ? key : null;
  };
  const open = (slot: KeySlot, pin: string): Promise<Uint8Array | null> =>
    // A private key that is none makes the arithmetic throw, and whoever made the file chose it.
    slots.do({ type: 'open', slot, factors: { passphrase: pin, possessed: new Uint8Array() } }).catch(() => null);
  return {
    isSetUp: () => true,
    watch: deps.watch,
    bind: async (presented) => {
      const key = read(presented);
      if (key === null) return fail('access/key-refused', 'not-a-key');
      const secret = random(secretLength);
      const slot = await slots.do({ type: 'fill', slot: { ...key, content: '' }, content: secret });
      const opened = await open(slot, presented.pin);
      if (opened === null || !equalBytes(opened, secret)) return fail('access/key-refused', 'wrong-pin');
      opened.fill(0);
      return ok({ held: heldOf(slot), secret });
    },
    open: async (held, presented) => {
      const key = read(presented);
      if (key === null || key.publicKey !== held.publicKey) return ok(null);
      const opened = await open({ ...key, content: held.content }, presented.pin);
      return ok(opened?.length === secretLength ? opened : null);
    },
  };
}

function heldOf({ publicKey, content }: KeySlot): HeldKey {
  return { kind: 'file', publicKey, content };
}
