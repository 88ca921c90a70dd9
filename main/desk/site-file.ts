import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { fail, ok, type Result } from '../../domain/failure.ts';
import { findNearName } from '../../domain/near-name.ts';
import { printVisibleText } from '../../domain/text-safety.ts';
import { locateJson } from './json-lines.ts';
import { firstSite, type Site, type SiteKeeper, SiteSchema } from './site.ts';

/** Opens `site.json`; one that is not there means the first site. One with a mistake in it is left as it is (`settings/unfit`, with what is wrong where): no counter works by settings that nobody chose. */
export function openSite(deps: {
  readonly dataDir: string;
  readonly writeFile: (file: string, text: string) => void;
  readonly overrides?: Partial<Site> | undefined;
}): Result<SiteKeeper> {
  const file = join(deps.dataDir, 'site.json');
  const read = existsSync(file) ? parseSite(readFileSync(file, 'utf8')) : ok(firstSite);
  if (!read.ok) return read;
  let current: Site = { ...read.value, ...deps.overrides };
  return ok({
    current: () => current,
    save: (changes) => {
      current = { ...current, ...changes };
      deps.writeFile(file, `${JSON.stringify(current, null, 2)}\n`);
    },
  });
}

const mostFaults = 5;

/**
 * Reads a site from its text. A key left out means its first value, so that a hand-written file may be short; a key that
 * does not exist, or a value that may not be, is a failure whose detail names line, key, what may stand there and the nearest name.
 */
export function parseSite(text: string): Result<Site> {
  // Notepad writes a byte order mark.
  const plain = text.replace(/^\uFEFF/, '');
  const lines = locateJson(plain);
  if (!lines.ok) return fail('settings/unfit', `site.json line ${lines.line}: this is no JSON here (a comma, a quotation mark or a bracket too many or missing)`);
  const value: unknown = JSON.parse(plain);
  if (!isRecord(value)) return fail('settings/unfit', 'site.json line 1: the file must be one object, { … }');
  const read = v.safeParse(SiteSchema, { ...firstSite, ...value });
  const unknown = listUnknownKeys(SiteSchema, value, '');
  if (read.success && unknown.length === 0) return ok(read.output);
  const faults = [...unknown, ...(read.issues ?? []).map(describeIssue)].map(({ path, says }) => ({ line: lines.lineOf(path), says }));
  const told = faults.toSorted((a, b) => a.line - b.line).slice(0, mostFaults);
  return fail('settings/unfit', told.map(({ line, says }) => `site.json line ${line}: ${says}`).join('; '));
}

interface Fault {
  readonly path: string;
  readonly says: string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The shape behind what checks it: objects by their entries, lists by their item. */
interface Shape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly item?: Shape;
  readonly wrapped?: Shape;
}

// A misspelt key would else be passed over in silence, and its setting stay at the first value.
function listUnknownKeys(shape: Shape, value: unknown, path: string): readonly Fault[] {
  const at = (key: string | number): string => (path === '' ? `${key}` : `${path}.${key}`);
  if (shape.wrapped !== undefined) return listUnknownKeys(shape.wrapped, value, path);
  const { item, entries } = shape;
  if (item !== undefined && Array.isArray(value)) return value.flatMap((one, index) => listUnknownKeys(item, one, at(index)));
  if (entries === undefined || !isRecord(value)) return [];
  const names = Object.keys(entries);
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (known !== undefined) return listUnknownKeys(known, inner, at(key));
    return [{ path: at(key), says: `there is no setting ${quote(at(key))}.${suggest(key, names)} There are: ${names.join(', ')}` }];
  });
}

function describeIssue({ path: steps, expected, received }: v.BaseIssue<unknown>): Fault {
  const path = (steps ?? []).map(({ key }) => String(key)).join('.');
  if (received === 'undefined') return { path, says: `${quote(path)} is missing` };
  const options = [...(expected ?? '').matchAll(/"([^"]*)"/g)].flatMap(([, name]) => name ?? []);
  const may = options.length > 0 ? options.map(quote).join(', ') : (expected ?? 'something else');
  return { path, says: `${quote(path)} is ${printVisibleText(received, 60)}; it may be ${may}.${suggest(received.replaceAll('"', ''), options)}` };
}

function suggest(name: string, known: readonly string[]): string {
  const near = findNearName(name, known);
  return near === null ? '' : ` Did you mean ${quote(near)}?`;
}

const quote = (text: string): string => `"${printVisibleText(text, 60)}"`;
