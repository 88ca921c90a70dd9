// `npm run counter -- COMMAND`: one command of the counter from the sources, on the Node that npm brought; without a build.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensurePackages, node24, root } from './toolbox.mjs';

// Standard output belongs to the command: with `--json` something reads it.
ensurePackages(process.stderr);
// File names are meant from where npm was called, which need not be this folder.
const child = spawn(node24(), [path.join(root, 'main', 'cli.ts'), ...process.argv.slice(2)], { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)));
