import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Writes the page that leads the window to its address, and gives the page's own address for the command line: every
 * user of the machine can read a command line, but this file only its owner, so that the token of the launch stays his.
 */
export function writeWindowEntry({ profile, address }: { readonly profile: string; readonly address: string }): string {
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  const file = path.join(profile, 'entry.html');
  // Anew, because the mode of a file that is there would stay.
  rmSync(file, { force: true });
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${address}">\n`, { mode: 0o600, flag: 'wx' });
  return pathToFileURL(file).href;
}
