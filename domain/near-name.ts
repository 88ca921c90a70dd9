/** The known name that is at most two keystrokes away, the nearest of them; null when there is none. */
export function findNearName(name: string, known: readonly string[]): string | null {
  const near = known.map((candidate) => ({ candidate, far: distance(name, candidate) })).filter(({ far }) => far <= 2);
  return near.toSorted((a, b) => a.far - b.far)[0]?.candidate ?? null;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (left === right ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}
