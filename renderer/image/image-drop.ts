import { useEffect } from 'react';
import { useCounterTools } from '../counter/counter-context.tsx';
import type { CounterStore } from '../counter/counter-store.ts';
import { submitCode } from '../counter/submit-code.ts';

/** Takes pictures pasted or dropped anywhere in the window. */
export function useImageDrop(): void {
  const { store } = useCounterTools();
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => take(event, event.clipboardData);
    const drop = (event: DragEvent): void => take(event, event.dataTransfer, true);
    // Without this the browser would open the dropped file in place of the window.
    const over = (event: DragEvent): void => event.preventDefault();
    const take = (event: Event, data: DataTransfer | null, always = false): void => {
      const file = [...(data?.files ?? [])].find((candidate) => isPicture(candidate));
      if (file !== undefined || always) event.preventDefault();
      if (file !== undefined) void readAndSubmit(store, file);
      else if (always) store.dispatch({ type: 'problem', code: 'scan/unreadable-image' });
      else if (!isEditable(event.target)) store.dispatch({ type: 'problem', code: 'scan/not-a-picture' });
    };
    window.addEventListener('paste', paste);
    window.addEventListener('drop', drop);
    window.addEventListener('dragover', over);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('drop', drop);
      window.removeEventListener('dragover', over);
    };
  }, [store]);
}

/** Text may be pasted where text is written. */
function isEditable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null;
}

/** Whether a file is a picture or a PDF, by what the system says it is; the decoder finds out whether that is true. */
export function isPicture(file: { readonly type: string }): boolean {
  return file.type.startsWith('image/') || file.type === 'application/pdf';
}

/** Reads the code in a picture and hands it to the host; true when it was taken. The reason for a failure is on the screen. */
export async function readAndSubmit(store: CounterStore, file: Blob): Promise<boolean> {
  const { decodePicture } = await import('./picture-decoder.ts');
  const outcome = await decodePicture(file);
  if (outcome.ok) return submitCode(store, { source: 'image', bytes: outcome.code.bytes, symbology: outcome.code.symbology });
  store.dispatch({ type: 'problem', code: outcome.code });
  return false;
}
