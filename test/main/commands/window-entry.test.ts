import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { writeWindowEntry } from '../../../main/commands/window-entry.ts';

test('the token of the launch is in a file of the owner, not in what the command line gets', () => {
  const profile = mkdtempSync(path.join(tmpdir(), 'counter-entry-'));
  writeFileSync(path.join(profile, 'entry.html'), 'of an earlier launch');
  chmodSync(path.join(profile, 'entry.html'), 0o644);
  const entry = writeWindowEntry({ profile, address: 'http://127.0.0.1:1/#t=token-of-this-launch' });
  expect(entry).toMatch(/^file:\/\/\//);
  expect(entry).not.toContain('token-of-this-launch');
  const file = fileURLToPath(entry);
  expect(readFileSync(file, 'utf8')).toContain('url=http://127.0.0.1:1/#t=token-of-this-launch"');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
