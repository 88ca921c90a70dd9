import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findDataFolder, foldersIn, isPracticeFolder, prepareDataFolder } from '../../../main/commands/data-folder.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'counter-data-folder-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the data folder', () => {
  test('follows the convention of each system', () => {
    const home = '/home/ann';
    expect(findDataFolder({ platform: 'linux', env: {}, home })).toBe('/home/ann/.local/share/counter');
    expect(findDataFolder({ platform: 'linux', env: { XDG_DATA_HOME: '/srv/data' }, home })).toBe('/srv/data/counter');
    expect(findDataFolder({ platform: 'linux', env: { XDG_DATA_HOME: 'not/absolute' }, home })).toBe('/home/ann/.local/share/counter');
    expect(findDataFolder({ platform: 'win32', env: { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' }, home: 'C:\\Users\\ann' })).toBe(
      'C:\\Users\\ann\\AppData\\Local\\Counter',
    );
    expect(findDataFolder({ platform: 'win32', env: {}, home: 'C:\\Users\\ann' })).toBe('C:\\Users\\ann\\AppData\\Local\\Counter');
    expect(findDataFolder({ platform: 'darwin', env: {}, home: '/Users/ann' })).toBe('/Users/ann/Library/Application Support/Counter');
  });

  test('is for practice when fresh or begun with an embedded platform, never when it served a real one', () => {
    const folder = path.join(scratch, 'practice');
    expect(isPracticeFolder(folder)).toBe(true);
    mkdirSync(path.join(folder, 'counter'), { recursive: true });
    writeFileSync(path.join(folder, 'counter', 'counter.db'), '');
    expect(isPracticeFolder(folder)).toBe(false);
    mkdirSync(path.join(folder, 'platform'));
    expect(isPracticeFolder(folder)).toBe(true);
  });

  test('keeps counter and embedded platform apart', () => {
    expect(foldersIn('/d')).toEqual({ counter: '/d/counter', platform: '/d/platform' });
  });

  test('is made where it is missing, and nothing is left in it', () => {
    const folder = path.join(scratch, 'a', 'b');
    expect(prepareDataFolder(folder)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('that cannot be written is refused in words', () => {
    const file = path.join(scratch, 'file');
    writeFileSync(file, '');
    expect(prepareDataFolder(path.join(file, 'data'))).toMatch(/cannot be written \(a file is in its place\)/);
  });

  test.skipIf(!existsSync('/proc/self'))('that the system does not allow is refused, and does not hang', () => {
    expect(prepareDataFolder('/proc/counter/data')).toMatch(/cannot be written/);
  });
});
