import { describe, expect, test } from 'vitest';
import { courseOf } from '../../domain/key-course.ts';
import { createWedgeDetector, type WedgeKey } from '../../domain/keyboard-wedge.ts';

const plain = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, repeat: false };
const key = (code: string, name: string, more: Partial<typeof plain> = {}) => ({ code, key: name, ...plain, ...more });

describe('what is done with a key before it is known who pressed it', () => {
  test('in a field, writing acts and commands wait', () => {
    for (const written of [key('KeyA', 'a'), key('Space', ' '), key('KeyA', 'Process'), key('Backspace', 'Backspace'), key('Tab', 'Tab')]) expect(courseOf(written, 'text'), written.code).toBe('pass');
    for (const command of [key('Enter', 'Enter'), key('Escape', 'Escape'), key('F4', 'F4'), key('F12', 'F12')]) expect(courseOf(command, 'text'), command.code).toBe('hold');
  });

  test('outside a field every key waits but Tab', () => {
    for (const held of [key('KeyC', 'c'), key('Digit1', '1'), key('Space', ' '), key('Enter', 'Enter'), key('F5', 'F5')]) expect(courseOf(held, 'other'), held.code).toBe('hold');
    expect(courseOf(key('Tab', 'Tab'), 'other')).toBe('pass');
  });

  test('arrows and their like: the browser moves at once, what the window makes of them waits; a choice is put back', () => {
    const moves = ['ArrowDown', 'ArrowLeft', 'Home', 'End', 'PageUp', 'PageDown'].map((code) => key(code, code));
    const chords = ['ArrowUp', 'ArrowRight', 'Home', 'End'].map((code) => key(code, code, { ctrlKey: true }));
    for (const move of [...moves, ...chords]) expect((['text', 'other', 'own', 'choice'] as const).map((place) => courseOf(move, place)), move.code).toEqual(['part', 'part', 'hold', 'pass']);
    expect(courseOf(key('PageDown', 'PageDown', { ctrlKey: true }), 'own')).toBe('swallow');
  });

  test('what reaches for the browser acts for nobody, editing chords act', () => {
    const chords = ['KeyO', 'KeyP', 'KeyW', 'KeyT', 'KeyN', 'KeyS', 'KeyJ', 'KeyU', 'F4', 'F5', 'Minus', 'Digit0'].map((code) => key(code, 'x', { ctrlKey: true }));
    const others = [key('F4', 'F4', { altKey: true }), key('ArrowLeft', 'ArrowLeft', { altKey: true }), key('AltLeft', 'Alt', { altKey: true }), key('KeyR', 'r', { metaKey: true }), key('F10', 'F10', { shiftKey: true }), key('ContextMenu', 'ContextMenu')];
    for (const place of ['text', 'other'] as const) for (const chord of [...chords, ...others]) expect(courseOf(chord, place), chord.code).toBe('swallow');
    for (const code of ['KeyA', 'KeyC', 'KeyV', 'KeyX', 'KeyZ']) expect(courseOf(key(code, 'x', { ctrlKey: true }), 'text')).toBe('pass');
  });

  test('the search of an open certificate waits like a command: a code may hold Ctrl F too', () => {
    for (const place of ['text', 'other', 'own', 'choice'] as const) expect(courseOf(key('KeyF', 'f', { ctrlKey: true }), place)).toBe('hold');
    expect(courseOf(key('KeyF', 'f', { ctrlKey: true, altKey: true }), 'other')).toBe('swallow');
  });

  test('the third level of a European keyboard writes', () => {
    expect(courseOf(key('KeyQ', '@', { ctrlKey: true, altKey: true }), 'text')).toBe('pass');
    expect(courseOf(key('Digit7', '{', { ctrlKey: true, altKey: true }), 'other')).toBe('hold');
  });
});

describe('a burst with other keys in it', () => {
  const burst = (codes: readonly string[]): WedgeKey[] => codes.map((code, index) => ({ ...plain, code, key: code, keyCode: 0, timeStamp: 1000 + index * 4 }));
  const scans = (keys: readonly WedgeKey[]): string[] => {
    const detector = createWedgeDetector({ prefix: '', suffix: '\r', gapMs: 30 });
    return keys.flatMap((pressed) => {
      const step = detector.push(pressed);
      return step.kind === 'scan' ? [step.text] : [];
    });
  };

  test('loses nothing before a command key, wherever it stands', () => {
    const letters = ['KeyA', 'KeyB', 'KeyC', 'KeyD', 'KeyE', 'KeyF', 'KeyG', 'KeyH'];
    for (let at = 0; at <= letters.length; at += 1) expect(scans(burst([...letters.slice(0, at), 'F4', 'Escape', ...letters.slice(at), 'Enter']))).toEqual(['abcdefgh']);
  });

  test('parted by Enter is several scans, and what trails behind them is nobody’s typing', () => {
    const letters = ['KeyA', 'KeyB', 'KeyC', 'KeyD', 'KeyE', 'KeyF'];
    expect(scans(burst([...letters, 'Enter', 'KeyX', 'KeyY', 'Enter']))).toEqual(['abcdef', 'xy']);
    const detector = createWedgeDetector({ prefix: '', suffix: '\r', gapMs: 30 });
    const kinds = burst([...letters, 'Enter', 'KeyX', 'KeyY']).map((pressed) => detector.push(pressed).kind);
    expect(kinds.slice(-3)).toEqual(['scan', 'burst', 'burst']);
    expect(detector.silence(3000).kind).toBe('typing');
  });

  test('longer than any code is handed on cut to one character too many', () => {
    const [scan = ''] = scans(burst([...Array.from({ length: 6000 }, () => 'KeyA'), 'Enter']));
    expect(scan).toHaveLength(4097);
  });
});
