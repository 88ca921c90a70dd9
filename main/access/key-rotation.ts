import { decodeBase64, encodeBase64 } from '../../domain/crypto/base64.ts';
import { openRecord, sealRecord } from '../../domain/crypto/sealed-record.ts';
import { encodeUtf8 } from '../../domain/crypto/utf8.ts';
import type { Result } from '../../domain/failure.ts';
import { ownBytes } from '../../domain/key-slot.ts';
import { deriveKey, masterKeyLength } from '../../domain/key-tree.ts';
import { type AccessCore, changeRecord, devicePlace, holdMasterKey, keepKit, shareWrapKey } from './access-core.ts';
import type { AccessRecord } from './access-record.ts';
import { refillEscrowKit } from './escrow.ts';

const bridgePlace = encodeUtf8('bridge|1');

/**
 * Replaces the master key: everybody's slot gets the new one without asking anybody, data keys are wrapped again, data is
 * untouched. A crash on the way is mended at the next log-in by the bridge.
 */
export async function rotateMasterKey(core: AccessCore, record: AccessRecord, oldKey: Uint8Array): Promise<Result<null>> {
  const { deps, memory } = core;
  if (record.bridge !== undefined) {
    // The one before did not come to its end: a second bridge would lead past the data keys.
    const ended = await crossBridge(core, oldKey, record);
    return ended.ok && memory.record !== null ? rotateMasterKey(core, memory.record, oldKey) : ended;
  }
  const masterKey = deps.random(masterKeyLength);
  const people = await Promise.all(record.people.map(async (person) => ({ ...person, slot: await deps.slots.do({ type: 'fill', slot: person.slot, content: masterKey }) })));
  const next: AccessRecord = { ...record, people, device: record.device === null ? null : sealForDevice(core, masterKey), bridge: sealBridge(core, masterKey, oldKey) };
  const kept = await changeRecord(core, next, { type: 'access.key-rotated', result: 'begun', ref: 'master-key' });
  if (!kept.ok) return kept;
  // From here on the slots hold the new key: whoever is taken on now gets it too, whatever becomes of the rest.
  const crossing = ownBytes(masterKey);
  holdMasterKey(memory, masterKey);
  const done = await crossBridge(core, crossing, next);
  crossing.fill(0);
  return done;
}

/** Ends a rotation that was cut off after the slots had the new key and before the data keys had; false when there is none to end. */
export async function resumeRotation(core: AccessCore, masterKey: Uint8Array): Promise<boolean> {
  const { record } = core.memory;
  const sealed = record?.bridge === undefined ? null : decodeBase64(record.bridge);
  const wrapKey = sealed === null ? null : openRecord({ key: bridgeKeyOf(masterKey), sealed, aad: bridgePlace });
  if (record === null || wrapKey === null) return false;
  const shared = new Uint8Array(new SharedArrayBuffer(wrapKey.length));
  shared.set(wrapKey);
  wrapKey.fill(0);
  const opened = await core.deps.store.unlock({ wrapKey: shared, isFirst: false });
  if (!opened.ok || !opened.value) return false;
  const done = await crossBridge(core, masterKey, record);
  return done.ok;
}

/**
 * Ends a rotation whose record with the bridge is written: escrow, data keys, then the bridge goes. The escrow first: while the
 * bridge stands its new content opens the data before the wrapping as well as after it.
 */
export async function crossBridge(core: AccessCore, masterKey: Uint8Array, record: AccessRecord): Promise<Result<null>> {
  if (core.memory.kit !== null) keepKit(core, await refillEscrowKit(core.deps, core.memory.kit.shares, { masterKey, deviceSecret: core.deps.device.secret }));
  const rewrapped = await core.deps.store.rewrap({ wrapKey: shareWrapKey(masterKey) });
  if (!rewrapped.ok) return rewrapped;
  const { bridge: _, ...done } = record;
  return changeRecord(core, done, { type: 'access.key-rotated', result: 'done', ref: 'master-key' });
}

/** The wrapping key of before under the master key to come: a record that has it makes the next log-in end the rotation. */
export function sealBridge({ deps }: AccessCore, masterKey: Uint8Array, oldKey: Uint8Array): string {
  const wrapKey = deriveKey(oldKey, 'wrap');
  const sealed = sealRecord({ key: bridgeKeyOf(masterKey), keyId: 0, nonce: deps.random(12), plaintext: wrapKey, aad: bridgePlace });
  wrapKey.fill(0);
  return encodeBase64(sealed);
}

function bridgeKeyOf(masterKey: Uint8Array): Uint8Array {
  return deriveKey(masterKey, 'bridge');
}

function sealForDevice({ deps }: AccessCore, masterKey: Uint8Array): string {
  const key = deps.device.factor.subarray(0, 16);
  return encodeBase64(sealRecord({ key, keyId: 0, nonce: deps.random(12), plaintext: masterKey, aad: devicePlace }));
}
