import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BarcodeLayout, commonBarcodeLayout, createBarcodeAssembler, type HidCode, readBarcodeLayout } from '../../../main/devices/hid-barcode.ts';
import { parseHidDescriptor } from '../../../main/devices/hid-descriptor.ts';
import { countedDescriptor, countedReports, item, keyboardDescriptor, shiftedDescriptor, shiftedReports } from '../../fakes/hid-devices.ts';
import { measureLiveBytes } from '../../live-memory.ts';

const layoutOf = (descriptor: Uint8Array): BarcodeLayout => {
  const layout = readBarcodeLayout(descriptor);
  if (layout === null) throw new Error('no scanner');
  return layout;
};
const read = (layout: BarcodeLayout, reports: readonly Uint8Array[], maxBytes = 4096): HidCode[] => {
  const assembler = createBarcodeAssembler({ layout, maxBytes });
  return reports.flatMap((report) => assembler.push(report));
};
const codeOf = (bytes: Uint8Array, symbology: string | null) => ({ kind: 'code', bytes, symbology });
const text = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => 0x30 + (at % 43));
const devices = [
  ['with count and report ids', countedDescriptor, countedReports, ']Q1'],
  ['without either, off the byte borders', shiftedDescriptor, shiftedReports, ']C0'],
] as const;

describe('report descriptors', () => {
  it('are read item by item', () => {
    const fields = parseHidDescriptor(countedDescriptor);
    expect(fields?.map(({ kind, reportId, bitOffset, bitSize, count }) => [kind, reportId, bitOffset, bitSize, count])).toEqual([
      ['input', 2, 0, 8, 1],
      ['input', 2, 8, 8, 3],
      ['input', 2, 32, 8, 56],
      ['input', 2, 480, 8, 2],
      ['input', 2, 496, 1, 8],
      ['output', 4, 0, 1, 8],
    ]);
    expect(fields?.[1]?.usages).toEqual([0x8c_00fb, 0x8c_00fc, 0x8c_00fd]);
    expect(fields?.[0]?.collections).toEqual([0x8c_0002, 0x8c_0012]);
  });

  it('give a short usage the page that holds at the main item, and know push, pop and long items', () => {
    const bytes = [
      ...[item(0x04, 0x01), item(0x08, 0x02), item(0x04, 0x8c), item(0xa0, 1), item(0x74, 8), item(0x94, 1)].flat(),
      ...[[0xfe, 2, 0, 9, 9], item(0xa4), item(0x74, 16), item(0xb4), item(0x08, 0xfe), item(0x80, 2), item(0xc0)].flat(),
    ];
    const fields = parseHidDescriptor(Uint8Array.from(bytes));
    expect(fields).toMatchObject([{ bitSize: 8, usages: [0x8c_00fe], collections: [0x8c_0002] }]);
  });

  it('that are cut off or contradict themselves are none', () => {
    for (let end = 1; end < countedDescriptor.length; end++) {
      const layout = readBarcodeLayout(countedDescriptor.subarray(0, end));
      expect(layout, `cut at ${end}`).toBeNull();
    }
    expect(parseHidDescriptor(Uint8Array.from(item(0xb4)))).toBeNull();
    expect(parseHidDescriptor(Uint8Array.from(item(0xc0)))).toBeNull();
    expect(parseHidDescriptor(Uint8Array.from([...item(0x74, 0xffff), ...item(0x94, 0xffff), ...item(0x80, 2)]))).toBeNull();
    // Two thousand million values of no bits each: they fit in any report and in no memory.
    const endless = [...item(0x04, 0x8c), ...item(0x08, 0x02), ...item(0xa0, 1), ...item(0x08, 0xfe), ...item(0x74, 0), ...item(0x94, 0x7fff_ffff), ...item(0x80, 2), 0xc0];
    expect(readBarcodeLayout(Uint8Array.from(endless))).toBeNull();
    expect(readBarcodeLayout(keyboardDescriptor)).toBeNull();
    expect(readBarcodeLayout(new Uint8Array())).toBeNull();
  });

  it('never throw, whatever bytes they are, and what is read from them never throws either', () => {
    const mutated = fc.tuple(fc.constantFrom(countedDescriptor, shiftedDescriptor), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 })).map(([bytes, changes]) => {
      const copy = Uint8Array.from(bytes);
      for (const [at, value] of changes) if (at < copy.length) copy[at] = value;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 6 }), (descriptor, reports) => {
        const layout = readBarcodeLayout(descriptor);
        if (layout === null) return;
        for (const code of read(layout, reports, 100)) if (code.kind === 'code') expect(code.bytes.length).toBeLessThanOrEqual(100);
      }),
      { numRuns: 2000 },
    );
  });
});

describe.each(devices)('a scanner %s', (_, descriptor, reportsOf, identifier) => {
  const layout = layoutOf(descriptor);

  it('sends codes of every length in as many reports as they need', () => {
    for (const length of [1, 19, 20, 21, 40, 55, 56, 57, 112, 113, 237, 283, 2953, 4096]) {
      expect(read(layout, reportsOf(text(length)))).toEqual([codeOf(text(length), identifier)]);
    }
  });

  it('refuses more than the limit once, and reads the next code', () => {
    expect(read(layout, [...reportsOf(text(500)), ...reportsOf(text(90))], 100)).toEqual([{ kind: 'too-long' }, codeOf(text(90), identifier)]);
  });

  it('is torn by silence and by another code, and reads on', () => {
    const assembler = createBarcodeAssembler({ layout, maxBytes: 4096 });
    expect(reportsOf(text(300)).slice(0, 2).flatMap((report) => assembler.push(report))).toEqual([]);
    expect(assembler.isPending()).toBe(true);
    expect(assembler.pause()).toEqual([{ kind: 'torn' }]);
    expect(assembler.pause()).toEqual([]);
    expect(read(layout, [...reportsOf(text(300)).slice(0, 2), ...reportsOf(text(9), ']X0')])).toEqual([{ kind: 'torn' }, codeOf(text(9), ']X0')]);
  });

  it('gives codes that come one after the other, whatever is in them', () => {
    // Without a count the padding cannot be told from zeros at the end.
    const byte = descriptor === countedDescriptor ? fc.nat(255) : fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(fc.array(fc.array(byte, { minLength: 1, maxLength: 400 }), { maxLength: 5 }), (codes) => {
        const bytes = codes.map((code) => Uint8Array.from(code));
        expect(read(layout, bytes.flatMap((code) => reportsOf(code)))).toEqual(bytes.map((code) => codeOf(code, identifier)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('reports', () => {
  const layout = layoutOf(countedDescriptor);

  it('of another number are none of ours', () => {
    expect(read(layout, [Uint8Array.of(7, 1, 2), new Uint8Array(), Uint8Array.of(4)])).toEqual([]);
  });

  it('that promise more than they hold are torn, never filled up', () => {
    const [report = new Uint8Array()] = countedReports(text(30));
    for (let end = 2; end < 35; end++) expect(read(layout, [report.subarray(0, end)]), `cut at ${end}`).toEqual([{ kind: 'torn' }]);
    expect(read(layout, [Uint8Array.from(report, (byte, at) => (at === 1 ? 57 : byte))])).toEqual([{ kind: 'torn' }]);
    expect(read(layout, [report.subarray(0, 35)])).toEqual([codeOf(text(30), ']Q1')]);
  });

  it('without an AIM identifier give codes without one', () => {
    expect(read(layout, countedReports(text(5), '\u0000\u0000\u0000'))).toEqual([codeOf(text(5), null)]);
    expect(read(layout, countedReports(text(5), 'abc'))).toEqual([codeOf(text(5), null)]);
  });

  it('fit the layout that is taken where no descriptor can be had', () => {
    expect(read(commonBarcodeLayout(), countedReports(text(200)))).toEqual([codeOf(text(200), ']Q1')]);
  });

  it('that only ever continue hold no memory', () => {
    const endless = Uint8Array.from([2, 0, 0x5d, 0x51, 0x31, ...new Uint8Array(58), 1]);
    const assembler = createBarcodeAssembler({ layout, maxBytes: 4096 });
    const pushMany = (): void => {
      for (let i = 0; i < 100_000; i++) assembler.push(endless);
    };
    pushMany();
    const before = measureLiveBytes();
    pushMany();
    // A tenth of what they hold.
    expect(measureLiveBytes() - before).toBeLessThan((100_000 * endless.length) / 10);
    expect(assembler.isPending()).toBe(true);
  });
});

describe('signals', () => {
  it('are the bits that the descriptor names', () => {
    expect(layoutOf(countedDescriptor).signals).toEqual({ good: Uint8Array.of(4, 0b0100_0000), bad: Uint8Array.of(4, 0b0010_0000) });
    expect(layoutOf(shiftedDescriptor).signals).toEqual({});
  });
});
