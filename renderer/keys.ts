/** Everything that a key or a button of the window does. */
export type CommandKey = 'f1' | 'f2' | 'f3' | 'f4' | 'f5' | 'f8' | 'f9' | 'camera' | 'image' | 'escape';

/** Every key that acts on the window, with the group of the help that it stands in: one list for what a key does and for what is said of it. */
export const windowKeys = [
  { key: 'F1', command: 'f1', group: 'everywhere' },
  { key: 'F2', command: 'f2', group: 'everywhere' },
  { key: 'F4', command: 'f4', group: 'everywhere' },
  { key: 'F9', command: 'f9', group: 'everywhere' },
  { key: 'Escape', command: 'escape', group: 'everywhere' },
  { key: 'F3', command: 'f3', group: 'onVerdict' },
  { key: 'F5', command: 'f5', group: 'onVerdict' },
  { key: 'F8', command: 'f8', group: 'onVerdict' },
  { key: 'C', command: 'camera', group: 'input' },
] as const satisfies readonly { key: string; command: CommandKey; group: string }[];

/** The keys of an open certificate: by themselves, and with Ctrl. */
export type ViewerKey = 'PageUp' | 'PageDown' | 'Home' | 'End';
export type ViewerControlKey = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight';
/** The key, with Ctrl, that searches an open certificate from anywhere. */
export type SearchKey = 'KeyF';

const named: ReadonlyMap<string, CommandKey> = new Map(windowKeys.filter(({ key }) => key.length > 1).map(({ key, command }) => [key, command]));
const letters: ReadonlyMap<string, CommandKey> = new Map(windowKeys.filter(({ key }) => key.length === 1).map(({ key, command }) => [`Key${key}`, command]));

/** What a key event asks for, or null. Letters count only where nothing is being typed; other modifiers are left to the system. */
export function commandOf(event: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'target' | 'defaultPrevented' | 'isComposing'>): CommandKey | null {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey || event.ctrlKey) return null;
  const command = named.get(event.key);
  // An open dialogue answers Esc itself, and so tells the window that it has closed.
  if (command === 'escape' && isInDialog(event.target)) return null;
  if (command !== undefined) return command;
  if (event.shiftKey || isTyping(event.target) || isInDialog(event.target)) return null;
  return letters.get(event.code) ?? null;
}

/** Whether a key pressed here would write text. */
export function isTyping(target: EventTarget | null): boolean {
  return isInside(target, 'input, textarea, select, [contenteditable="true"]');
}

function isInDialog(target: EventTarget | null): boolean {
  return isInside(target, 'dialog');
}

function isInside(target: EventTarget | null, selector: string): boolean {
  return target !== null && 'closest' in target && (target as Element).closest(selector) !== null;
}
