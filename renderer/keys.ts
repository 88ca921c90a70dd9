import type { CommandKey } from './commands.tsx';

const functionKeys: Readonly<Record<string, CommandKey>> = { F1: 'f1', F2: 'f2', F3: 'f3', F4: 'f4', F5: 'f5', F8: 'f8', Escape: 'escape' };

/** What a key event asks for, or null. Letters count only where nothing is being typed; other modifiers are left to the system. */
export function commandOf(event: Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'target' | 'defaultPrevented' | 'isComposing'>): CommandKey | null {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.metaKey || event.ctrlKey) return null;
  const named = functionKeys[event.key];
  // An open dialogue answers Esc itself, and so tells the window that it has closed.
  if (named === 'escape' && isInDialog(event.target)) return null;
  if (named !== undefined) return named;
  if (event.code === 'KeyC' && !event.shiftKey && !isTyping(event.target) && !isInDialog(event.target)) return 'camera';
  return null;
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
