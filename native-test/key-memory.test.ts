import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listPatterns, searchMemory } from '../test/fakes/canary-search.ts';

const domain = path.resolve(import.meta.dirname, '../domain');
const access = path.resolve(import.meta.dirname, '../main/access');

/**
 * A process of its own makes keys in one way, lets the collector move what it moves, overwrites each as its owner does, and says (turned round, so that saying
 * it leaves no copy) what they were. How many of the 20 are still in its memory?
 */
async function countLeftBehind(making: string): Promise<number> {
  const script = `
    import { createCipheriv } from 'node:crypto';
    import { systemRandom } from '${domain}/crypto/random.ts';
    import { hkdfSm3 } from '${domain}/crypto/sm3.ts';
    import { createSm4Gcm } from '${domain}/crypto/sm4-gcm.ts';
    import { deriveKey } from '${domain}/key-tree.ts';
    import { startSignerThread } from '${access}/signer-thread.ts';
    import { combineFactors, createSlot, enterSlot, fillSlot, openSlot } from '${domain}/key-slot.ts';
    const make = async () => { ${making} };
    const said = [];
    for (let at = 0; at < 20; at += 1) {
      const key = await make();
      gc({ type: 'minor' });
      said.push(Array.from(key, (byte) => byte ^ 0x5a));
      key.fill(0);
    }
    console.log(JSON.stringify(said));
    setInterval(() => {}, 1000);`;
  // A file: threads inherit the options of the command line, and `-e` is none for them.
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'counter-keys-')), 'keys.mjs');
  writeFileSync(file, script);
  const child = spawn(process.execPath, ['--expose-gc', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    let printed = '';
    while (!printed.endsWith('\n')) printed += String((await once(child.stdout, 'data'))[0]);
    const keys = (JSON.parse(printed) as number[][]).map((bytes, at) => ({ name: `key ${at}`, content: Uint8Array.from(bytes, (byte) => byte ^ 0x5a) }));
    expect(keys).toHaveLength(20);
    const { hits } = searchMemory(child.pid ?? 0, listPatterns(keys).filter(({ encoding }) => encoding === 'bytes'));
    return new Set(hits.map(({ canary }) => canary)).size;
  } finally {
    child.kill();
  }
}

const ways = {
  'the random bytes of a new key': 'return systemRandom(16);',
  'a key derived from another': "const from = systemRandom(32); const key = deriveKey(from, 'wrap'); from.fill(0); return key;",
  'the key of two factors': 'return combineFactors(new Uint8Array(systemRandom(32)), systemRandom(32));',
  'a key that was sealed and opened again': `
    const [under, key] = [createSm4Gcm(systemRandom(16)), systemRandom(16)];
    const sealed = under.seal(new Uint8Array(12), key, new Uint8Array(3));
    gc({ type: 'minor' });
    key.fill(0);
    const opened = under.open(new Uint8Array(12), sealed, new Uint8Array(3));
    under.forget();
    return opened;`,
  'a key that lay in somebody’s slot': `
    const [theirs, key] = [systemRandom(16), systemRandom(32)];
    const kdf = { id: 'argon2id', memoryKiB: 1, passes: 1, lanes: 1, salt: '' };
    const empty = createSlot({ id: '10001', kdf, key: theirs, content: new Uint8Array(1), random: systemRandom });
    const slot = fillSlot(empty, key, systemRandom);
    key.fill(0);
    gc({ type: 'minor' });
    return openSlot(slot, theirs);`,
  'a key that somebody signed with': `
    const [theirs, content] = [systemRandom(16), systemRandom(32)];
    const kdf = { id: 'argon2id', memoryKiB: 1, passes: 1, lanes: 1, salt: '' };
    const entered = enterSlot(createSlot({ id: '10387', kdf, key: theirs, content, random: systemRandom }), theirs);
    gc({ type: 'minor' });
    const key = entered.subarray(32);
    const signer = await startSignerThread(key);
    await signer.sign('one thing');
    await signer.end();
    return key;`,
  // Times x to the power 128, as the table of the tag is left; its words are those of this machine, the last byte first.
  'what a tag is reckoned with': `
    const key = systemRandom(16);
    const hash = createCipheriv('sm4-ecb', key, null).setAutoPadding(false).update(new Uint8Array(16));
    let power = BigInt('0x' + hash.toString('hex'));
    for (let bit = 0; bit < 128; bit += 1) power = (power >> 1n) ^ ((power & 1n) << 127n) ^ ((power & 1n) * (0x61n << 120n));
    const gcm = createSm4Gcm(key);
    gc({ type: 'minor' });
    gcm.forget();
    key.fill(0);
    const words = systemRandom(16);
    const swapped = Buffer.from(power.toString(16).padStart(32, '0'), 'hex').swap32();
    words.set(swapped);
    swapped.fill(0);
    return words;`,
  'keys of any length': "return hkdfSm3(systemRandom(7), new Uint8Array(70), new Uint8Array(3), 48);",
};

test.skipIf(process.platform !== 'linux').each(Object.entries(ways))('overwriting leaves nothing of %s', async (_name, making) => {
  expect(await countLeftBehind(making)).toBe(0);
});

test.skipIf(process.platform !== 'linux')('small arrays of the collector are left behind (control)', async () => {
  expect(await countLeftBehind('const key = new Uint8Array(16); key.set(systemRandom(16)); return key;')).toBeGreaterThan(0);
});
