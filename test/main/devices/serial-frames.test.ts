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
});
