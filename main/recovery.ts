import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RandomBytes } from '../domain/crypto/random.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { type KdfCost, kdfFloor } from '../domain/key-slot.ts';
import { recoveryCodeId } from '../domain/recovery-code.ts';
import type { SecretShare } from '../domain/secret-sharing.ts';
import { decodeEscrowKit } from './access/access-record.ts';
import { deviceSecretLength } from './access/device-secret.ts';
import { type Credentials, type EscrowContent, openEscrow, openShare } from './access/escrow.ts';
import { createSlotThread, type SlotWork } from './access/slot-thread.ts';
import { devicePlaceOf, keyFolderOf } from './device-keys.ts';

/** What opening an escrow beside the counter needs; only tests take less than `kdfFloor`. */
export interface RecoveryDeps {
  readonly dataDir: string;
  readonly random: RandomBytes;
  readonly slots?: SlotWork;
  readonly cost?: KdfCost;
}

/** Whether three administrators were set up in a data folder. */
export function hasEscrow(dataDir: string): boolean {
  return existsSync(escrowFileOf(dataDir));
}

/**
 * Opens the escrow by the passphrases of two alone, for machine or database may be gone; where `forRecovery` says so the recovery code stands for one of them.
 * `access/two-needed`, or `access/wrong` with `1` or `2`.
 */
export async function openEscrowByTwo({ dataDir, slots = createSlotThread(), cost = kdfFloor }: RecoveryDeps, two: readonly Credentials[], { forRecovery = false } = {}): Promise<Result<EscrowContent>> {
  if (!forRecovery && two.some(({ operatorId }) => operatorId === recoveryCodeId)) return fail('access/two-needed', 'code');
  const kit = hasEscrow(dataDir) ? decodeEscrowKit(new Uint8Array(readFileSync(escrowFileOf(dataDir)))) : null;
  if (kit === null || two.length !== 2 || two[0]?.operatorId === two[1]?.operatorId) return fail('access/two-needed');
  const shares: SecretShare[] = [];
  for (const [at, one] of two.entries()) {
    const share = await openShare({ slots, cost }, kit, one);
    if (share === null) return fail('access/wrong', String(at + 1));
    shares.push(share);
  }
  const content = openEscrow(kit, shares);
  for (const { y } of shares) y.fill(0);
  return content === null ? fail('access/two-needed') : ok(content);
}

/** Brings the machine's secret back from escrow, by two administrators; `access/people-unfit` while it is there. */
export async function recoverDeviceKey(deps: RecoveryDeps, two: readonly Credentials[]): Promise<Result<null>> {
  const place = devicePlaceOf(deps);
  if ((await place.load())?.length === deviceSecretLength) return fail('access/people-unfit', 'nothing is lost');
  const opened = await openEscrowByTwo(deps, two, { forRecovery: true });
  if (!opened.ok) return opened;
  const { masterKey, deviceSecret } = opened.value;
  await place.keep(deviceSecret);
  masterKey.fill(0);
  deviceSecret.fill(0);
  return ok(null);
}

function escrowFileOf(dataDir: string): string {
  return path.join(keyFolderOf(dataDir), 'escrow.json');
}
