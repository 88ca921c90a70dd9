import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { fail, ok } from '../../../domain/failure.ts';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { createElectronKeyStore } from '../../../main/electron-key-store.ts';
import type { KeyStore } from '../../../main/access/device-secret.ts';
import { devicePlaceOf } from '../../../main/device-keys.ts';
import { listSystemStores, type RunProgram } from '../../../main/key-store/system-stores.ts';
import { recoverDeviceKey } from '../../../main/recovery.ts';
import { doSlotJob } from '../../../main/access/slot-work.ts';
import { administrator, auditor, credentials, folder, officers, start, stop } from '../access/attended-counter.ts';

const done = { ok: true, value: null };
const failed = (backend: string) => ({ ok: false, failure: { code: 'key/store-failed', detail: backend } });
const secret = Uint8Array.from({ length: 32 }, (_, at) => at * 7);

/** `security` and PowerShell as far as they are called: one keeps by name, the other seals. */
function standIn(): { run: RunProgram; seen: string[] } {
  const kept = new Map<string, string>();
  const seen: string[] = [];
  const mask = (text: string): string => Buffer.from(Buffer.from(text.trim(), 'base64').map((byte) => byte ^ 0x5a)).toString('base64');
  const run: RunProgram = async (program, args, input) => {
    seen.push([program, ...args].join(' '));
    const gives = (out: string | undefined) => ({ status: out === undefined ? 1 : 0, out: out ?? '', err: out === undefined ? 'not found' : '' });
    if (program === 'powershell.exe') return gives(mask(input));
    if (args[0] === 'list-keychains') return gives('login.keychain');
    const [, name = '', value = ''] = /-s (\S+) -w (\S+)/.exec(input) ?? [];
    if (args[0] === '-i') return kept.set(name, value), gives('');
    const asked = args[args.indexOf('-s') + 1] ?? '';
    if (args[0] === 'find-generic-password') return gives(kept.get(asked));
    return kept.delete(asked), gives('');
  };
  return { run, seen };
}

const chain = standIn();
const sealed = standIn();
const electron = (backend: string) =>
  createElectronKeyStore({ isEncryptionAvailable: () => true, encryptString: (text) => Buffer.from(Buffer.from(text).map((byte) => byte ^ 1)), decryptString: (bytes) => Buffer.from(bytes.map((byte) => byte ^ 1)).toString(), getSelectedStorageBackend: () => backend as 'gnome_libsecret' }, 'linux');

describe.each([
  ['keychain', listSystemStores('darwin', chain.run)[0], chain],
  ['dpapi', listSystemStores('win32', sealed.run)[0], sealed],
  ['safe-storage', electron('gnome_libsecret'), null],
] as const)('%s', (backend, store, watched) => {
  test('gives back what it was given, and no argument shows it', async () => {
    if (store === undefined) throw new Error('no store');
    expect([store.backend, await store.isThere()]).toEqual([backend, true]);
    const kept = await store.seal('name', secret);
    if (!kept.ok) throw new Error('not sealed');
    expect(await store.open('name', kept.value)).toEqual({ ok: true, value: secret });
    expect(Buffer.from(kept.value).includes(Buffer.from(secret))).toBe(false);
    expect(watched?.seen.join('\n') ?? '').not.toContain(Buffer.from(secret).toString('base64'));
  });
});

test('Electron without a secret service is refused: its password stands in its source', async () => {
  for (const backend of ['basic_text', 'unknown']) {
    expect(await electron(backend).isThere()).toBe(false);
    expect(await electron(backend).seal('name', secret)).toEqual(failed('safe-storage'));
  }
});

test('a store that is not there, fails or answers nonsense gives nothing', async () => {
  const broken: RunProgram = async () => ({ status: null, out: '', err: '' });
  const nonsense: RunProgram = async () => ({ status: 0, out: '%%%', err: '' });
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const [store] = listSystemStores(platform, broken);
    const name = store?.backend ?? '';
    expect([await store?.isThere(), await store?.seal('n', secret), await store?.open('n', secret)]).toEqual([false, failed(name), failed(name)]);
    expect(await listSystemStores(platform, nonsense)[0]?.open('n', secret)).toEqual(failed(name));
  }
  expect(listSystemStores('freebsd')).toEqual([]);
});

/** A store in memory, which may forget or lie. */
function memoryStore(): KeyStore & { lost: boolean; readonly kept: ReadonlyMap<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  const store = {
    backend: 'memory',
    lost: false,
    kept,
    isThere: async () => true,
    seal: async (name: string, bytes: Uint8Array) => (kept.set(name, Uint8Array.from(bytes)), ok(new Uint8Array())),
    open: async (name: string) => {
      const found = kept.get(name);
      return store.lost || found === undefined ? fail('key/store-failed', 'memory') : ok(found);
    },
    forget: async (name: string) => (kept.delete(name), ok(null)),
  };
  return store;
}

/** A folder of a counter at rest whose device key a store guards. */
async function guardedFolder() {
  const store = memoryStore();
  const dataDir = folder();
  const app = await start(dataDir, { keyStores: [store] });
  expect(await app.access.setUp(officers)).toEqual(done);
  expect(await app.deviceKey.move(true)).toEqual(done);
  await stop(app);
  return { store, dataDir };
}

describe('the device key in a store', () => {
  test('a copied folder opens nothing elsewhere; here everything goes on; two administrators bring a lost one back', async () => {
    const store = memoryStore();
    const dataDir = folder();
    const keyFile = path.join(dataDir, 'keys/device.key');
    const app = await start(dataDir, { keyStores: [store] });
    expect(await app.deviceKey.move(true)).toMatchObject({ ok: false, failure: { code: 'access/people-unfit' } });
    expect(await app.access.setUp(officers)).toEqual(done);
    const plain = readFileSync(keyFile);
    expect([app.deviceKey.backend(), await app.deviceKey.available()]).toEqual(['file', 'memory']);
    expect(await app.deviceKey.move(true)).toEqual(done);
    expect(app.deviceKey.backend()).toBe('memory');
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyFile).includes(plain)).toBe(false);
    await stop(app);

    const again = await start(dataDir, { keyStores: [store] });
    expect(await again.access.logIn(credentials(administrator))).toEqual(done);
    await stop(again);

    const copy = folder();
    cpSync(dataDir, copy, { recursive: true, filter: (source) => path.basename(source) !== 'lock' });
    await expect(start(copy, { keyStores: [memoryStore()] })).rejects.toThrow('store/key-missing');

    store.lost = true;
    await expect(start(dataDir, { keyStores: [store] })).rejects.toThrow('store/key-missing');
    const deps = { dataDir, random: systemRandom, keyStores: [store], slots: { do: (job: Parameters<typeof doSlotJob>[0]) => doSlotJob(job) as never }, cost: { memoryKiB: 64, passes: 1, lanes: 1 } };
    expect(await recoverDeviceKey(deps, [credentials(administrator), credentials(auditor)])).toEqual(done);
    expect(readFileSync(keyFile)).toEqual(plain);
    const recovered = await start(dataDir, { keyStores: [store] });
    expect(await recovered.access.logIn(credentials(administrator))).toEqual(done);
  });

  test('a store that is locked when the database is gone too loses nothing: no new key takes its place', async () => {
    const { store, dataDir } = await guardedFolder();
    const guarded = readFileSync(path.join(dataDir, 'keys/device.key'));
    for (const name of readdirSync(dataDir).filter((one) => one.startsWith('counter.db'))) rmSync(path.join(dataDir, name));
    store.lost = true;
    await expect(start(dataDir, { keyStores: [store] })).rejects.toThrow('store/key-missing');
    expect(readFileSync(path.join(dataDir, 'keys/device.key'))).toEqual(guarded);
  });

  test('guarded again, the store lets go of the one before; what it does not give back it does not keep', async () => {
    const store = memoryStore();
    const dataDir = folder();
    const app = await start(dataDir, { keyStores: [store] });
    expect(await app.access.setUp(officers)).toEqual(done);
    // At once: the second begins from what the first left.
    expect(await Promise.all([app.deviceKey.move(true), app.deviceKey.move(true)])).toEqual([done, done]);
    expect(store.kept.size).toBe(1);
    await stop(app);
    const again = await start(dataDir, { keyStores: [store] });
    expect(await again.access.logIn(credentials(administrator))).toEqual(done);
    expect(await again.deviceKey.move(false)).toEqual(done);
    expect(store.kept.size).toBe(0);
    const liar = { ...store, open: async () => ok(new Uint8Array(32)) };
    const place = devicePlaceOf({ dataDir, random: systemRandom, keyStores: [liar] });
    expect(await place.guard()).toEqual(failed('memory'));
    expect([store.kept.size, place.backend()]).toEqual([0, 'file']);
  });

  test('goes back to the file, and stays there when the store does not give back what it took', async () => {
    const store = memoryStore();
    const dataDir = folder();
    const app = await start(dataDir, { keyStores: [store] });
    expect(await app.access.setUp(officers)).toEqual(done);
    const plain = readFileSync(path.join(dataDir, 'keys/device.key'));
    store.lost = true;
    expect(await app.deviceKey.move(true)).toMatchObject({ ok: false, failure: { code: 'key/store-failed' } });
    expect(readFileSync(path.join(dataDir, 'keys/device.key'))).toEqual(plain);
    store.lost = false;
    expect(await app.deviceKey.move(true)).toEqual(done);
    expect(await app.deviceKey.move(false)).toEqual(done);
    expect(app.deviceKey.backend()).toBe('file');
    expect(readFileSync(path.join(dataDir, 'keys/device.key'))).toEqual(plain);
  });
});

describe('the end of the log in a store', () => {
  async function guardedCounter() {
    const { store, dataDir } = await guardedFolder();
    const copy = folder();
    cpSync(dataDir, copy, { recursive: true, filter: (source) => path.basename(source) !== 'lock' });
    const putBack = (): void => {
      rmSync(dataDir, { recursive: true });
      cpSync(copy, dataDir, { recursive: true });
    };
    return { store, dataDir, putBack };
  }

  async function work(dataDir: string, store: KeyStore): Promise<string> {
    const app = await start(dataDir, { keyStores: [store] });
    await app.access.logIn(credentials(administrator));
    const { audit } = app.status.current();
    await stop(app);
    return audit.state;
  }

  test('finds a data folder that was put back as a whole, and goes on finding it', async () => {
    const { store, dataDir, putBack } = await guardedCounter();
    expect(await work(dataDir, store)).toBe('ok');
    expect(await work(dataDir, store)).toBe('ok');
    putBack();
    for (let times = 0; times < 4; times += 1) expect(await work(dataDir, store)).toBe('broken');
  });

  test('says nothing where the store knows nothing of it or is asked in vain', async () => {
    const { store, dataDir, putBack } = await guardedCounter();
    expect(await work(dataDir, store)).toBe('ok');
    putBack();
    const forgetful: KeyStore = { ...store, open: async (name) => (name.endsWith('-log-end') ? fail('key/store-failed', 'memory') : store.open(name, new Uint8Array())) };
    expect(await work(dataDir, forgetful)).toBe('ok');
  });

  test('goes with the secret that it stands beside', async () => {
    const { store, dataDir } = await guardedCounter();
    expect([...store.kept.keys()].map((name) => name.slice(16))).toEqual(['', '-log-end']);
    const app = await start(dataDir, { keyStores: [store] });
    expect(await app.access.logIn(credentials(administrator))).toEqual(done);
    expect(await app.deviceKey.move(false)).toEqual(done);
    expect(store.kept.size).toBe(0);
    await stop(app);
    expect(store.kept.size).toBe(0);
  });
});

const hasKeyring = ['secret-tool', 'gnome-keyring-daemon', 'dbus-run-session'].every((program) => spawnSync('which', [program]).status === 0);

test.skipIf(!hasKeyring)('the Secret Service of a real GNOME keyring keeps it, over processes', { timeout: 60_000 }, () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'counter-keyring-'));
  const module = path.resolve(import.meta.dirname, '../../../main/device-keys.ts');
  const program = (body: string): string => `${process.execPath} --no-warnings -e '
    import(${JSON.stringify(module)}).then(({ devicePlaceOf }) => {
      const place = devicePlaceOf({ dataDir: ${JSON.stringify(home)}, random: (length) => new Uint8Array(length).fill(5) });
      return (async () => { ${body} })();
    });'`;
  const script = [
    'printf %s passphrase | gnome-keyring-daemon --unlock --components=secrets >/dev/null',
    program('await place.keep(new Uint8Array(32).fill(9)); console.log(await place.available(), JSON.stringify(await place.guard()), place.backend());'),
    program('console.log(Buffer.from((await place.load()) ?? []).toString("hex"));'),
    program('await place.keepBeside("log-end", Buffer.from("later")); console.log(Buffer.from((await place.readBeside("log-end")) ?? []).toString());'),
    program('console.log(JSON.stringify(await place.release()), place.backend(), await place.readBeside("log-end"));'),
  ].join('\n');
  const out = execFileSync('dbus-run-session', ['--', 'sh', '-e', '-c', script], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: path.join(home, 'data') } });
  expect(out.trim().split('\n')).toEqual(['secret-service {"ok":true,"value":null} secret-service', '09'.repeat(32), 'later', '{"ok":true,"value":null} file null']);
  expect(existsSync(path.join(home, 'keys/device.key'))).toBe(true);
  rmSync(home, { recursive: true, force: true });
});

test('without a session bus the Secret Service is not there', async () => {
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', PATH: process.env['PATH'] };
  const run: RunProgram = async (program, args, input) => {
    const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', env });
    return { status, out: stdout ?? '', err: stderr ?? '' };
  };
  expect(await listSystemStores('linux', run)[0]?.isThere()).toBe(false);
  expect(await devicePlaceOf({ dataDir: folder(), random: systemRandom, keyStores: listSystemStores('linux', run) }).available()).toBeNull();
});

/** A program in front of the real one in the search path. */
function inFront(name: string, script: string): () => void {
  const bin = mkdtempSync(path.join(os.tmpdir(), 'counter-front-'));
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before}`;
  return () => void (process.env['PATH'] = before);
}

test.skipIf(process.platform !== 'linux')('nothing waits for a store that takes its time', async () => {
  const restore = inFront('secret-tool', `sleep 1; echo ${Buffer.from(secret).toString('base64')}`);
  try {
    let turns = 0;
    const ticking = setInterval(() => void (turns += 1), 5);
    const opened = await listSystemStores('linux')[0]?.open('name', secret);
    clearInterval(ticking);
    expect(opened).toEqual({ ok: true, value: secret });
    expect(turns).toBeGreaterThan(10);
  } finally {
    restore();
  }
});

test.skipIf(process.platform !== 'linux')('a program that reads nothing, ends by a signal or is not there is a failure and no end', async () => {
  const [store] = listSystemStores('linux');
  for (const script of ['exit 3', 'kill -9 $$']) {
    const restore = inFront('secret-tool', script);
    try {
      expect(await store?.seal('name', new Uint8Array(200_000))).toEqual(failed('secret-service'));
    } finally {
      restore();
    }
  }
  const before = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  expect(await store?.open('name', secret)).toEqual(failed('secret-service'));
  process.env['PATH'] = before;
});
