/** Whether the bytes are a Compact Font Format table without a font around it (Adobe TN 5176). */
export function isBareCff(bytes: Uint8Array): boolean {
  return bytes[0] === 1 && bytes[1] === 0 && (bytes[2] ?? 0) >= 4 && (bytes[3] ?? 0) >= 1 && (bytes[3] ?? 0) <= 4;
}

/** Puts the tables around a bare CFF that a font reader asks for: nothing but CFF, head, hhea, hmtx and maxp. Null when it is broken. */
export function wrapBareCff(cff: Uint8Array): Uint8Array | null {
  const facts = readFacts(cff);
  if (facts === null) return null;
  const { glyphCount, unitsPerEm } = facts;
  const head = table(54, [[0, 0x00010000], [12, 0x5f0f3cf5]]);
  new DataView(head.buffer).setUint16(18, unitsPerEm);
  const hhea = table(36, [[0, 0x00010000]]);
  const hheaView = new DataView(hhea.buffer);
  hheaView.setInt16(4, unitsPerEm);
  hheaView.setUint16(34, 1);
  const hmtx = table(4 + 2 * Math.max(0, glyphCount - 1), []);
  new DataView(hmtx.buffer).setUint16(0, unitsPerEm);
  const maxp = table(6, [[0, 0x00005000]]);
  new DataView(maxp.buffer).setUint16(4, glyphCount);
  return joinTables([['CFF ', cff], ['head', head], ['hhea', hhea], ['hmtx', hmtx], ['maxp', maxp]]);
}

function table(size: number, words: readonly (readonly [number, number])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [at, word] of words) view.setUint32(at, word);
  return bytes;
}

function joinTables(tables: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const start = 12 + 16 * tables.length;
  const file = new Uint8Array(tables.reduce((sum, [, bytes]) => sum + Math.ceil(bytes.length / 4) * 4, start));
  const view = new DataView(file.buffer);
  file.set(new TextEncoder().encode('OTTO'));
  view.setUint16(4, tables.length);
  let at = start;
  for (const [index, [tag, bytes]] of tables.entries()) {
    const record = 12 + 16 * index;
    file.set(new TextEncoder().encode(tag), record);
    view.setUint32(record + 8, at);
    view.setUint32(record + 12, bytes.length);
    file.set(bytes, at);
    at += Math.ceil(bytes.length / 4) * 4;
  }
  return file;
}

/** The count of the CharStrings index, and the size of the em from FontMatrix. */
function readFacts(cff: Uint8Array): { glyphCount: number; unitsPerEm: number } | null {
  const view = new DataView(cff.buffer, cff.byteOffset, cff.byteLength);
  const names = readIndex(view, cff[2] ?? 4);
  const tops = names === null ? null : readIndex(view, names.end);
  const top = tops?.items[0];
  if (top === undefined) return null;
  const operators = readDict(cff.subarray(top[0], top[1]));
  const charStrings = operators.get(17)?.[0];
  if (charStrings === undefined || charStrings + 2 > cff.length || charStrings < 0) return null;
  const scale = operators.get(0x0c07)?.[0] ?? 0.001;
  const unitsPerEm = scale > 0 ? Math.round(1 / scale) : 1000;
  return { glyphCount: view.getUint16(charStrings), unitsPerEm: unitsPerEm >= 16 && unitsPerEm <= 16_384 ? unitsPerEm : 1000 };
}

function readIndex(view: DataView, at: number): { items: (readonly [number, number])[]; end: number } | null {
  if (at + 2 > view.byteLength) return null;
  const count = view.getUint16(at);
  if (count === 0) return { items: [], end: at + 2 };
  const width = at + 2 < view.byteLength ? view.getUint8(at + 2) : 0;
  const base = at + 3 + (count + 1) * width - 1;
  if (width < 1 || width > 4 || base > view.byteLength) return null;
  const offset = (index: number): number => {
    let value = 0;
    for (let byte = 0; byte < width; byte++) value = value * 256 + view.getUint8(at + 3 + index * width + byte);
    return base + value;
  };
  const items = Array.from({ length: count }, (_, index) => [offset(index), offset(index + 1)] as const);
  return items.every(([from, to]) => from <= to && to <= view.byteLength) ? { items, end: offset(count) } : null;
}

/** Operators with their operands; two-byte operators are 0x0c00 and more. */
function readDict(bytes: Uint8Array): Map<number, number[]> {
  const operators = new Map<number, number[]>();
  let operands: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    if (first <= 21) {
      const isLong = first === 12;
      operators.set(isLong ? 0x0c00 + (bytes[at + 1] ?? 0) : first, operands);
      operands = [];
      at += isLong ? 2 : 1;
      continue;
    }
    const { value, size } = readOperand(bytes, at);
    operands.push(value);
    at += size;
  }
  return operators;
}

function readOperand(bytes: Uint8Array, at: number): { value: number; size: number } {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = bytes.subarray(at, at + 5);
  if (first === 28) return { value: ((second << 24) >> 16) | third, size: 3 };
  if (first === 29) return { value: (second << 24) | (third << 16) | (fourth << 8) | fifth, size: 5 };
  if (first === 30) return readReal(bytes, at + 1);
  if (first <= 246) return { value: first - 139, size: 1 };
  if (first <= 250) return { value: (first - 247) * 256 + second + 108, size: 2 };
  return { value: -(first - 251) * 256 - second - 108, size: 2 };
}

function readReal(bytes: Uint8Array, from: number): { value: number; size: number } {
  const words = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', 'e', 'e-', '', '-'];
  let text = '';
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0xff;
    for (const half of [byte >> 4, byte & 15]) {
      if (half === 15) return { value: Number(text) || 0, size: at - from + 2 };
      text += words[half] ?? '';
    }
  }
  return { value: 0, size: bytes.length - from + 1 };
}
