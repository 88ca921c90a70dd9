import { type Unzipped, unzipSync, zipSync } from 'fflate';

/** One hostile package and what was done to it. */
export interface HostileDocument {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** A repeatable source of numbers below 1 (mulberry32). */
export function createDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Changes samples by the draw: OFD packages in one of six ways, and every eighth time a PDF. */
export function createHostileDocuments({ ofd, pdf }: { readonly ofd: readonly Uint8Array[]; readonly pdf: readonly Uint8Array[] }, draw: () => number): () => HostileDocument {
  const packages = ofd.map((bytes) => ({ bytes, entries: unzipSync(bytes) }));
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
  const ways: ((sample: (typeof packages)[number]) => HostileDocument)[] = [
    ({ bytes }) => ({ what: 'bytes of the package changed', bytes: changeBytes(bytes, 1 + Math.floor(draw() * 20), draw) }),
    ({ bytes }) => ({ what: 'package cut', bytes: bytes.slice(0, Math.floor(draw() * bytes.length)) }),
    ({ entries }) => ({ what: 'XML changed', bytes: repack(entries, draw, (name) => name.endsWith('.xml'), (content) => changeXml(content, draw)) }),
    ({ entries }) => ({ what: 'XML changed', bytes: repack(entries, draw, (name) => name.endsWith('Content.xml'), (content) => changeXml(content, draw)) }),
    ({ entries }) => ({ what: 'fonts, pictures, seals changed', bytes: repack(entries, draw, (name) => !name.endsWith('.xml'), (content) => changeBytes(content, 1 + Math.floor(draw() * 40), draw)) }),
    ({ entries }) => ({ what: 'entries mixed up', bytes: mixEntries(entries, draw) }),
  ];
  return () => (draw() < 1 / 8 ? { what: 'PDF changed', bytes: changeBytes(pick(pdf), 1 + Math.floor(draw() * 30), draw) } : pick(ways)(pick(packages)));
}

function changeBytes(bytes: Uint8Array, count: number, draw: () => number): Uint8Array {
  const changed = bytes.slice();
  for (let change = 0; change < count; change++) changed[Math.floor(draw() * changed.length)] = Math.floor(draw() * 256);
  return changed;
}

function repack(entries: Unzipped, draw: () => number, isWanted: (name: string) => boolean, change: (content: Uint8Array) => Uint8Array): Uint8Array {
  const names = Object.keys(entries).filter(isWanted);
  const name = names[Math.floor(draw() * names.length)];
  return zipSync(name === undefined ? entries : { ...entries, [name]: change(entries[name]!) }, { level: 0 });
}

function mixEntries(entries: Unzipped, draw: () => number): Uint8Array {
  const names = Object.keys(entries);
  const mixed: Unzipped = { ...entries };
  for (let swap = 0; swap < 3; swap++) mixed[names[Math.floor(draw() * names.length)]!] = entries[names[Math.floor(draw() * names.length)]!]!;
  if (draw() < 0.3) delete mixed[names[Math.floor(draw() * names.length)]!];
  return zipSync(mixed, { level: 0 });
}

const numbers = ['0', '-1', '1e308', '-1e308', 'NaN', 'Infinity', '4294967296', '99999999999999999999', '0.0000001', '', 'g 1000000000 1', '\u0000', '1 2 3 4 5 6 7 8'];

/** Numbers, attributes and elements are replaced, doubled, dropped and put inside one another, by chance. */
function changeXml(content: Uint8Array, draw: () => number): Uint8Array {
  let text = new TextDecoder().decode(content);
  for (let change = 0; change < 1 + draw() * 6; change++) {
    const way = draw();
    if (way < 0.5) text = replaceOne(text, /-?\d+(?:\.\d+)?/g, () => numbers[Math.floor(draw() * numbers.length)]!, draw);
    else if (way < 0.65) text = replaceOne(text, /\s[\w:]+="[^"]*"/g, () => '', draw);
    else if (way < 0.8) text = replaceOne(text, /<(\w+:)?\w+Object[\s\S]{0,2000}?<\/(\w+:)?\w+Object>/g, (found) => found.repeat(1 + Math.floor(draw() * 200)), draw);
    else if (way < 0.9) text = replaceOne(text, /<\/?[\w:]+/g, (found) => (found.startsWith('</') ? '<' : '</') + found.replace(/[</]/g, ''), draw);
    else text = replaceOne(text, /="[^"]*"/g, () => `="${text.slice(Math.floor(draw() * text.length)).slice(0, 300).replaceAll(/[<"&]/g, ' ')}"`, draw);
  }
  return new TextEncoder().encode(text);
}

function replaceOne(text: string, pattern: RegExp, by: (found: string) => string, draw: () => number): string {
  const found = [...text.matchAll(pattern)];
  const one = found[Math.floor(draw() * found.length)];
  return one === undefined ? text : text.slice(0, one.index) + by(one[0]) + text.slice(one.index + one[0].length);
}
