import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBitReader } from '../../hanxin/bit-reader.ts';
import { createBitWriter } from '../../hanxin/bit-writer.ts';
import { forEachBlock } from '../../hanxin/codewords.ts';
import { dataField } from '../../hanxin/galois-field.ts';
import { decodeMatrix, encodeHanXin, encodeSegments, type ByteMode, type EncodeOptions, type Segment } from '../../hanxin/index.ts';
import { readPayload } from '../../hanxin/payload.ts';
import { createReedSolomon } from '../../hanxin/reed-solomon.ts';
import { readSegments } from '../../hanxin/segment-reader.ts';
import { writeSegment } from '../../hanxin/segment-writer.ts';
import { informationPositions } from '../../hanxin/structural-information.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('round trips', () => {
  test('any text in every encoding, any bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 120 }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(text, fc.constantFrom('auto', 'gb18030', 'utf-8', 'unicode-mode'), (value, encoding) => {
        const symbol = encodeHanXin(value, { encoding });
        // GB 18030 leaves a few private characters without a sequence on some platforms.
        if (symbol === null) return encoding === 'gb18030';
        return decodeMatrix(symbol)?.text === value;
      }),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect([...decodeMatrix(encodeHanXin(bytes)!)!.bytes]).toEqual([...bytes]);
      }),
      { numRuns: 200 },
    );
  });

  test('rare characters, four-byte GB 18030, and text that an eager reader would take for another character set', () => {
    const texts = ['𬭎', '𰻞𰻞面', '\u0080\ufffd\u{10ffff}', '龘靐齉', 'é', 'ÿ', 'ÿþÿ', '한글', 'ᠮᠣᠩ', '拢', '锘', '\ufeff汉', 'α汉', 'Ã©', '聽說', '\u0000'.repeat(9), ''];
    for (const text of texts) {
      for (const encoding of ['auto', 'gb18030', 'utf-8', 'unicode-mode'] as const) {
        expect(decodeMatrix(encodeHanXin(text, { encoding })!)!.text, `${text} as ${encoding}`).toBe(text);
      }
    }
  });

  test('every basic character reads back; only private ones may lack a GB 18030 sequence', () => {
    for (let page = 0; page < 256; page++) {
      if (page >= 0xd8 && page <= 0xdf) continue;
      const isPrivate = page >= 0xe0 && page <= 0xf8;
      const text = Array.from({ length: 256 }, (_, i) => String.fromCharCode(page * 256 + i)).join('');
      for (const encoding of isPrivate ? (['auto'] as const) : (['auto', 'gb18030'] as const)) {
        expect(decodeMatrix(encodeHanXin(text, { encoding })!)?.text === text, `page ${page.toString(16)} as ${encoding}`).toBe(true);
      }
    }
  });

  const samples: readonly (readonly [ByteMode, fc.Arbitrary<Uint8Array>, string])[] = [
    ['numeric', fc.stringMatching(/^\d{1,40}$/).map(ascii), ']h0'],
    ['text', fc.stringMatching(/^[\x00-\x1b\x20-\x7f]{0,60}$/).map(ascii), ']h0'],
    ['binary', fc.uint8Array({ maxLength: 100 }), ']h0'],
    ['region', pairs([[0xb0, 0xd7], [0xd8, 0xf7], [0xa1, 0xa3]]), ']h0'],
    ['two-byte', pairs([[0x81, 0xfe]]), ']h0'],
    ['four-byte', fc.tuple(fc.integer({ min: 0x81, max: 0xfe }), fc.integer({ min: 0x30, max: 0x39 }), fc.integer({ min: 0x81, max: 0xfe }), fc.integer({ min: 0x30, max: 0x39 })).map((bytes) => Uint8Array.from(bytes)), ']h0'],
    ['unicode', fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => ascii(text.toWellFormed())), ']h8'],
    ['gs1', fc.stringMatching(/^[0-9A-Za-z\x1d/.-]{0,60}$/).map(ascii), ']h2'],
    ['uri', fc.stringMatching(/^(https?:\/\/|www\.)?[a-zA-Z0-9\-._~:/?#[\]@!*+,;=%]{0,60}(\.com|\.html|gs1|search)?$/).map(ascii), ']h4'],
  ];
  for (const [mode, bytes, identifier] of samples) {
    test(`mode ${mode}`, () => {
      fc.assert(
        fc.property(bytes, fc.boolean(), (value, followed) => {
          const segments: Segment[] = followed ? [{ mode, bytes: value }, { mode: 'text', bytes: ascii('.') }] : [{ mode, bytes: value }];
          const read = decodeMatrix(encodeSegments(segments)!)!;
          expect([...read.bytes]).toEqual([...value, ...(followed ? [0x2e] : [])]);
          expect(read.symbologyIdentifier).toBe(identifier);
          expect(read.segments[0]).toMatchObject({ mode });
        }),
        { numRuns: 120 },
      );
    });
  }

  test('ECI designators of every length change the character set from there on', () => {
    for (const designator of [0, 127, 128, 16_383, 16_384, 999_999]) {
      expect(decodeMatrix(encodeSegments([{ mode: 'eci', designator }, { mode: 'text', bytes: ascii('a') }])!)).toMatchObject({ eci: designator, text: 'a', symbologyIdentifier: ']h1' });
    }
    const mixed = encodeSegments([
      { mode: 'eci', designator: 7 }, { mode: 'binary', bytes: Uint8Array.of(0xb6) },
      { mode: 'eci', designator: 20 }, { mode: 'binary', bytes: Uint8Array.of(0x83, 0x65) },
      { mode: 'eci', designator: 3 }, { mode: 'binary', bytes: Uint8Array.of(0x80, 0xe9) },
    ])!;
    expect(decodeMatrix(mixed)!.text).toBe('Жテ\u0080é');
  });

  test('a mode refuses bytes that it cannot hold', () => {
    const wrong: Segment[] = [
      { mode: 'numeric', bytes: ascii('1a') }, { mode: 'numeric', bytes: ascii('') }, { mode: 'text', bytes: Uint8Array.of(0x1c) }, { mode: 'text', bytes: Uint8Array.of(0x80) },
      { mode: 'region', bytes: Uint8Array.of(0x81, 0x40) }, { mode: 'two-byte', bytes: Uint8Array.of(0x81) }, { mode: 'four-byte', bytes: ascii('abcd') },
      { mode: 'binary', bytes: new Uint8Array(8192) }, { mode: 'uri', bytes: Uint8Array.of(0x80) }, { mode: 'eci', designator: 1_000_000 },
    ];
    for (const segment of wrong) expect(() => encodeSegments([segment])).toThrow(RangeError);
  });
});

describe('the grammar of the bit stream', () => {
  const read = (spaced: string) => {
    const bits = spaced.replaceAll(' ', '');
    return readPayload(Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8).padEnd(8, '0'), 2)));
  };

  test.each([
    ['reserved indicator 1010', '1010'],
    ['reserved indicator 1111', '1111'],
    ['reserved extension 1110 0011', '11100011'],
    ['numeric value 1001', '0001 1111101001 1111111111'],
    ['FNC1 outside GS1', '0001 1111101000 1111111111'],
    ['numeric without a group', '0001 1111111101'],
    ['numeric group too large for its digits', '0001 0001100100 1111111110'],
    ['numeric without an end', '0001 0000000001'],
    ['text without an end', '0010 000001'],
    ['binary longer than the symbol', '0011 0000000001000 00000000'],
    ['region 1 value above the table', '0100 111111101010 111111111111'],
    ['region 2 value above the table', '0101 101111000000 111111111111'],
    ['two-byte value above the table', '0110' + (190 * 126).toString(2).padStart(15, '0') + '1'.repeat(15)],
    ['four-byte value above the table', '0111' + (126 * 12_600).toString(2).padStart(21, '0')],
    ['ECI prefix 111', '1000 111 0'.repeat(21)],
    ['Unicode group of five bytes', '1001 0101'],
    ['Unicode width of nine bits', '1001 0001 0001 1001 00000000'],
    ['Unicode sum above 255', '1001 0001 0001 0001 11111111 1 1111'],
    ['Unicode announcing megabytes', ('1001 0100 11110 1'.repeat(15) + '0'.repeat(48) + '0100 11110 1'.repeat(15) + '0'.repeat(48)) + '1111'],
    ['URI set 101', '11100010 101'],
    ['GS1 with a Chinese mode inside', '11100001 0100'],
    ['padding that is not zero', '0000 0001'],
  ])('refuses %s', (_name, bits) => {
    expect(read(bits)).toBeNull();
  });

  test('what stands beside the refusals is accepted', () => {
    expect(read('0001 0000000001 1111111110')?.text).toBe('01');
    expect(read('0001 1111100111 1111111111')?.text).toBe('999');
    expect(read('0100 111111101001 111111111111')?.bytes).toEqual(Uint8Array.of(0xa8, 0xc0));
    expect(read('11100001 0001 0000001010 1111101000 0000000111 1111111101 11111111')?.bytes).toEqual(ascii('010\u001d7'));
    expect(read('11100010 100 000010 1110010010111000 111')?.text).toBe('%E4%B8');
    expect(read('')?.text).toBe('');
  });

  test('random bits never throw, and what is accepted reads the same after writing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
        const segments = readSegments(createBitReader(bytes));
        if (segments === null) return;
        const writer = createBitWriter();
        const again: Segment[] = segments.map((segment) => (segment.mode === 'eci' ? { mode: 'eci', designator: segment.designator } : { mode: segment.mode, bytes: segment.bytes }));
        for (const segment of again.filter((segment) => segment.mode !== 'gs1' && (segment.mode === 'eci' || segment.bytes.length > 0))) writeSegment(writer, segment);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('damage', () => {
  const text = 'Counter 服务码 0123456789 '.repeat(9);

  test('each block restores half its check codewords unknown, and all but a few when they are marked', () => {
    const codec = createReedSolomon(dataField);
    const random = generator(7);
    forEachBlock(40, 'L4', (data, check) => {
      const sent = new Uint8Array(data + check).map(() => random(256));
      codec.encode(sent, 0, data, check);
      const errors = spoil(sent, check / 2, random);
      expect(codec.decode(errors.bytes, 0, data + check, check)).toBe(check / 2);
      expect(errors.bytes).toEqual(sent);
      const erased = spoil(sent, check - 5, random);
      const extra = Array.from({ length: data + check }, (_, i) => i).find((i) => !erased.positions.includes(i))!;
      erased.bytes[extra]! ^= 1;
      expect(codec.decode(erased.bytes, 0, data + check, check, Uint8Array.from(erased.positions), check - 5)).toBe(check - 4);
      expect(erased.bytes).toEqual(sent);
    });
  });

  test('one error too many is refused, or at least not silently the same block', () => {
    const codec = createReedSolomon(dataField);
    const random = generator(8);
    let refused = 0;
    for (let run = 0; run < 300; run++) {
      const sent = new Uint8Array(50).map(() => random(256));
      codec.encode(sent, 0, 30, 20);
      const wrong = spoil(sent, 11, random).bytes;
      const before = wrong.slice();
      if (codec.decode(wrong, 0, 50, 20) < 0) {
        refused++;
        expect(wrong).toEqual(before);
      }
    }
    expect(refused).toBe(300);
  });

  test('random blocks are never taken for damaged ones, whatever is erased', () => {
    const codec = createReedSolomon(dataField);
    const random = generator(9);
    let taken = 0;
    for (let run = 0; run < 20_000; run++) {
      const check = 8 + 2 * random(12);
      const length = check + 15 + random(60);
      const noise = new Uint8Array(length).map(() => random(256));
      const erased = Uint8Array.from({ length: random(check) + 1 }, (_, i) => i);
      if (codec.decode(noise, 0, length, check, erased, erased.length) >= 0) taken++;
    }
    expect(taken).toBe(0);
  });

  test.each(['L1', 'L2', 'L3', 'L4'] as const)('level %s survives scattered wrong modules and says how many codewords', (level) => {
    const symbol = encodeHanXin(text, { level })!;
    const random = generator(3);
    const modules = symbol.modules.slice();
    const positions = 4 * (levelPower[level] ?? 0);
    for (let i = 0; i < positions; i++) modules[random(modules.length)]! ^= 1;
    const read = decodeMatrix({ size: symbol.size, modules });
    expect(read?.text).toBe(text);
    expect(read?.corrected).toBeGreaterThan(0);
    expect(read?.load).toBeLessThanOrEqual(1);
  });

  test('marked modules survive where unmarked ones do not', () => {
    const symbol = encodeHanXin(text, { version: 30, level: 'L2' })!;
    const modules = symbol.modules.slice();
    const unreliable = new Uint8Array(modules.length);
    const side = Math.floor(symbol.size * 0.4);
    for (let y = 20; y < 20 + side; y++) {
      for (let x = 20; x < 20 + side; x++) {
        modules[y * symbol.size + x] = 1;
        unreliable[y * symbol.size + x] = 1;
      }
    }
    expect(decodeMatrix({ size: symbol.size, modules })).toBeNull();
    expect(decodeMatrix({ size: symbol.size, modules }, unreliable)?.text).toBe(text);
  });

  test('either copy of the structural information is enough, whatever the filler says', () => {
    const symbol = encodeHanXin(text, { mask: 2 })!;
    const { first, second } = informationPositions(symbol.size);
    for (const lost of [first, second]) {
      const modules = symbol.modules.slice();
      for (let i = 0; i < lost.length; i += 2) modules[lost[i + 1]! * symbol.size + lost[i]!] = i % 3 === 0 ? 1 : 0;
      const other = lost === first ? second : first;
      for (let i = 56; i < other.length; i += 2) modules[other[i + 1]! * symbol.size + other[i]!] = 1;
      expect(decodeMatrix({ size: symbol.size, modules })?.text).toBe(text);
    }
  });

  test('sizes that do not exist are no symbol, arrays of the wrong length an argument error', () => {
    for (const size of [0, 1, 21, 24, 191, -23, Number.NaN, Infinity]) expect(decodeMatrix({ size, modules: new Uint8Array(0) })).toBeNull();
    expect(() => decodeMatrix({ size: 23, modules: new Uint8Array(528) })).toThrow(RangeError);
    expect(() => decodeMatrix({ size: 23, modules: new Uint8Array(529) }, new Uint8Array(1))).toThrow(RangeError);
  });

  test('options reach the symbol and come back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 84 }), fc.constantFrom('L1', 'L2', 'L3', 'L4'), fc.constantFrom(0, 1, 2, 3), (version, level, mask) => {
        const options: EncodeOptions = { version, level, mask };
        expect(decodeMatrix(encodeHanXin('选项', options)!)).toMatchObject({ ...options, text: '选项' });
      }),
      { numRuns: 60 },
    );
  });
});

const levelPower: Readonly<Record<string, number>> = { L1: 1, L2: 3, L3: 4, L4: 6 };

function pairs(ranges: readonly (readonly [number, number])[]): fc.Arbitrary<Uint8Array> {
  const pair = fc.constantFrom(...ranges).chain(([from, to]) => fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: 0xa1, max: 0xfe })));
  return fc.array(pair, { minLength: 1, maxLength: 40 }).map((list) => Uint8Array.from(list.flat()));
}

/** A small repeatable source of numbers below a bound. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function spoil(sent: Uint8Array, count: number, random: (below: number) => number): { bytes: Uint8Array; positions: number[] } {
  const positions = new Set<number>();
  while (positions.size < count) positions.add(random(sent.length));
  const bytes = sent.slice();
  for (const position of positions) bytes[position]! ^= 1 + random(255);
  return { bytes, positions: [...positions] };
}
