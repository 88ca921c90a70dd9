import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { concatBytes } from '../../domain/crypto/bytes.ts';
import type { RandomBytes } from '../../domain/crypto/random.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import { createKdf, type KdfCost, ownBytes } from '../../domain/key-slot.ts';
import { masterKeyLength } from '../../domain/key-tree.ts';
import { joinSecret, type SecretShare, splitSecret } from '../../domain/secret-sharing.ts';
import type { EscrowKit } from './access-record.ts';
import type { SlotWork } from './slot-thread.ts';

/** How many administrators it takes to open the escrow. */
export const escrowThreshold = 2;

/** What lies in escrow: enough to bring the counter's data back on another machine. */
export interface EscrowContent {
  readonly masterKey: Uint8Array;
  readonly deviceSecret: Uint8Array;
}

/** Somebody's number and passphrase as they were typed. */
export interface Credentials {
  readonly operatorId: string;
  readonly passphrase: string;
}

const place = encodeUtf8('escrow|1');

/** Makes the kit: content under a fresh key, the key split among the administrators, each share under that person's passphrase alone. */
export async function createEscrowKit(deps: {
  readonly slots: SlotWork;
  readonly cost: KdfCost;
  readonly random: RandomBytes;
  readonly administrators: readonly Credentials[];
  readonly content: EscrowContent;
}): Promise<EscrowKit> {
  const { slots, cost, random, administrators, content } = deps;
  const key = ownBytes(random(16));
  const plaintext = concatBytes(content.masterKey, content.deviceSecret);
  const sealed = encodeBase64(sealRecord({ key, keyId: 0, nonce: random(12), plaintext, aad: place }));
  plaintext.fill(0);
  const shares = splitSecret(key, { count: administrators.length, threshold: escrowThreshold, random });
  key.fill(0);
  const kit: EscrowKit = { format: 1, sealed, shares: [] };
  for (const [index, { operatorId, passphrase }] of administrators.entries()) {
    const share = shares[index];
    if (share === undefined) throw new Error('a share for everyone');
    const factors = { passphrase, possessed: new Uint8Array() };
    kit.shares.push(await slots.do({ type: 'create', id: operatorId, kdf: createKdf(cost, random), factors, content: concatBytes(Uint8Array.of(share.x), share.y) }));
    share.y.fill(0);
  }
  return kit;
}

/** The share of one administrator, or null: not one of them, or another passphrase. */
export async function openShare(slots: SlotWork, kit: EscrowKit, { operatorId, passphrase }: Credentials): Promise<SecretShare | null> {
  const slot = kit.shares.find(({ id }) => id === operatorId);
  if (slot === undefined) return null;
  const opened = await slots.do({ type: 'open', slot, factors: { passphrase, possessed: new Uint8Array() } });
  return opened === null ? null : { x: opened[0] ?? 0, y: opened.subarray(1) };
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
