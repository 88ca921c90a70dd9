// What the commands share: finding Node 24, installing packages, running a step with its name and time.
// Plain JavaScript without dependencies: this runs on the machine's own Node, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const local = (...parts) => path.join(root, ...parts);

/** Stops with a sentence that says what is missing and who mends it how. */
export function stop(sentence) {
  console.error(`\n✗ ${sentence}`);
  process.exit(1);
}

/** Runs one named step, its output passed through, its time printed to `report`; stops when it fails. */
export function step(name, command, args, options = {}, report = process.stdout) {
  report.write(`• ${name} …\n`);
  const started = performance.now();
  const done = spawnSync(command, args, { cwd: root, stdio: ['inherit', report, 'inherit'], ...options });
  if (done.error) stop(`${name}: ${done.error.message}`);
  if (done.status !== 0) stop(`${name} failed (exit ${done.status ?? done.signal}). What it printed above says why.`);
  report.write(`✓ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
}

/** Installs the packages of the lock file when they are not there yet; says so to `report`. */
export function ensurePackages(report = process.stdout) {
  const wanted = createHash('sha256').update(readFileSync(local('package-lock.json'))).digest('hex');
  const mark = local('node_modules', '.counter-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  step('Installing packages (first time: one to three minutes)', npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' }, report);
  writeFileSync(mark, wanted);
}

/** The path of a Node ≥ 24: the one npm brought, else the one running. */
export function node24() {
  const folder = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const brought = local('node_modules', folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(brought)) return brought;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return stop(
    `Counter runs on Node 24 or newer; this is ${process.version} and no Node 24 package exists for ${process.platform}-${process.arch}. ` +
      'Install Node 24 from nodejs.org, then run the command again.',
  );
}

const sources = ['domain', 'main', 'preload', 'renderer', 'platform', 'hanxin', 'ofd'];

/** A digest over what the build reads; equal digests mean that `dist` is up to date. */
export function sourceDigest() {
  const hash = createHash('sha256');
  const walk = (directory) => {
    for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) walk(file);
      else hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
    }
  };
  for (const folder of sources) if (existsSync(local(folder))) walk(local(folder));
  for (const file of readdirSync(root).filter((name) => /^vite\..*ts$|^package(-lock)?\.json$/.test(name)).sort())
    hash.update(file).update(readFileSync(local(file)));
  return hash.digest('hex');
}

/** Builds window, presenter page and programs when a source changed since the last build. */
export function ensureBuild() {
  const mark = local('dist', '.built-from');
  const wanted = sourceDigest();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  step('Building', node24(), ['scripts/build.mjs']);
  mkdirSync(local('dist'), { recursive: true });
  writeFileSync(mark, wanted);
}

/** The first Chromium, Chrome or Edge found, or null. */
export function findBrowser() {
  if (process.env.COUNTER_BROWSER) return existsSync(process.env.COUNTER_BROWSER) ? process.env.COUNTER_BROWSER : null;
  const named = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const fixed = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ];
  const places = [...folders.flatMap((folder) => named.map((name) => path.join(folder, name))), ...fixed];
  return places.find((place) => existsSync(place) && statSync(place).isFile()) ?? null;
}

/** Installs Debian packages as root; false where that cannot be done here. */
export function installDebianPackages(packages) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  step('Reading the Debian package list', 'apt-get', ['update', '-qq'], { env });
  step(`Installing ${packages.join(' ')}`, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return true;
}
