import { isTextField, writeField } from './typed-text.ts';

/** Lets a key act that was held: the same event once more for whoever listens, then what the browser would have done. */
export function replayKey(event: KeyboardEvent, isLifted: boolean): void {
  const { target } = event;
  // What had the focus may be gone by now; the window's own keys still count.
  const place = target instanceof Element && target.isConnected ? target : document.body;
  if (place.dispatchEvent(copyEvent('keydown', event))) actAsBrowser(event, place);
  if (isLifted) place.dispatchEvent(copyEvent('keyup', event));
}

function copyEvent(type: 'keydown' | 'keyup', event: KeyboardEvent): KeyboardEvent {
  const { key, code, location, keyCode, shiftKey, ctrlKey, altKey, metaKey, repeat, view } = event;
  // keyCode is not in the type of the dictionary, and antd reads it.
  const facts = { key, code, location, keyCode, shiftKey, ctrlKey, altKey, metaKey, repeat, view, bubbles: true, cancelable: true, composed: true };
  return new KeyboardEvent(type, facts);
}

function actAsBrowser({ key, shiftKey }: KeyboardEvent, place: Element): void {
  if (key === 'Escape') return escape(place);
  if (key !== 'Enter' && key !== ' ') return undefined;
  if (place instanceof HTMLSelectElement) return openList(place);
  const pressable = place.closest<HTMLElement>(key === 'Enter' ? 'button, a[href], summary' : 'button, summary, input[type="checkbox"], input[type="radio"]');
  if (pressable !== null) return pressable.click();
  if (key === 'Enter' && place instanceof HTMLInputElement && !shiftKey) submitForm(place.form);
  return undefined;
}

/** The list of a choice opens only soon after a key or a click. */
function openList(choice: HTMLSelectElement): void {
  if (navigator.userActivation.isActive) choice.showPicker();
}

/** The form's own button is pressed, as Enter in a field does; without one it is submitted. */
function submitForm(form: HTMLFormElement | null): void {
  if (form === null) return;
  const button = form.querySelector<HTMLButtonElement>('button[type="submit"], button:not([type]), input[type="submit"]');
  if (button === null) form.requestSubmit();
  else button.click();
}

/** Esc leaves the topmost dialogue, and empties a search field. */
function escape(place: Element): void {
  const dialog = [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')].at(-1);
  if (dialog !== undefined) {
    if (dialog.dispatchEvent(new Event('cancel', { cancelable: true }))) dialog.close();
  } else if (isTextField(place) && place.type === 'search' && place.value !== '') {
    writeField(place, '');
  }
}
