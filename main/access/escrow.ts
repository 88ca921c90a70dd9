import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { concatUnmoved } from '../../domain/crypto/bytes.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { createKdf, isCostly, type KdfCost, type KeySlot, ownBytes } from '../../domain/key-slot.ts';
import { masterKeyLength } from '../../domain/key-tree.ts';
import { parseRecoveryCode, recoveryCodeId } from '../../domain/recovery-code.ts';
import { joinSecret, type SecretShare, splitSecret } from '../../domain/secret-sharing.ts';
import type { EscrowKit } from './access-record.ts';
import type { PresentedKey } from './key-provider.ts';
import type { Factors } from './slot-work.ts';
import type { SlotWork } from './slot-thread.ts';

/** How many administrators it takes to open the escrow. */
export const escrowThreshold = 2;

/** What lies in escrow: enough to bring the counter's data back on another machine. */
export interface EscrowContent {
  readonly masterKey: Uint8Array;
  readonly deviceSecret: Uint8Array;
}

/** Somebody's number and passphrase as they were typed, and the key of their own that they hold out. */
export interface Credentials {
  readonly operatorId: string;
  readonly passphrase: string;
  readonly key?: PresentedKey | null | undefined;
}

const place = encodeUtf8('escrow|1');

/** Length of a share as it lies in a slot, bytes: which one, and its part of the escrow key. */
export const shareLength = 17;

/** What filling a kit needs. */
export interface EscrowDeps {
  readonly slots: SlotWork;
  readonly cost: KdfCost;
  readonly random: RandomBytes;
}

/** Makes the kit: content under a fresh key, the key split among the administrators, each share under that person's passphrase alone. */
export async function createEscrowKit(deps: EscrowDeps & { readonly administrators: readonly Credentials[]; readonly content: EscrowContent }): Promise<EscrowKit> {
  const { slots, cost, random, administrators, content } = deps;
  const shares: KeySlot[] = [];
  for (const { operatorId, passphrase } of administrators) {
    const factors = { passphrase, possessed: new Uint8Array() };
    shares.push(await slots.do({ type: 'create', id: operatorId, kdf: createKdf(cost, random), factors, content: new Uint8Array(shareLength) }));
  }
  return refillEscrowKit(deps, shares, content);
}

/** A kit around content under a new escrow key: the shares go to the same people without asking them; who has two slots gets the same share twice. */
export async function refillEscrowKit({ slots, random }: Pick<EscrowDeps, 'slots' | 'random'>, holders: readonly KeySlot[], content: EscrowContent): Promise<EscrowKit> {
  const key = random(16);
  const plaintext = concatUnmoved(content.masterKey, content.deviceSecret);
  const sealed = encodeBase64(sealRecord({ key, keyId: 0, nonce: random(12), plaintext, aad: place }));
  plaintext.fill(0);
  const people = [...new Set(holders.map(({ id }) => id))];
  const shares = splitSecret(key, { count: people.length, threshold: escrowThreshold, random });
  key.fill(0);
  const filled: KeySlot[] = [];
  for (const slot of holders) {
    const share = shares[people.indexOf(slot.id)];
    if (share === undefined) throw new Error('a share for everyone');
    filled.push(await slots.do({ type: 'fill', slot, content: concatUnmoved(Uint8Array.of(share.x), share.y) }));
  }
  for (const { y } of shares) y.fill(0);
  return { format: 1, sealed, shares: filled };
}

/** What opens a share: a passphrase as it was typed, a recovery code in its one form; null for a code that is none. */
export function shareFactors({ operatorId, passphrase }: Credentials): Factors | null {
  const typed = operatorId === recoveryCodeId ? parseRecoveryCode(passphrase) : passphrase;
  return typed === null ? null : { passphrase: typed, possessed: new Uint8Array() };
}

/** The share of one administrator or of the recovery code, or null: not one of them, another passphrase, or a slot that is too cheap to guess at. */
export async function openShare({ slots, cost }: Pick<EscrowDeps, 'slots' | 'cost'>, kit: EscrowKit, one: Credentials): Promise<SecretShare | null> {
  const factors = shareFactors(one);
  if (factors === null) return null;
  for (const slot of kit.shares.filter(({ id, kdf }) => id === one.operatorId && isCostly(kdf, cost))) {
    const opened = await slots.do({ type: 'open', slot, factors });
    if (opened !== null) return { x: opened[0] ?? 0, y: opened.subarray(1) };
  }
  return null;
}

/** What lies in the kit; null when the shares are too few, the same, or of another kit. */
export function openEscrow(kit: EscrowKit, shares: readonly SecretShare[]): EscrowContent | null {
  const key = shares.length < escrowThreshold ? null : joinSecret(shares);
  const sealed = decodeBase64(kit.sealed);
  if (key?.length !== 16 || sealed === null) return null;
  const opened = openRecord({ key, sealed, aad: place });
  key.fill(0);
  if (opened === null) return null;
  const content = { masterKey: ownBytes(opened.subarray(0, masterKeyLength)), deviceSecret: ownBytes(opened.subarray(masterKeyLength)) };
  opened.fill(0);
  return content;
}
