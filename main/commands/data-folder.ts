import os from 'node:os';
import path from 'node:path';

/** Where the program keeps its data when `--data` does not say otherwise: the convention of each system, no file made yet. */
export function findDataFolder(deps: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv; home: string } = systemPlaces()): string {
  const { platform, env, home } = deps;
  if (platform === 'win32') return path.win32.join(env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local'), 'Counter');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Counter');
  const named = env['XDG_DATA_HOME'];
  // The XDG specification: a relative path is to be ignored.
  const base = named !== undefined && path.isAbsolute(named) ? named : path.join(home, '.local', 'share');
  return path.join(base, 'counter');
}

/** The counter's own state and that of an embedded platform live beside each other. */
export function foldersIn(dataFolder: string): { readonly counter: string; readonly platform: string } {
  return { counter: path.join(dataFolder, 'counter'), platform: path.join(dataFolder, 'platform') };
}

function systemPlaces() {
  return { platform: process.platform, env: process.env, home: os.homedir() };
}
