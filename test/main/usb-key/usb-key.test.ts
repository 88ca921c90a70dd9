import { appendFileSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { encodeHex } from '../../../domain/crypto/hex.ts';
import { sm3 } from '../../../domain/crypto/sm3.ts';
import { createUsbKeys, type StartKeyProcess, type UsbKeys } from '../../../main/usb-key/usb-key.ts';
import { readFileSync } from 'node:fs';
import { compileUsbKeyStub, stubPin } from '../../fakes/usb-key-stub.ts';

const stub = compileUsbKeyStub();
afterEach(() => {
  stub.plug('first');
  stub.behave('');
  stub.tries(6);
});

const choose = (library: string) => ({ library, sm3: encodeHex(sm3(new Uint8Array(readFileSync(library)))) });
const chosen = choose(stub.library);
const keys = createUsbKeys({ choice: () => chosen });

async function bound(of: UsbKeys = keys) {
  const made = await of.bind(stubPin);
  if (!made.ok) throw new Error(JSON.stringify(made));
  return made.value;
}
const failure = (code: string, detail?: string) => ({ ok: false, failure: detail === undefined ? { code } : { code, detail } });

test('a key gives back what was given into its keeping, a fresh secret each time', async () => {
  const [first, second] = [await bound(), await bound()];
  expect(first.secret).toHaveLength(32);
  expect(await keys.open(first.kept, stubPin)).toEqual({ ok: true, value: first.secret });
  expect(await keys.open(second.kept, stubPin)).toEqual({ ok: true, value: second.secret });
  expect(second.secret).not.toEqual(first.secret);
  expect(Buffer.from(first.kept.content, 'base64').includes(Buffer.from(first.secret))).toBe(false);
});

test('the PIN is taken back and the device left after each job', async () => {
  const before = stub.calls().length;
  const { kept } = await bound();
  const binding = stub.calls().slice(before);
  expect(binding).toEqual(['SKF_ConnectDev', 'SKF_VerifyPIN', 'SKF_ImportSessionKey', 'SKF_ClearSecureState', 'SKF_DisConnectDev']);
  await keys.open(kept, stubPin);
  expect(stub.calls().slice(before + binding.length)).toEqual(binding);
});

test('the PIN is taken back where the key does not open what was held out to it, too', async () => {
  const { kept } = await bound();
  const content = Buffer.from(kept.content, 'base64');
  content[100] = (content[100] ?? 0) ^ 1;
  const before = stub.calls().length;
  expect(await keys.open({ ...kept, content: content.toString('base64') }, stubPin)).toMatchObject(failure('key/library-failed'));
  expect(stub.calls().slice(before)).toEqual(['SKF_ConnectDev', 'SKF_VerifyPIN', 'SKF_ImportSessionKey', 'SKF_ClearSecureState', 'SKF_DisConnectDev']);
});

test('a process that cannot be started costs one job', async () => {
  let starts = 0;
  const once = createUsbKeys({
    choice: () => chosen,
    start: () => {
      starts += 1;
      throw new Error('no process');
    },
  });
  for (const tried of [1, 2]) {
    expect(await once.list()).toEqual(failure('key/library-failed', 'crashed'));
    expect(starts).toBe(tried);
  }
});

test('another key opens nothing; the right one is found among several', async () => {
  const { kept, secret } = await bound();
  stub.plug('second');
  expect(await keys.open(kept, stubPin)).toEqual(failure('key/not-yours'));
  stub.plug('second', 'first');
  expect(await keys.open(kept, stubPin)).toEqual({ ok: true, value: secret });
  // What was sealed for the first, said to be the second's.
  const listed = await keys.list();
  const other = listed.ok ? listed.value[0]?.publicKey : undefined;
  expect(await keys.open({ ...kept, publicKey: other ?? '' }, stubPin)).toMatchObject(failure('key/library-failed', 'SKF_ImportSessionKey 0a000001'));
  expect(await keys.open({ ...kept, content: kept.content.slice(4) }, stubPin)).toEqual(failure('key/not-yours'));
  expect(listed).toMatchObject({ ok: true, value: [{ label: 'Stub second', serial: 'SN-1' }, { label: 'Stub first', serial: 'SN-2' }] });
});

test('a changed byte of what lies beside the slot gives no secret, or another', async () => {
  const { kept, secret } = await bound();
  const bytes = Buffer.from(kept.content, 'base64');
  for (const at of [0, 40, 70, 100, 111, 112, 143]) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const opened = await keys.open({ ...kept, content: changed.toString('base64') }, stubPin);
    expect(opened).not.toEqual({ ok: true, value: secret });
  }
});

test('a wrong PIN says how many tries are left, the last one locks, and a locked key stays so', async () => {
  const { kept } = await bound();
  expect(await keys.open(kept, '0000')).toEqual(failure('key/pin-wrong', '5'));
  expect(await keys.bind('')).toEqual(failure('key/pin-wrong', '4'));
  stub.tries(1);
  expect(await keys.open(kept, '0000')).toEqual(failure('key/pin-locked'));
  expect(await keys.open(kept, stubPin)).toEqual(failure('key/pin-locked'));
});

test('no key, one pulled out on the way, two to bind, one without an SM2 key', async () => {
  const { kept } = await bound();
  stub.plug();
  expect(await keys.list()).toEqual({ ok: true, value: [] });
  expect(await keys.open(kept, stubPin)).toEqual(failure('key/absent'));
  expect(await keys.bind(stubPin)).toEqual(failure('key/absent'));
  stub.plug('first', 'second');
  expect(await keys.bind(stubPin)).toEqual(failure('key/unfit', 'several'));
  stub.plug('first');
  stub.behave('removed');
  expect(await keys.open(kept, stubPin)).toEqual(failure('key/removed'));
  expect(await keys.bind(stubPin)).toEqual(failure('key/removed'));
  stub.behave('unfit');
  expect(await keys.bind(stubPin)).toEqual(failure('key/unfit', 'no-sm2-key'));
  expect(await keys.open(kept, stubPin)).toEqual(failure('key/not-yours'));
});

test('a library that crashes or hangs costs one job, and the next is served', async () => {
  const { kept, secret } = await bound();
  stub.behave('crash');
  expect(await keys.open(kept, stubPin)).toEqual(failure('key/library-failed', 'crashed'));
  stub.behave('hang');
  const impatient = createUsbKeys({ choice: () => chosen, limitMs: 1500 });
  const [hung, after] = [impatient.open(kept, stubPin), impatient.list()];
  expect(await hung).toEqual(failure('key/library-failed', 'no-answer'));
  expect(await after).toMatchObject({ ok: true });
  stub.behave('');
  expect(await keys.open(kept, stubPin)).toEqual({ ok: true, value: secret });
});

test('a library that counts in 64 bits writes no further than it may', async () => {
  stub.behave('wide');
  const { kept, secret } = await bound();
  expect(await keys.open(kept, stubPin)).toEqual({ ok: true, value: secret });
});

test('only the library that was chosen is loaded, byte for byte', async () => {
  expect(await createUsbKeys({ choice: () => null }).list()).toEqual(failure('key/not-set-up'));
  const copy = path.join(path.dirname(stub.library), 'copy.so');
  copyFileSync(stub.library, copy);
  const choice = choose(copy);
  expect(await createUsbKeys({ choice: () => choice }).list()).toMatchObject({ ok: true });
  appendFileSync(copy, ' ');
  expect(await createUsbKeys({ choice: () => choice }).list()).toEqual(failure('key/library-failed', 'changed'));
  const text = choose(path.join(import.meta.dirname, 'usb-key.test.ts'));
  expect(await createUsbKeys({ choice: () => text }).list()).toEqual(failure('key/library-failed', 'not-loaded'));
});

/** A watch of a key, and how often it said that the key is gone. */
function watched(of: UsbKeys, publicKey: string) {
  const seen = { gone: 0 };
  return { seen, stop: of.watch({ publicKey }, () => (seen.gone += 1)) };
}
const aMoment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a watch tells once that the key was pulled out, and nothing after it was ended', { timeout: 20_000 }, async () => {
  const { kept } = await bound();
  const [told, ended] = [watched(keys, kept.publicKey), watched(keys, kept.publicKey)];
  await aMoment(2500);
  expect([told.seen.gone, ended.seen.gone]).toEqual([0, 0]);
  ended.stop();
  stub.plug('second');
  await expect.poll(() => told.seen.gone, { timeout: 8000 }).toBe(1);
  await aMoment(2500);
  expect([told.seen.gone, ended.seen.gone]).toEqual([1, 0]);
  told.stop();
});

test('a library that does not say any more whether the key is there counts as a key that is not, at the third time', async () => {
  let started = 0;
  const dying: StartKeyProcess = () => {
    started += 1;
    return { post: () => {}, onAnswer: () => {}, onEnd: (listener) => void setTimeout(listener, 5), end: () => {} };
  };
  const { seen } = watched(createUsbKeys({ choice: () => chosen, start: dying, againMs: 20 }), 'any');
  await aMoment(12);
  expect([seen.gone, started]).toEqual([0, 1]);
  await expect.poll(() => seen.gone).toBe(1);
  expect(started).toBe(3);
});
