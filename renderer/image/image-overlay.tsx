import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/dialog.tsx';
import { Icon, Kbd } from '../components/icon.tsx';
import { useCounterTools } from '../counter/counter-context.tsx';
import { useWindow } from '../window-state.tsx';
import { readAndSubmit } from './image-drop.ts';

/** A code from a picture: chosen, pasted or dropped. */
export function ImageOverlay(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { close } = useWindow();
  const input = useRef<HTMLInputElement>(null);
  const [reading, setReading] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setReading(true);
    await readAndSubmit(store, file);
    close();
  };
  return (
    <Dialog title={t('image.title')} onClose={close} size="small" testId="image">
      <div className="drop-place">
        <Icon name="image" size={52} stroke={1.3} />
        <p role="status">{reading ? t('image.reading') : t('image.hint')}</p>
        <input
          ref={input}
          type="file"
          accept="image/*,application/pdf"
          className="for-readers"
          tabIndex={-1}
          aria-label={t('image.choose')}
          data-testid="image-file"
          onChange={(event) => void take(event.target.files?.[0])}
        />
        <button type="button" className="button primary large" data-first-focus disabled={reading} onClick={() => input.current?.click()}>
          {t('image.choose')}
        </button>
        <p className="muted">
          <Kbd>Ctrl V</Kbd>
        </p>
      </div>
    </Dialog>
  );
}
