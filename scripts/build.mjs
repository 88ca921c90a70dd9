// Builds the window, the presenter page and the programs into dist/. Run through `npm run build`.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensurePackages, node24, root, step } from './toolbox.mjs';

ensurePackages();
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
for (const [name, config] of [
  ['window', 'vite.config.ts'],
  ['presenter page', 'vite.presenter.config.ts'],
  ['programs', 'vite.main.config.ts'],
  ['preload', 'vite.preload.config.ts'],
]) {
  if (existsSync(path.join(root, config))) step(`Building the ${name}`, node24(), [vite, 'build', '--config', config, '--logLevel', 'warn']);
}
