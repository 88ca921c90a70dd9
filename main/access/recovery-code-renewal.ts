import { ok, type Result } from '../../domain/failure.ts';
import { createKdf } from '../../domain/key-slot.ts';
import { printRecoveryCode, recoveryCodeId, recoveryCodeLength } from '../../domain/recovery-code.ts';
import { type AccessCore, keepKit } from './access-core.ts';
import { type Credentials, refillEscrowKit, shareFactors, shareLength } from './escrow.ts';
import { openByTwo } from './two-administrators.ts';

/** Another code, by two administrators: the escrow has a new key and new shares, of which the code before has none. */
export async function renewRecoveryCode(core: AccessCore, two: readonly Credentials[]): Promise<Result<string>> {
  const { deps, memory } = core;
  const opened = await openByTwo(core, two, 'recovery code');
  if (!opened.ok) return opened;
  const bytes = deps.random(recoveryCodeLength);
  const printed = printRecoveryCode(bytes);
  bytes.fill(0);
  const factors = shareFactors({ operatorId: recoveryCodeId, passphrase: printed });
  if (memory.kit === null || factors === null) throw new Error('an escrow that was opened is there');
  const slot = await deps.slots.do({ type: 'create', id: recoveryCodeId, kdf: createKdf(deps.cost, deps.random), factors, content: new Uint8Array(shareLength) });
  const others = memory.kit.shares.filter(({ id }) => id !== recoveryCodeId);
  keepKit(core, await refillEscrowKit(deps, [...others, slot], opened.value));
  for (const key of Object.values(opened.value)) key.fill(0);
  return ok(printed);
}
