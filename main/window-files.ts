import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** One file of the built window. */
export interface WindowFile {
  readonly mediaType: string;
  /** Whether its name changes with its content. */
  readonly isHashed: boolean;
  read(): Buffer;
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
};

/** What stands in the built page where each answer puts its own nonce. */
export const noncePlace = '__CSP_NONCE__';

/**
 * The files of the built window by URL path, listed once: a path that is not in the list does not exist, so that no
 * spelling of `..` leads anywhere. `/` is the page. Null when the window was not built.
 */
export function listWindowFiles(dir: string): ReadonlyMap<string, WindowFile> | null {
  if (!existsSync(join(dir, 'index.html'))) return null;
  const files = new Map<string, WindowFile>();
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const path = `/${relative(dir, file).split(sep).join('/')}`;
    const mediaType = mediaTypes[extname(entry.name)] ?? 'application/octet-stream';
    files.set(path, { mediaType, isHashed: path.startsWith('/assets/'), read: () => readFileSync(file) });
  }
  const page = files.get('/index.html');
  if (page !== undefined) files.set('/', page);
  return files;
}
