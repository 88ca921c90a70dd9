import { parseRecoveryCode, printRecoveryCode, recoveryCodeId, recoveryCodeLength } from '../../domain/recovery-code.ts';
import type { AccessCore, AccessMemory } from './access-core.ts';
import type { Credentials } from './escrow.ts';

/** Whether a number is the recovery code's. */
export function isReserved({ id }: { readonly id: string }): boolean {
  return id.toLowerCase() === recoveryCodeId;
}

/** Draws a code for a set-up, to be shown once: it holds a share of the escrow like an administrator, and like one alone opens nothing. */
export function drawRecoveryCode({ deps, memory }: AccessCore): Credentials {
  forgetRecoveryCode(memory);
  memory.recoveryCode = deps.random(recoveryCodeLength);
  return { operatorId: recoveryCodeId, passphrase: parseRecoveryCode(printRecoveryCode(memory.recoveryCode)) ?? '' };
}

/** The code of the set-up just made, once. */
export function takeRecoveryCode(memory: AccessMemory): string | null {
  const printed = memory.recoveryCode === null ? null : printRecoveryCode(memory.recoveryCode);
  forgetRecoveryCode(memory);
  return printed;
}

/** Overwrites a code that nobody asked for. */
export function forgetRecoveryCode(memory: Pick<AccessMemory, 'recoveryCode'>): void {
  memory.recoveryCode?.fill(0);
  memory.recoveryCode = null;
}
