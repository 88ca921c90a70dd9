import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameAssembler } from '../../../main/devices/serial-frames.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const text = (frame: ReturnType<ReturnType<typeof createFrameAssembler>['push']>[number]) =>
  frame.kind === 'code' ? Buffer.from(frame.bytes).toString('latin1') : frame.kind;

describe('the frame assembler', () => {
  test('finds every code however the bytes are cut', () => {
    const codes = fc.array(fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 1, maxLength: 64 }), { maxLength: 10 });
    const suffix = fc.constantFrom('\r', '\n', '\r\n', '\t', '\u0003', '##');
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(codes, suffix, cuts, (sent, end, sizes) => {
        const assembler = createFrameAssembler({ prefix: '', suffix: end, maxBytes: 64 });
        const stream = bytes(sent.map((code) => code + end).join(''));
        const frames: string[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          frames.push(...assembler.push(stream.subarray(at, at + size)).map(text));
          at += size;
        }
        expect(frames).toEqual(sent);
        expect(assembler.isPending()).toBe(false);
      }),
    );
  });

  test('the limit is exact, and one long run is one refusal', () => {
    const assembler = createFrameAssembler({ prefix: '', suffix: '\r\n', maxBytes: 10 });
    expect(assembler.push(bytes('0123456789\r\n')).map(text)).toEqual(['0123456789']);
    expect(assembler.push(bytes('0123456789A\r\n')).map(text)).toEqual(['too-long']);
    expect(assembler.push(bytes(`${'x'.repeat(1000)}\r\nGOOD\r\n`)).map(text)).toEqual(['too-long', 'GOOD']);
  });

  test('a pause ends a long run too', () => {
    const assembler = createFrameAssembler({ prefix: '', suffix: '', maxBytes: 10 });
    expect(assembler.push(bytes('x'.repeat(50))).map(text)).toEqual(['too-long']);
    expect(assembler.pause()).toEqual([]);
    assembler.push(bytes('GOOD'));
    expect(assembler.pause().map(text)).toEqual(['GOOD']);
    expect(assembler.pause()).toEqual([]);
  });

  test('a code split at every place is that code', () => {
    for (const prefix of ['', '\u0002', '\u001b\u0002']) {
      const stream = bytes(`${prefix}0123456789\u0003`);
      for (let at = 0; at <= stream.length; at++) {
        const assembler = createFrameAssembler({ prefix, suffix: '\u0003', maxBytes: 10 });
        expect([...assembler.push(stream.subarray(0, at)), ...assembler.push(stream.subarray(at))].map(text)).toEqual(['0123456789']);
      }
    }
  });

  test('with a control character in front nothing that lies between is a code, and no code is lost', () => {
    const code = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 1, maxLength: 64 });
    // Noise with ends or with beginnings; both together would be a code by every right.
    const noise = fc.tuple(fc.constantFrom('\u0002', '\u0003'), fc.array(fc.nat(255), { maxLength: 200 })).map(([without, values]) => values.map((value) => String.fromCharCode(value)).join('').replaceAll(without, ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, code), { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (sent, size) => {
        const assembler = createFrameAssembler({ prefix: '\u0002', suffix: '\u0003', maxBytes: 64 });
        const stream = bytes(sent.map(([before, inside]) => `${before}\u0002${inside}\u0003`).join(''));
        const frames: string[] = [];
        for (let at = 0; at < stream.length; at += size) frames.push(...assembler.push(stream.subarray(at, at + size)).map(text));
        expect(frames.filter((frame) => frame !== 'torn' && frame !== 'too-long')).toEqual(sent.map(([, inside]) => inside));
      }),
    );
  });

  test('with both marks a half is never a code', () => {
    const assembler = createFrameAssembler({ prefix: '\u0002', suffix: '\u0003', maxBytes: 64 });
    expect(assembler.push(bytes('\u0002HALF'))).toEqual([]);
    expect(assembler.pause().map(text)).toEqual(['torn']);
    expect(assembler.push(bytes('REST\u0003')).map(text)).toEqual(['torn']);
    expect(assembler.push(bytes('\u0002HALF\u0002WHOLE\u0003')).map(text)).toEqual(['torn', 'WHOLE']);
    expect(assembler.isPending()).toBe(false);
  });

  test('a printable prefix is taken off where it is', () => {
    const assembler = createFrameAssembler({ prefix: 'C:', suffix: '\r', maxBytes: 10 });
    expect(assembler.push(bytes('C:0123456789\rABC:D\r')).map(text)).toEqual(['0123456789', 'ABC:D']);
  });
});
