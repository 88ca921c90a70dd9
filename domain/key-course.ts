import type { WedgeKey } from './keyboard-wedge.ts';

/**
 * Where a key lands: in a field that writes text, in one that offers a choice (arrows choose), in a part of the window that
 * gives arrows and the keys beside them a meaning of its own, or anywhere else.
 */
export type KeyPlace = 'text' | 'choice' | 'own' | 'other';

/**
 * What is done with a key before it is known whether a person or a scanner pressed it. `pass`: it acts at once, because what
 * it does can be undone. `hold`: it waits until no scanner's next key can come any more. `part`: the browser scrolls or moves
 * the cursor at once, the window's own code is told when the waiting is over. `swallow`: it belongs to the browser around the
 * window, and acts for nobody.
 */
export type KeyCourse = 'pass' | 'hold' | 'part' | 'swallow';

const editingChords = new Set(['KeyA', 'KeyC', 'KeyV', 'KeyX', 'KeyY', 'KeyZ']);
const moving = /^(?:Arrow(?:Up|Down|Left|Right)|Home|End|PageUp|PageDown)$/;
const modifying = /^(?:Shift|Control|Alt|Meta)(?:Left|Right)$/;

/** Decides by the key alone (threat T8: a bar code can make a wedge scanner press any key there is). */
export function courseOf(key: Pick<WedgeKey, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'repeat'>, place: KeyPlace): KeyCourse {
  // Alt alone opens the menu of the browser's window.
  if (/^Alt(?:Left|Right)$/.test(key.code)) return 'swallow';
  if (modifying.test(key.code) || key.code.endsWith('Lock')) return 'pass';
  if (key.code === 'ContextMenu' || (key.code === 'F10' && key.shiftKey)) return 'swallow';
  if (isAltGr(key)) return place === 'text' ? 'pass' : 'hold';
  if (key.altKey || key.metaKey) return 'swallow';
  // Ours, as the browser's own search would find no text of a page that is a picture.
  if (key.ctrlKey && key.code === 'KeyF') return 'hold';
  if (key.ctrlKey && !isEditing(key.code)) return 'swallow';
  // A key held down is a person's.
  if (key.repeat && !/^F\d+$/.test(key.code)) return 'pass';
  if (moving.test(key.code)) return courseOfMove(place);
  if (key.ctrlKey || key.code === 'Tab') return 'pass';
  if (place === 'text') return key.key.length === 1 || key.key === 'Process' || isDeleting(key.code) ? 'pass' : 'hold';
  return 'hold';
}

function courseOfMove(place: KeyPlace): KeyCourse {
  if (place === 'choice') return 'pass';
  return place === 'own' ? 'hold' : 'part';
}

/** The third level of European layouts writes characters; Windows reports it as Ctrl and Alt. */
function isAltGr({ key, ctrlKey, altKey, metaKey }: Pick<WedgeKey, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>): boolean {
  return ctrlKey && altKey && !metaKey && key.length === 1 && !/[A-Za-z0-9]/.test(key);
}

function isEditing(code: string): boolean {
  return editingChords.has(code) || code === 'Insert' || isDeleting(code) || /^(?:Arrow|Home|End)/.test(code);
}

function isDeleting(code: string): boolean {
  return code === 'Backspace' || code === 'Delete';
}
