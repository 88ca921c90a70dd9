/** How many numbers follow each command; Z takes none, an arc takes two flags among its seven. */
const arity: Readonly<Record<string, number>> = { M: 2, Z: 0, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7 };
/** Beyond it a canvas cannot tell two places apart, or refuses. */
const largestNumber = 1e9;

/** Whether text is path data (SVG 1.1 clause 8.3.9) with numbers that a canvas can take: canvases differ in what they make of anything else. */
export function isPathData(text: string): boolean {
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  const isArgument = (isFlag: boolean): boolean => {
    take(separator);
    const written = take(isFlag ? flag : number);
    return written !== null && Math.abs(Number(written)) <= largestNumber;
  };
  for (let isFirst = true; ; isFirst = false) {
    take(space);
    if (at === text.length) return true;
    const command = take(letter)?.toUpperCase();
    const count = command === undefined ? undefined : arity[command];
    if (count === undefined || (isFirst && command !== 'M')) return false;
    if (count === 0) continue;
    do {
      for (let i = 0; i < count; i++) if (!isArgument(command === 'A' && (i === 3 || i === 4))) return false;
    } while (isNumberNext(text, at));
  }
}

const space = /[\t\n\f\r ]*/y;
const separator = /[\t\n\f\r ]*(?:,[\t\n\f\r ]*)?/y;
const letter = /[MZLHVCSQTA]/iy;
const flag = /[01]/y;
const number = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
const furtherNumber = /[\t\n\f\r ]*(?:,[\t\n\f\r ]*)?[+\-.\d]/y;

function isNumberNext(text: string, at: number): boolean {
  furtherNumber.lastIndex = at;
  return furtherNumber.test(text);
}
