// `npm run soak`: the long runs, in full; `npm test` has a small version of each. `npm run soak -- hanxin` runs one,
// and what follows the name goes to it. Each is a program of its own that prints what it counted and fails by its exit code.
import { spawnSync } from 'node:child_process';
import { ensureBuild, ensurePackages, node24, root, stop } from './toolbox.mjs';

/** name → what it shows; `test/soak/NAME.ts` does it. `build` when it drives what `npm run build` makes. */
const soaks = {
  camera: { says: 'a camera in real Chromium: photographs, screens, and minutes of frames without a code', build: false },
  canary: { says: 'whole cases in a browser window, kills at chance moments: nothing that was handled is in any file, no key in memory after a lock', build: true },
  audit: { says: '1,000 kills, 1,000 power cuts, a sweep of failing writes, full disks, 10,000 tamperings, 1,000 exports', build: false },
  documents: { says: '100,000 changed OFD and PDF files through reading, verifying and painting, in processes that may write no file', build: false },
  hanxin: { says: 'a million hostile inputs and 10,000 frames through the Han Xin library', build: false },
  fleet: { says: 'the conformance kit against one process and ten, on SQLite and PostgreSQL', build: false },
  hostile: { says: '100,000 hostile requests against every interface of the platform', build: false },
  doubles: { says: '5,000 one-time codes asked twice at once of four processes on PostgreSQL, with kill -9 in the middle', build: false },
  scan: { says: '20,000 frames and 200 unplugs on a real serial line (Linux: socat), a million payloads through hub and classifier', build: false },
  wedge: { says: '1,400 scans and 1,000 lines typed by hand, by real keys in a real window (Linux: Xvfb, openbox, xdotool)', build: true },
};

const [first, ...rest] = process.argv.slice(2);
const isOne = first !== undefined && !first.startsWith('-');
if (!isOne && (first === '--help' || first === '-h')) {
  console.log('npm run soak                     every long run, one after another\nnpm run soak -- NAME [options]   one of them; NAME --help says its options\n');
  for (const [name, { says }] of Object.entries(soaks)) console.log(`  ${name.padEnd(10)} ${says}`);
  process.exit(0);
}
if (isOne && !Object.hasOwn(soaks, first)) stop(`No long run is called ${first}. There are: ${Object.keys(soaks).join(', ')}.`);

ensurePackages();
const failed = [];
for (const name of isOne ? [first] : Object.keys(soaks)) {
  if (soaks[name].build) ensureBuild();
  console.log(`• ${name} …`);
  const started = performance.now();
  const { status } = spawnSync(node24(), ['--expose-gc', '--import', './test/engine-fault.ts', `test/soak/${name}.ts`, ...(isOne ? rest : [])], { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) stop(`Failed: ${failed.join(', ')}.`);
