// Type check of every folder and lint of all: `npm run check`.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ensurePackages, node24, root, step } from './toolbox.mjs';

ensurePackages();
const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(root, entry.name, 'tsconfig.json')))
  .map((entry) => entry.name)
  .concat('platform/presenter');
for (const folder of folders) step(`Type check ${folder}`, node24(), [tsc, '-p', folder]);
step('Lint', node24(), [path.join(root, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--deny-warnings']);
