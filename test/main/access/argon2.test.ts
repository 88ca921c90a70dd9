import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { encodeUtf8 } from '../../../domain/crypto/utf8.ts';
import { chooseArgon2id, nativeArgon2id, wasmArgon2id } from '../../../main/access/argon2.ts';

const both = [
  ['native', nativeArgon2id],
  ['WebAssembly', wasmArgon2id],
] as const;

test('the runtime computes the vector of RFC 9106 5.3', () => {
  const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
  const parameters = { message: bytes(32, 1), nonce: bytes(16, 2), secret: bytes(8, 3), associatedData: bytes(12, 4), parallelism: 4, tagLength: 32, memory: 32, passes: 3 };
  expect(crypto.argon2Sync('argon2id', parameters).toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
});

test.each(both)('%s: the vectors of the reference implementation', async (_, argon2id) => {
  const hash = async (memoryKiB: number, lanes: number): Promise<string> => encodeHex(await argon2id(encodeUtf8('password'), encodeUtf8('somesalt'), { memoryKiB, passes: 2, lanes }));
  expect(await hash(65_536, 1)).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
  expect(await hash(256, 1)).toBe('9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe');
  expect(await hash(256, 2)).toBe('6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037');
});

test('the two give the same for whatever is typed and whatever it costs', async () => {
  const cost = fc.record({ memoryKiB: fc.integer({ min: 128, max: 512 }), passes: fc.integer({ min: 1, max: 4 }), lanes: fc.integer({ min: 1, max: 16 }) });
  const property = fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.uint8Array({ minLength: 16, maxLength: 40 }), cost, async (message, salt, kdf) => {
    expect(await nativeArgon2id(message, salt, kdf)).toEqual(await wasmArgon2id(message, salt, kdf));
  });
  await fc.assert(property, { numRuns: 40 });
});

test('WebAssembly is taken where the runtime has none, or has only its name', () => {
  expect(chooseArgon2id()).toBe(nativeArgon2id);
  expect(chooseArgon2id({})).toBe(wasmArgon2id);
  const unsupported = (): never => {
    throw Object.assign(new Error('Argon2 algorithm not supported'), { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
  };
  expect(chooseArgon2id({ argon2Sync: unsupported })).toBe(wasmArgon2id);
});

test('two jobs at once take the memory of one', { timeout: 60_000 }, () => {
  const program = `
    import { createSlotThread } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../../main/access/slot-thread.ts'))};
    const slots = createSlotThread();
    const kdf = { id: 'argon2id', memoryKiB: 256 * 1024, passes: 1, lanes: 4, salt: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    const job = { type: 'create', id: 'a', kdf, factors: { passphrase: 'p', possessed: new Uint8Array(32) }, content: new Uint8Array(32) };
    await Promise.all([slots.do(job), slots.do(job)]);
    console.log(process.resourceUsage().maxRSS);
  `;
  const peakKiB = Number(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
  expect(peakKiB).toBeGreaterThan(256 * 1024);
  expect(peakKiB).toBeLessThan(2 * 256 * 1024);
});
