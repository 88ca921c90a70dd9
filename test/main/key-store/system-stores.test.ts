import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemRandom } from '../../../domain/crypto/random.ts';
import { createElectronKeyStore } from '../../../main/electron-key-store.ts';
import type { KeyStore } from '../../../main/access/device-secret.ts';
import { devicePlaceOf } from '../../../main/device-keys.ts';
import { listSystemStores, type RunProgram } from '../../../main/key-store/system-stores.ts';
import { recoverDeviceKey } from '../../../main/recovery.ts';
import { doSlotJob } from '../../../main/access/slot-work.ts';
import { administrator, auditor, credentials, folder, officers, start, stop } from '../access/attended-counter.ts';

const done = { ok: true, value: null };
const secret = Uint8Array.from({ length: 32 }, (_, at) => at * 7);

/** `security` and PowerShell as far as they are called: one keeps by name, the other seals. */
function standIn(): { run: RunProgram; seen: string[] } {
  const kept = new Map<string, string>();
  const seen: string[] = [];
  const mask = (text: string): string => Buffer.from(Buffer.from(text.trim(), 'base64').map((byte) => byte ^ 0x5a)).toString('base64');
  const run: RunProgram = (program, args, input) => {
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
  test('gives back what it was given, and no argument shows it', () => {
    if (store === undefined) throw new Error('no store');
    expect([store.backend, store.isThere()]).toEqual([backend, true]);
    const kept = store.seal('name', secret);
    expect(store.open('name', kept ?? new Uint8Array())).toEqual(secret);
    expect(Buffer.from(kept ?? []).includes(Buffer.from(secret))).toBe(false);
    expect(watched?.seen.join('\n') ?? '').not.toContain(Buffer.from(secret).toString('base64'));
  });
});

test('Electron without a secret service is refused: its password stands in its source', () => {
  for (const backend of ['basic_text', 'unknown']) {
    expect(electron(backend).isThere()).toBe(false);
    expect(electron(backend).seal('name', secret)).toBeNull();
  }
});

test('a store that is not there, fails or answers nonsense gives nothing', () => {
  const broken: RunProgram = () => ({ status: null, out: '', err: '' });
  const nonsense: RunProgram = () => ({ status: 0, out: '%%%', err: '' });
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const [store] = listSystemStores(platform, broken);
    expect([store?.isThere(), store?.seal('n', secret), store?.open('n', secret)]).toEqual([false, null, null]);
    expect(listSystemStores(platform, nonsense)[0]?.open('n', secret)).toBeNull();
  }
  expect(listSystemStores('freebsd')).toEqual([]);
});

/** A store in memory, which may forget or lie. */
function memoryStore(): KeyStore & { lost: boolean } {
  const kept = new Map<string, Uint8Array>();
  const store = {
    backend: 'memory',
    lost: false,
    isThere: () => true,
    seal: (name: string, bytes: Uint8Array) => (kept.set(name, Uint8Array.from(bytes)), new Uint8Array()),
    open: (name: string) => (store.lost ? null : (kept.get(name) ?? null)),
    forget: (name: string) => void kept.delete(name),
  };
  return store;
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
    expect([app.deviceKey.backend(), app.deviceKey.available()]).toEqual(['file', 'memory']);
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
    const store = memoryStore();
    const dataDir = folder();
    const app = await start(dataDir, { keyStores: [store] });
    expect(await app.access.setUp(officers)).toEqual(done);
    expect(await app.deviceKey.move(true)).toEqual(done);
    await stop(app);
    const guarded = readFileSync(path.join(dataDir, 'keys/device.key'));
    for (const name of readdirSync(dataDir).filter((one) => one.startsWith('counter.db'))) rmSync(path.join(dataDir, name));
    store.lost = true;
    await expect(start(dataDir, { keyStores: [store] })).rejects.toThrow('store/key-missing');
    expect(readFileSync(path.join(dataDir, 'keys/device.key'))).toEqual(guarded);
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

const hasKeyring = ['secret-tool', 'gnome-keyring-daemon', 'dbus-run-session'].every((program) => spawnSync('which', [program]).status === 0);

test.skipIf(!hasKeyring)('the Secret Service of a real GNOME keyring keeps it, over processes', { timeout: 60_000 }, () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'counter-keyring-'));
  const module = path.resolve(import.meta.dirname, '../../../main/device-keys.ts');
  const program = (body: string): string => `${process.execPath} --no-warnings -e '
    import(${JSON.stringify(module)}).then(({ devicePlaceOf }) => {
      const place = devicePlaceOf({ dataDir: ${JSON.stringify(home)}, random: (length) => new Uint8Array(length).fill(5) });
      ${body}
    });'`;
  const script = [
    'printf %s passphrase | gnome-keyring-daemon --unlock --components=secrets >/dev/null',
    program('place.keep(new Uint8Array(32).fill(9)); console.log(place.available(), JSON.stringify(place.guard()), place.backend());'),
    program('console.log(Buffer.from(place.load() ?? []).toString("hex"));'),
    program('console.log(JSON.stringify(place.release()), place.backend());'),
  ].join('\n');
  const out = execFileSync('dbus-run-session', ['--', 'sh', '-e', '-c', script], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, XDG_DATA_HOME: path.join(home, 'data') } });
  expect(out.trim().split('\n')).toEqual(['secret-service {"ok":true,"value":null} secret-service', '09'.repeat(32), '{"ok":true,"value":null} file']);
  expect(existsSync(path.join(home, 'keys/device.key'))).toBe(true);
  rmSync(home, { recursive: true, force: true });
});

test('without a session bus the Secret Service is not there', () => {
  const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', PATH: process.env['PATH'] };
  const run: RunProgram = (program, args, input) => {
    const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', env });
    return { status, out: stdout ?? '', err: stderr ?? '' };
  };
  expect(listSystemStores('linux', run)[0]?.isThere()).toBe(false);
  expect(devicePlaceOf({ dataDir: folder(), random: systemRandom, keyStores: listSystemStores('linux', run) }).available()).toBeNull();
});
