import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const sourceFolders = ['domain', 'main', 'preload', 'renderer', 'platform', 'hanxin', 'ofd'].filter((folder) => existsSync(path.join(root, folder)));
const files = sourceFolders.flatMap((folder) => walk(path.join(root, folder))).map((file) => path.relative(root, file));
const texts = new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

/** Who may import whom: the table of ARCHITECTURE.md. `node:` and packages are named where they are allowed. */
function mayImport(from: string, to: string): boolean {
  const [folder] = from.split('/');
  const isPackage = !existsSync(path.join(root, to));
  if (to === 'electron') return folder === 'preload' || /^main\/[^/]+\.ts$/.test(from);
  if (folder === 'domain') return isPackage ? domainPackage(from, to) : to.startsWith('domain/');
  if (folder === 'hanxin') return !isPackage && to.startsWith('hanxin/');
  if (folder === 'ofd') return isPackage ? !to.startsWith('node:') : to.startsWith('ofd/') || to.startsWith('domain/crypto/');
  if (isPackage) return folder === 'main' || folder === 'platform' || !to.startsWith('node:');
  if (folder === 'preload') return to.startsWith('domain/contracts/') || to.startsWith('preload/');
  if (folder === 'renderer') return /^(renderer|domain|hanxin|ofd)\//.test(to);
  if (folder === 'platform') return /^(platform|domain|hanxin)\//.test(to);
  return mainMayImport(from, to);
}

function domainPackage(from: string, to: string): boolean {
  if (from.startsWith('domain/crypto/')) return to.startsWith('@noble/');
  if (from.startsWith('domain/contracts/')) return to === 'valibot' || to.startsWith('@orpc/contract');
  return false;
}

function mainMayImport(from: string, to: string): boolean {
  if (to.startsWith('renderer/')) return false;
  const service = /^main\/([^/]+)\//.exec(from)?.[1];
  if (to.startsWith('platform/')) return service === 'commands';
  if (service === undefined || service === 'handlers' || service === 'commands') return true;
  if (!to.startsWith('main/')) return /^(domain|hanxin|ofd)\//.test(to);
  return to.startsWith(`main/${service}/`);
}

describe('the import table', () => {
  test('every import is allowed', () => {
    const broken = [...imports()].filter(([from, to]) => !mayImport(from, to)).map(([from, to]) => `${from} → ${to}`);
    expect(broken).toEqual([]);
  });

  test('the table refuses what it should', () => {
    expect(mayImport('domain/uscc.ts', 'node:fs')).toBe(false);
    expect(mayImport('domain/uscc.ts', 'valibot')).toBe(false);
    expect(mayImport('renderer/main.tsx', 'main/app.ts')).toBe(false);
    expect(mayImport('main/verify/verifier.ts', 'main/remote/platform-client.ts')).toBe(false);
    expect(mayImport('main/store/store.ts', 'electron')).toBe(false);
    expect(mayImport('platform/app.ts', 'main/app.ts')).toBe(false);
  });

  test('there is no import cycle', () => {
    expect(findCycle()).toBeNull();
  });
});

describe('the decisions', () => {
  const pages = readdirSync(path.join(root, 'docs/adr'));

  test('each number is one page, which bears it', () => {
    const numbers = pages.map((page) => Number(page.slice(0, 4)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(pages.map((_, n) => n + 1));
    for (const page of pages) expect(readFileSync(path.join(root, 'docs/adr', page), 'utf8'), page).toMatch(new RegExp(`^# ${Number(page.slice(0, 4))}(\\.| ·) `));
  });

  test('a link to one leads there', () => {
    const linking = ['README.md', 'README.zh-CN.md', 'SECURITY.md', 'ARCHITECTURE.md', ...readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
    const linked = linking.flatMap((file) => [...readFileSync(path.join(root, file), 'utf8').matchAll(/adr\/([0-9a-z-]+\.md)/g)].map(([, page = '']) => page));
    expect(linked.length).toBeGreaterThan(0);
    expect(linked.filter((page) => !pages.includes(page))).toEqual([]);
  });
});

describe('the form', () => {
  test('files have at most 400 lines', () => {
    const long = [...texts].filter(([file, text]) => !/\.table\.tsx?$/.test(file) && !file.startsWith('renderer/i18n/') && text.split('\n').length > 401);
    expect(long.map(([file]) => file)).toEqual([]);
  });

  test('no default export, no module-level let, no escape from the type system, no barrel', () => {
    const faults: string[] = [];
    for (const [file, text] of texts) {
      if (/^export default /m.test(text)) faults.push(`${file}: default export`);
      if (/^(export )?let /m.test(text)) faults.push(`${file}: module-level let`);
      if (/@ts-ignore|@ts-nocheck|@ts-expect-error/.test(text)) faults.push(`${file}: silenced type error`);
      if (/(:|as|<) *any\b/.test(text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\/|'[^'\n]*'/g, ''))) faults.push(`${file}: any`);
      if (/(^|\/)index\.tsx?$/.test(file) && !/^(hanxin|ofd)\/index\.ts$/.test(file)) faults.push(`${file}: barrel`);
    }
    expect(faults).toEqual([]);
  });

  test('files are nouns in kebab-case', () => {
    const odd = files.filter((file) => !/^[a-z0-9/]+(-[a-z0-9]+)*(\.(table|worker|config))?\.tsx?$/.test(path.basename(file)) && !/^(zh-CN|en)\.ts$/.test(path.basename(file)));
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|manager|misc)(\.|\/)/.test(file));
    expect([...odd, ...vague]).toEqual([]);
  });

  test('the wall clock is read only where a program is put together', () => {
    const allowed = (file: string) => /^main\/[^/]+\.ts$|^main\/commands\/|^platform\/server\.ts$|^renderer\/|^platform\/presenter\//.test(file);
    const readers = [...texts].filter(([file, text]) => !allowed(file) && /\bDate\.now\(\)|new Date\(\)/.test(text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '')));
    expect(readers.map(([file]) => file)).toEqual([]);
  });
});

describe('docs/clauses.md', () => {
  const rows = readFileSync(path.join(root, 'docs/clauses.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| [A-Z]+\d/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  test('names files and tests that exist', () => {
    expect(rows.length).toBeGreaterThan(20);
    const missing: string[] = [];
    for (const row of rows) {
      for (const cell of row.slice(3)) {
        for (const [, file] of cell.matchAll(/`([a-z][\w\-./]*\.(?:ts|tsx|mjs|md|yml))`/gi)) {
          if (file !== undefined && !existsSync(path.join(root, file))) missing.push(`${row[1]}: ${file}`);
        }
      }
      if (!/`(native-)?test\//.test(row[4] ?? '')) missing.push(`${row[1]}: no test named`);
    }
    expect(missing).toEqual([]);
  });
});

function walk(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const file = path.join(directory, name);
    if (statSync(file).isDirectory()) return walk(file);
    return /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [file] : [];
  });
}

/** Pairs of importing file and imported file (or package name); type imports count too. */
function* imports(): Generator<[string, string]> {
  for (const [file, text] of texts) {
    for (const [, target] of text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*'([^'\n]+)'/g)) {
      if (target === undefined) continue;
      const bare = target.replace(/\?.*$/, '');
      yield [file, bare.startsWith('.') ? path.relative(root, path.resolve(root, path.dirname(file), bare)) : bare];
    }
  }
}

function findCycle(): string[] | null {
  const edges = new Map<string, string[]>();
  for (const [from, to] of imports()) if (texts.has(to)) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, trail: string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of edges.get(file) ?? []) {
      const cycle = visit(next, [...trail, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of edges.keys()) {
    const cycle = visit(file, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
