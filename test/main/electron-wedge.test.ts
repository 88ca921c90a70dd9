import type { Input, WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import type { WedgeSettings } from '../../domain/keyboard-wedge.ts';
import { guardWedge } from '../../main/electron-wedge.ts';
import { preventable, standIn } from './electron-stand-in.ts';

const plain = { type: 'keyDown', isAutoRepeat: false, isComposing: false, shift: false, control: false, alt: false, meta: false, location: 0, modifiers: [] } as const;
const input = (code: string, more: Partial<Input> = {}): Input => ({ ...plain, modifiers: [], code, key: code.startsWith('Key') ? code.slice(3).toLowerCase() : code, ...more });
const letters = ['KeyA', 'KeyB', 'KeyC', 'KeyD', 'KeyE', 'KeyF', 'KeyG', 'KeyH'].map((code) => input(code));
const commands = [input('F4'), input('F12'), input('Escape'), input('KeyP', { control: true }), input('KeyW', { control: true }), input('F4', { alt: true }), input('KeyR', { meta: true })];

/** Presses keys a given time apart, and gives for each whether the window was kept from it. */
function press(keys: readonly Input[], gapMs: number, settings: () => WedgeSettings = () => ({ prefix: '', suffix: '\r', gapMs: 30 })): boolean[] {
  const { part, events } = standIn<WebContents>();
  let clock = 0;
  guardWedge(part, { settings, monotonic: () => clock });
  return keys.map((key) => {
    clock += gapMs;
    const event = preventable();
    events.emit('before-input-event', event, key);
    return event.prevented;
  });
}

describe('the guard in the main process', () => {
  test('keeps every command inside a burst from the window, and lets all characters through', () => {
    expect(press([...letters, ...commands, ...letters, input('Enter')], 4)).toEqual([...letters.map(() => false), ...commands.map(() => true), ...letters.map(() => false), false]);
  });

  test('leaves the commands of a person alone, whatever was scanned before', () => {
    expect(press([...letters, input('Enter')], 4)).not.toContain(true);
    expect(press([...letters, ...commands], 140)).not.toContain(true);
  });

  test('lets the chord pass that stands for a separator, and key releases', () => {
    expect(press([...letters, input('BracketRight', { control: true }), input('F4', { type: 'keyUp' })], 4)).not.toContain(true);
  });

  test('follows the settings as they change', () => {
    let settings = { prefix: '', suffix: '\r', gapMs: 30 };
    const slow = press([...letters, input('F4')], 45, () => settings);
    settings = { ...settings, gapMs: 60 };
    expect(slow).not.toContain(true);
    expect(press([...letters, input('F4')], 45, () => settings).at(-1)).toBe(true);
  });
});
