/** Where a location is written: the entry that holds it, its `BaseLoc` if it has one, and the folder of the document. */
export interface LocationBase {
  readonly entry?: string;
  readonly baseLoc?: string;
  readonly documentFolder?: string;
}

/**
 * Finds what a location (ST_Loc, GB/T 33190 7.2) means. Tried in turn, because writers disagree: absolute; beside the file,
 * below its `BaseLoc`; below the document and `BaseLoc`; beside the file; below the document; its folder `Res`; the root. `%20` and
 * backslashes are undone when the location is not found as written.
 */
export function resolveLocation(location: string, base: LocationBase, lookUp: (path: string) => string | null): string | null {
  const written = location.trim();
  if (written === '') return null;
  const plain = decodePercent(written.replaceAll('\\', '/'));
  for (const form of plain === written ? [written] : [written, plain]) {
    for (const candidate of candidates(form, base)) {
      const path = joinPath(candidate);
      const found = path === null ? null : lookUp(path);
      if (found !== null) return found;
    }
  }
  return null;
}

function candidates(location: string, { entry = '', baseLoc = '', documentFolder = '' }: LocationBase): string[] {
  if (location.startsWith('/')) return [location, `${documentFolder}${location}`];
  const folder = folderOf(entry);
  const below = baseLoc.replaceAll('\\', '/');
  const resources = below.startsWith('/') ? [`${below}/${location}`] : [`${folder}/${below}/${location}`, `${documentFolder}/${below}/${location}`];
  return [...(below === '' ? [] : resources), `${folder}/${location}`, `${documentFolder}/${location}`, `${documentFolder}/Res/${location}`, location];
}

/** The folder of an entry, without a stroke at the end; empty for the root. */
export function folderOf(entry: string): string {
  const stroke = entry.replaceAll('\\', '/').lastIndexOf('/');
  return stroke < 0 ? '' : entry.slice(0, stroke);
}

/** Null when the way leads out of the package. */
function joinPath(path: string): string | null {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
