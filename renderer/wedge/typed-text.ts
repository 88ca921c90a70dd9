/** What the first keys of a scan may have changed before it was known for one, and how to have it back. */
export interface TypedText {
  /** Before a key acts: what stands in its field now, and what has the focus. */
  remember(target: EventTarget | null): void;
  /** Puts everything back as it was before the first key remembered. */
  undo(): void;
  /** The keys were a person's. */
  forget(): void;
}

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Snapshot {
  readonly field: Field;
  readonly value: string;
  readonly checked: boolean;
  readonly selection: readonly [start: number, end: number] | null;
}

/** Creates an empty memory. */
export function createTypedText(): TypedText {
  const snapshots = new Map<EventTarget, Snapshot>();
  let focused: Element | null = null;
  return {
    remember: (target) => {
      focused ??= document.activeElement;
      for (const field of fieldsAt(target)) if (!snapshots.has(field)) snapshots.set(field, takeSnapshot(field));
    },
    undo: () => {
      for (const snapshot of snapshots.values()) restore(snapshot);
      const { activeElement } = document;
      if (!(focused instanceof HTMLElement) || !focused.isConnected || activeElement === focused) return;
      focused.focus({ preventScroll: true });
      // Where nothing had the focus, nothing can be given it.
      if (activeElement instanceof HTMLElement && document.activeElement === activeElement) activeElement.blur();
    },
    forget: () => {
      snapshots.clear();
      focused = null;
    },
  };
}

/** Whether a key pressed here writes text into a field. */
export function isTextField(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  if (target instanceof HTMLTextAreaElement) return !target.readOnly;
  return target instanceof HTMLInputElement && !target.readOnly && !/^(?:button|checkbox|color|file|image|radio|range|reset|submit)$/.test(target.type);
}

/** Whether arrows pressed here choose something else. */
export function isChoice(target: EventTarget | null): target is HTMLInputElement | HTMLSelectElement {
  return target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === 'radio');
}

/** Arrows in a group of radio buttons choose another of the group. */
function fieldsAt(target: EventTarget | null): readonly Field[] {
  if (isTextField(target) || target instanceof HTMLSelectElement) return [target];
  if (!isChoice(target)) return [];
  return [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].filter(({ name, form }) => name === target.name && form === target.form);
}

function takeSnapshot(field: Field): Snapshot {
  const { value } = field;
  const { selectionStart, selectionEnd } = field instanceof HTMLSelectElement ? { selectionStart: null, selectionEnd: null } : field;
  const checked = field instanceof HTMLInputElement && field.checked;
  return { field, value, checked, selection: selectionStart === null || selectionEnd === null ? null : [selectionStart, selectionEnd] };
}

function restore({ field, value, checked, selection }: Snapshot): void {
  if (!field.isConnected) return;
  if (field.value !== value) writeField(field, value);
  if (checked && field instanceof HTMLInputElement && !field.checked) field.click();
  if (selection !== null && isTextField(field)) field.setSelectionRange(...selection);
}

/** Writes as a person would have: React listens for the native setter and the input event. */
export function writeField(field: Field, value: string): void {
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  if (field instanceof HTMLSelectElement) field.dispatchEvent(new Event('change', { bubbles: true }));
}
