// `npm run bench`: builds when needed, then measures and prints one table. `npm run bench -- --write` also writes it to
// docs/performance.md; `-- case scan` measures some parts.
import { spawnSync } from 'node:child_process';
import { ensureBuild, ensurePackages, node24, root } from './toolbox.mjs';

ensurePackages();
ensureBuild();
const run = spawnSync(node24(), ['--import', './test/engine-fault.ts', 'test/bench/bench.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(run.status ?? 1);
