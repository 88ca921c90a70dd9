/** One main item of a report descriptor: `count` values of `bitSize` bits each in a report. */
export interface HidField {
  readonly kind: 'input' | 'output' | 'feature';
  /** 0: the device numbers no reports. */
  readonly reportId: number;
  /** From the first bit after the report id. */
  readonly bitOffset: number;
  readonly bitSize: number;
  readonly count: number;
  /** Usage page × 65536 + usage; the last one stands for all further values. */
  readonly usages: readonly number[];
  readonly isConstant: boolean;
  /** An array names which usages are on instead of having a value for each. */
  readonly isArray: boolean;
  /** Usages of the collections around it, outermost first. */
  readonly collections: readonly number[];
}

const limits = { bytes: 8192, fields: 512, usages: 256, depth: 32, reportBits: 65_536 };

/**
 * Parses a report descriptor (USB HID 1.11, 6.2.2) as a device sends it: null when it is cut off, contradicts itself or is
 * larger than any real one. Never throws.
 */
export function parseHidDescriptor(bytes: Uint8Array): HidField[] | null {
  if (bytes.length > limits.bytes) return null;
  const parser = createParser();
  for (let at = 0; at < bytes.length; ) {
    const prefix = bytes[at] ?? 0;
    // A long item: nobody ever defined one, its length is the next byte.
    if (prefix === 0xfe) {
      at += 3 + (bytes[at + 1] ?? 0);
      continue;
    }
    const size = (prefix & 3) === 3 ? 4 : prefix & 3;
    const data = bytes.subarray(at + 1, at + 1 + size);
    if (data.length < size) return null;
    if (!parser.take({ type: (prefix >> 2) & 3, tag: prefix >> 4, size, value: readLittleEndian(data) })) return null;
    at += 1 + size;
  }
  return parser.finish();
}

interface Item {
  readonly type: number;
  readonly tag: number;
  readonly size: number;
  readonly value: number;
}

interface GlobalState {
  page: number;
  reportSize: number;
  reportCount: number;
  reportId: number;
}

function createParser() {
  let global: GlobalState = { page: 0, reportSize: 0, reportCount: 0, reportId: 0 };
  const pushed: GlobalState[] = [];
  const collections: number[] = [];
  const fields: HidField[] = [];
  const ends = new Map<string, number>();
  let local = createLocalState();

  const takeGlobal = ({ tag, value }: Item): boolean => {
    if (tag === 0x0) global.page = value & 0xffff;
    if (tag === 0x7) global.reportSize = value;
    if (tag === 0x8) global.reportId = value;
    if (tag === 0x9) global.reportCount = value;
    if (tag === 0xa) pushed.push({ ...global });
    if (tag === 0xb) {
      const last = pushed.pop();
      if (last === undefined) return false;
      global = last;
    }
    return pushed.length <= limits.depth && global.reportId <= 255;
  };

  const addField = (kind: HidField['kind'], flags: number): boolean => {
    const { reportId, reportSize: bitSize, reportCount: count } = global;
    const key = `${kind} ${reportId}`;
    const bitOffset = ends.get(key) ?? 0;
    const end = bitOffset + bitSize * count;
    // Values of no bits would be as many as the device likes and still fit.
    if (fields.length === limits.fields || end > limits.reportBits || (bitSize === 0 && count > 0)) return false;
    ends.set(key, end);
    const usages = local.usages(global.page);
    fields.push({ kind, reportId, bitOffset, bitSize, count, usages, isConstant: (flags & 1) !== 0, isArray: (flags & 2) === 0, collections: [...collections] });
    return true;
  };

  const takeMain = ({ tag, value }: Item): boolean => {
    const isTaken = tag === 0x8 ? addField('input', value) : tag === 0x9 ? addField('output', value) : tag === 0xb ? addField('feature', value) : true;
    if (tag === 0xa) collections.push(local.usages(global.page)[0] ?? 0);
    if (tag === 0xc && collections.pop() === undefined) return false;
    local = createLocalState();
    return isTaken && collections.length <= limits.depth;
  };

  return {
    take: (item: Item): boolean => (item.type === 0 ? takeMain(item) : item.type === 1 ? takeGlobal(item) : item.type === 2 ? local.take(item) : true),
    finish: (): HidField[] | null => (collections.length === 0 ? fields : null),
  };
}

/** The usages since the last main item; a short one gets the page that holds at the main item (6.2.2.8). */
function createLocalState() {
  const found: { readonly value: number; readonly isWhole: boolean }[] = [];
  let minimum: { readonly value: number; readonly isWhole: boolean } | null = null;
  return {
    take: ({ tag, size, value }: Item): boolean => {
      const usage = { value, isWhole: size === 4 };
      if (tag === 0x0) found.push(usage);
      if (tag === 0x1) minimum = usage;
      if (tag === 0x2 && minimum !== null) {
        for (let next = minimum.value; next <= value && found.length < limits.usages; next++) found.push({ value: next, isWhole: usage.isWhole });
        minimum = null;
      }
      return found.length <= limits.usages;
    },
    usages: (page: number): number[] => found.map(({ value, isWhole }) => (isWhole ? value : page * 65_536 + value)),
  };
}

function readLittleEndian(bytes: Uint8Array): number {
  let value = 0;
  for (let at = bytes.length - 1; at >= 0; at--) value = value * 256 + (bytes[at] ?? 0);
  return value;
}
