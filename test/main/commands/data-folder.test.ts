import { describe, expect, test } from 'vitest';
import { findDataFolder, foldersIn } from '../../../main/commands/data-folder.ts';

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

  test('keeps counter and embedded platform apart', () => {
    expect(foldersIn('/d')).toEqual({ counter: '/d/counter', platform: '/d/platform' });
  });
});
