import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

interface Configuration {
  readonly [key: string]: unknown;
  readonly files: readonly { readonly filter: readonly string[] }[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly extraMetadata: { readonly main: string };
  readonly electronVersion: string;
}

// electron-builder's own reading and checking of its file; not public, hence the exact version in package.json.
const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
  getConfig(folder: string, file: string, overrides: null): Promise<Configuration>;
  validateConfiguration(config: object, log: object): Promise<void>;
};
const read = (): Promise<Configuration> => getConfig(root, 'electron-builder.yml', null);
const check = (config: object): Promise<void> => validateConfiguration(config, { isEnabled: false, add: () => {} });
const packageJson = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { main: string; devDependencies: Record<string, string> };

describe('electron-builder.yml', () => {
  test('is accepted by electron-builder', async () => {
    await expect(check(await read())).resolves.toBeUndefined();
  });

  test.each([
    ['a misspelt key', { asarUnpak: ['**/*.node'] }],
    ['a misspelt fuse', { electronFuses: { runAsNod: false } }],
    ['a value of the wrong type', { electronFuses: { runAsNode: 'off' } }],
    ['a misspelt key of a system', { linux: { categori: 'Office' } }],
  ])('the check refuses %s', async (_what, wrong) => {
    await expect(check({ ...(await read()), ...wrong })).rejects.toThrow(/configuration/i);
  });

  test('starts the built shell, with the Electron that was tested against', async () => {
    const config = await read();
    expect(config.extraMetadata.main).toBe('dist/main/electron.js');
    expect(packageJson.main).toBe(config.extraMetadata.main);
    expect(config.electronVersion).toBe(packageJson.devDependencies['electron']);
  });

  test('every fuse is set, and to what lets no foreign code in', async () => {
    expect((await read()).electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  test('on macOS the program with the keys loads no library of another team; helpers may, for USB keys', async () => {
    const mac = (await read())['mac'] as { readonly hardenedRuntime: boolean; readonly entitlements: string; readonly entitlementsInherit: string };
    const rights = (file: string): readonly string[] => [...readFileSync(path.join(root, file), 'utf8').matchAll(/<key>com\.apple\.security\.([\w.-]+)<\/key>\s*<true\/>/g)].map(([, right]) => right ?? '');
    expect(mac.hardenedRuntime).toBe(true);
    expect(rights(mac.entitlements)).toEqual(['cs.allow-jit', 'device.camera']);
    expect(rights(mac.entitlementsInherit)).toEqual(['cs.allow-jit', 'cs.disable-library-validation']);
    const forks = readFileSync(path.join(root, 'main/electron.ts'), 'utf8').match(/\w+\(utilityProcess\.fork\(.*/g) ?? [];
    expect(forks.filter((fork) => fork.includes('allowLoadingUnsignedLibraries')).map((fork) => fork.split('(')[0])).toEqual(['createKeyProcess']);
  });

  test('takes in what was built, and neither sources nor tests nor a second Node', async () => {
    const filters = (await read()).files.flatMap(({ filter }) => filter);
    const taken = filters.filter((pattern) => !pattern.startsWith('!'));
    expect(taken.toSorted()).toEqual(['dist/main/**/*', 'dist/preload/**/*', 'dist/presenter/**/*', 'dist/window/**/*', 'main/audit/export-files/*', 'package.json']);
    expect(filters).toEqual(expect.arrayContaining(['!node_modules/node-linux-*/**', '!node_modules/node-win-*/**']));
  });

  test.each(['linux', 'win', 'mac'])('the list of %s begins with a file to take: without one it stands for the whole project', async (system) => {
    const { files } = (await read())[system] as { readonly files: readonly string[] };
    expect(files[0]).toBe('package.json');
    expect(files.slice(1).every((pattern) => pattern.startsWith('!node_modules/'))).toBe(true);
    // `${platform}` is the machine that packages, not the one packaged for.
    expect(files.join()).not.toMatch(/\$\{(platform|os)\}/);
  });

  test('leaves the licences of packages in', async () => {
    const filters = (await read()).files.flatMap(({ filter }) => filter);
    expect(filters.filter((pattern) => /licen[cs]e|\bmd\b|\.txt/i.test(pattern))).toEqual([]);
  });
});
