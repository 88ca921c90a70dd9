import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWedgeDetector, type WedgeKey, type WedgeSettings, type WedgeStep } from '../../domain/keyboard-wedge.ts';
import { wedgeKeyOf } from '../../domain/keyboard-wedge.table.ts';

const settings: WedgeSettings = { prefix: '', suffix: '\r', gapMs: 30 };
const code = '911QYM131000020260101010500E6E324398E1F2925927C53C60AE9E06AF2FC6E7F65';

function key(character: string, timeStamp: number, more: Partial<WedgeKey> = {}): WedgeKey {
  const physical = wedgeKeyOf(character) ?? { code: 'Unidentified', shiftKey: false };
  return { key: character, keyCode: 65, timeStamp, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...physical, ...more };
}

/** Presses the characters with the gaps before each, and gives the time of the last. */
function press(text: string, gap: (i: number) => number, more: Partial<WedgeKey> = {}, start = 1000): WedgeKey[] {
  let at = start;
  return [...text].map((character, i) => {
    at += gap(i);
    return key(character, at, more);
  });
}

function run(keys: readonly WedgeKey[], given: WedgeSettings = settings): WedgeStep[] {
  const detector = createWedgeDetector(given);
  return keys.map((pressed) => detector.push(pressed));
}

function scansOf(steps: readonly WedgeStep[]): string[] {
  return steps.flatMap((step) => (step.kind === 'scan' ? [step.text] : []));
}

describe('a scanner that types', () => {
  test('gives its text, and keeps all but the first keys from the window', () => {
    const steps = run(press(`${code}\r`, () => 3));
    expect(scansOf(steps)).toEqual([code]);
    expect(steps.filter((step) => step.kind === 'typing')).toHaveLength(5);
    expect(steps.at(-1)).toMatchObject({ kind: 'scan', leaked: 5, inputMethod: false });
  });

  test('is read the same under Caps Lock and an input method, which is reported', () => {
    const caps = press(`${code}\r`, () => 3).map((pressed) => ({ ...pressed, key: pressed.key.toLowerCase() }));
    expect(scansOf(run(caps))).toEqual([code]);
    const inputMethod = run(press(`${code}\r`, () => 3, { key: 'Process', keyCode: 229 }));
    expect(inputMethod.at(-1)).toMatchObject({ kind: 'scan', text: code, inputMethod: true });
  });

  test('may hesitate once', () => {
    expect(scansOf(run(press(`${code}\r`, (i) => (i === 3 ? 95 : 4))))).toEqual([code]);
  });

  test('may stall before its suffix, once it is known; a person may not', () => {
    expect(scansOf(run(press(`${code}\r`, (i) => (i === 40 ? 420 : 4))))).toEqual([code]);
    const broken = run(press(`${code}\r`, (i) => (i === 3 ? 420 : 4)));
    expect(scansOf(broken)).toEqual([code.slice(3)]);
    const detector = createWedgeDetector(settings);
    const keys = press(code, () => 3);
    for (const pressed of keys) detector.push(pressed);
    const last = keys.at(-1)?.timeStamp ?? 0;
    expect(detector.silence(last + 420).kind).toBe('burst');
    expect(detector.patience()).toBe(500);
    expect(detector.silence(last + 520)).toMatchObject({ kind: 'scan', text: code });
    expect(detector.patience()).toBe(120);
  });

  test('is read after its prefix, and not at all without it', () => {
    const given = { ...settings, prefix: '~' };
    expect(scansOf(run(press(`~${code}\r`, () => 3), given))).toEqual([code]);
    expect(scansOf(run(press(`${code}\r`, () => 3), given))).toEqual([]);
  });

  test('is over after a silence when it has no suffix', () => {
    const detector = createWedgeDetector({ ...settings, suffix: '' });
    const keys = press(code, () => 3);
    for (const pressed of keys) detector.push(pressed);
    const last = keys.at(-1)?.timeStamp ?? 0;
    expect(detector.silence(last + 50).kind).toBe('burst');
    expect(detector.silence(last + 150)).toMatchObject({ kind: 'scan', text: code });
  });

  test('cannot press shortcuts: chords and function keys inside a burst reach nobody, GS is kept', () => {
    const keys = press(`${code}\r`, () => 3);
    const at = keys[20]?.timeStamp ?? 0;
    const chords: WedgeKey[] = [
      key('o', at, { ctrlKey: true }),
      key('P', at, { ctrlKey: true }),
      { ...key('a', at), code: 'F12', key: 'F12' },
      { ...key('a', at), code: 'F4', key: 'F4', altKey: true },
      { ...key('a', at), code: 'F10', key: 'F10', shiftKey: true },
      { ...key(']', at), ctrlKey: true },
    ];
    const steps = run([...keys.slice(0, 21), ...chords, ...keys.slice(21)]);
    expect(steps.slice(21, 27).map((step) => step.kind)).toEqual(Array.from({ length: 6 }, () => 'burst'));
    expect(scansOf(steps)).toEqual([`${code.slice(0, 21)}\u001d${code.slice(21)}`]);
  });

  test('is found whatever it sends and however a person typed before', () => {
    const characters = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRSTUWXYZabcxyz:/?&=._-%#+ '), minLength: 12, maxLength: 300 });
    fc.assert(
      fc.property(characters, fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 301, maxLength: 301 }), fc.string({ unit: fc.constantFrom(...'abc '), maxLength: 8 }), (text, gaps, before) => {
        const typed = press(before, () => 160);
        const scanned = press(`${text}\r`, (i) => gaps[i] ?? 1, {}, (typed.at(-1)?.timeStamp ?? 0) + 300);
        expect(scansOf(run([...typed, ...scanned]))).toEqual([text]);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a person who types', () => {
  test('is never a scanner: any text at any human pace, with keys rolled over', () => {
    const gap = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 45, max: 99 }) },
      { weight: 1, arbitrary: fc.integer({ min: 100, max: 900 }) },
      { weight: 4, arbitrary: fc.integer({ min: 5, max: 29 }) },
    );
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 80 }), (gaps) => {
        // Rolling over pairs of keys is human, three in a row at 30 ms are not.
        const human = gaps.map((ms, i) => (ms < 30 && (gaps[i - 1] ?? 99) < 30 ? 60 : ms));
        const steps = run(press('浙a1'.repeat(27).slice(0, human.length).replaceAll('浙', 'k'), (i) => human[i] ?? 100));
        expect(steps.every((step) => step.kind === 'typing')).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test('may hold a key down', () => {
    const held = Array.from({ length: 60 }, (_, i) => key('a', 1000 + i * 30, { repeat: i > 0 }));
    expect(run([...held, key('\r', 2830)]).every((step) => step.kind === 'typing')).toBe(true);
  });

  test('keeps shortcuts', () => {
    expect(run([key('p', 1000, { ctrlKey: true }), { ...key('a', 1100), code: 'F5', key: 'F5' }]).map((step) => step.kind)).toEqual(['typing', 'typing']);
  });
});
