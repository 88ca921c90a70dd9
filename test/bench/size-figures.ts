import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Figure } from './measuring.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What an installation brings, and how large the built window is when it is packed. */
export function measureSizes(): Figure[] {
  const installed = listFiles(path.join(root, 'node_modules')).reduce((sum, file) => sum + lstatSync(file).size, 0);
  const window = listFiles(path.join(root, 'dist/window'));
  const index = readFileSync(path.join(root, 'dist/window/index.html'), 'utf8');
  const first = window.filter((file) => index.includes(path.basename(file)) || file.endsWith('index.html'));
  const code = window.filter((file) => /\.(?:js|mjs|css|html)$/.test(file));
  const row = (what: string, bytes: number): Figure => ({ area: 'Size', what, value: `${(bytes / 1024 / 1024).toFixed(2)} MiB`, compared: '', ratio: '', aim: '' });
  return [
    row('what `npm ci` installs (node_modules)', installed),
    row('built window, first page (html, js, css; gzip)', pack(first)),
    row('built window, all code (gzip)', pack(code)),
    row('built window, everything with fonts, maps and decoders (gzip)', pack(window)),
  ];
}

const pack = (files: readonly string[]): number => files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? listFiles(file) : entry.isFile() ? [file] : [];
  });
}
