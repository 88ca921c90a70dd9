import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the program's `package.json`: the same for `main/cli.ts` and for the built `dist/main/cli.js`. */
export function findProgramFolder(from: string = import.meta.dirname): string {
  const parent = path.dirname(from);
  if (existsSync(path.join(from, 'package.json'))) return from;
  if (parent === from) throw new Error('the program has lost its package.json');
  return findProgramFolder(parent);
}

/** The verifiers that go with an export of the audit log, by name. */
export function readExportTools(): ReadonlyMap<string, string> {
  const place = path.join(findProgramFolder(), 'main', 'audit', 'export-files');
  return new Map(['verify.sh', 'verify.py'].map((name) => [name, readFileSync(path.join(place, name), 'utf8')]));
}

/** The version in `package.json`. */
export function readProgramVersion(): string {
  const content: unknown = JSON.parse(readFileSync(path.join(findProgramFolder(), 'package.json'), 'utf8'));
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  return typeof version === 'string' ? version : '0.0.0';
}
