import { expect, test } from 'vitest';
import { systemRandom as random } from '../../domain/crypto/random.ts';
import { combineFactors, createKdf, createSlot, fillSlot, isCostly, type KeySlot, kdfFloor, moveSlot, openSlot } from '../../domain/key-slot.ts';
import { deriveKey } from '../../domain/key-tree.ts';

const kdf = createKdf(kdfFloor, random);
const key = random(16);
const content = random(32);
const slot = createSlot({ id: '10387', kdf, key, content, random });

test('a slot opens with its key and gives what lies in it', () => {
  expect(openSlot(slot, key)).toEqual(content);
  expect(openSlot(slot, random(16))).toBeNull();
});

test('whatever is changed in a slot, it opens no more', () => {
  const other = createSlot({ id: '10388', kdf, key, content: random(32), random });
  const changes: Partial<KeySlot>[] = [
    { id: '10388' },
    { kdf: { ...kdf, memoryKiB: kdf.memoryKiB + 1 } },
    { kdf: { ...kdf, passes: 1 } },
    { kdf: { ...kdf, salt: createKdf(kdfFloor, random).salt } },
    { publicKey: other.publicKey },
    { sealedPrivateKey: other.sealedPrivateKey },
    { content: other.content },
    { content: '' },
    { content: '?' },
  ];
  for (const change of changes) expect(openSlot({ ...slot, ...change }, key)).toBeNull();
  // The other slot by itself is sound, so it is the change that was refused.
  expect(openSlot(other, key)).not.toBeNull();
});

test('a passphrase change seals the private key again and leaves the content as it is', () => {
  const newKey = random(16);
  const moved = moveSlot(slot, { oldKey: key, newKey, kdf: createKdf(kdfFloor, random), random });
  if (moved === null) throw new Error('the old key was right');
  expect(moved.content).toBe(slot.content);
  expect(openSlot(moved, newKey)).toEqual(content);
  expect(openSlot(moved, key)).toBeNull();
  expect(moveSlot(slot, { oldKey: newKey, newKey: key, kdf, random })).toBeNull();
});

test('other content reaches the holder without their key', () => {
  const next = random(32);
  expect(openSlot(fillSlot(slot, next, random), key)).toEqual(next);
});

test('parameters below the floor are a downgrade, and without end an attack', () => {
  expect(isCostly(kdf, kdfFloor)).toBe(true);
  expect(kdfFloor).toEqual({ memoryKiB: 65_536, passes: 3, lanes: 4 });
  for (const cheap of [{ memoryKiB: 65_535 }, { passes: 2 }, { lanes: 3 }, { salt: 'AAAA' }, { memoryKiB: 4_000_000 }, { passes: 1000 }]) {
    expect(isCostly({ ...kdf, ...cheap }, kdfFloor)).toBe(false);
  }
});

test('both factors count, and where one ends the other cannot begin', () => {
  const [known, possessed] = [random(32), random(32)];
  const both = combineFactors(known, possessed);
  expect(both).toHaveLength(16);
  expect(combineFactors(random(32), possessed)).not.toEqual(both);
  expect(combineFactors(known, random(32))).not.toEqual(both);
  const joined = Uint8Array.from([...known, ...possessed]);
  expect(combineFactors(joined.subarray(0, 33), joined.subarray(33))).not.toEqual(both);
});

test('keys below one master key differ by purpose and by master key', () => {
  const masterKey = random(32);
  expect(deriveKey(masterKey, 'wrap')).toHaveLength(16);
  expect(deriveKey(masterKey, 'wrap')).not.toEqual(deriveKey(masterKey, 'bridge'));
  expect(deriveKey(random(32), 'wrap')).not.toEqual(deriveKey(masterKey, 'wrap'));
});
