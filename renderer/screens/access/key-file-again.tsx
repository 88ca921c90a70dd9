import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClock, useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { watchKeyFile } from './key-file-watch.ts';

/** A window that has just been given the file needs a moment to say so. */
const toldWithinMs = 4000;
const graceMs = 60_000;

/** Asks for the key file again where no window has it in view any more, as after a reload: without it the counter locks. */
export function KeyFileAgain(): ReactNode {
  const dueAt = useCounter((state) => (state.access?.state === 'open' ? state.access.keyFileDueAt : null));
  return dueAt === null ? null : <Asked dueAt={dueAt} />;
}

function Asked({ dueAt }: { readonly dueAt: number }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [isOther, setOther] = useState(false);
  const left = dueAt - useClock(1000);
  if (left > graceMs - toldWithinMs) return null;
  const take = (file: File | undefined): void => {
    setOther(false);
    if (file !== undefined) watchKeyFile(store, file, { onRefused: () => setOther(true) });
  };
  return (
    <section className="key-again" role="status" data-testid="key-file-again">
      <p>{t('access.keyAgain', { seconds: Math.max(0, Math.ceil(left / 1000)) })}</p>
      {isOther && <p data-testid="key-file-other">{t('access.keyOther')}</p>}
      <label className="button">
        {t('access.keyFileBrowse')}
        <input type="file" className="for-readers" accept=".json,application/json" aria-label={t('access.keyFilePick')} onChange={(event) => take(event.target.files?.[0])} data-testid="key-file-again-pick" />
      </label>
    </section>
  );
}
