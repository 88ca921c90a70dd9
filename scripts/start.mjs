// `npm start`: install, build, start the embedded reference platform with sample companies, open the counter window.
// `npm start -- --help` lists the options, which are those of `counter kiosk`.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuild, ensurePackages, node24, root } from './toolbox.mjs';

ensurePackages();
ensureBuild();
const electron = electronBinary();
const options = process.argv.slice(2);
if (electron === null) {
  console.log('• Electron is not here, so the window opens in the installed browser. (Where github.com can be reached, `npx install-electron` fetches it.)');
}
const [command, args] =
  electron === null
    ? [node24(), [path.join(root, 'dist', 'main', 'cli.js'), 'kiosk', '--embedded', '--presenter', ...options]]
    : [electron, [root, '--embedded', '--presenter', ...options]];
const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));

/** The Electron program when its download succeeded; never by importing the package, which would download again. */
function electronBinary() {
  const folder = path.join(root, 'node_modules', 'electron');
  const named = path.join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const program = path.join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(program) ? program : null;
}
