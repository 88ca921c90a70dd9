import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../counter/counter-context.tsx';
import { useWindow } from '../window-state.tsx';
import { Dialog } from './dialog.tsx';
import { Kbd } from './icon.tsx';

const everywhere = [
  ['F1', 'help.f1'],
  ['F2', 'help.f2'],
  ['F4', 'help.f4'],
  ['Esc', 'help.esc'],
] as const;
const onVerdict = [
  ['F3', 'help.f3'],
  ['F5', 'help.f5'],
  ['F8', 'help.f8'],
] as const;
const input = [
  ['C', 'help.c'],
  ['Ctrl V', 'help.paste'],
] as const;

/** Every key of the window. */
export function HelpOverlay(): ReactNode {
  const { t } = useTranslation();
  const { close } = useWindow();
  const session = useCounter((state) => state.session);
  return (
    <Dialog title={t('help.title')} onClose={close} size="medium" testId="help">
      <div className="help">
        <KeyGroup title={t('help.everywhere')} rows={everywhere} />
        <div className="column">
          <KeyGroup title={t('help.onVerdict')} rows={onVerdict} />
          <KeyGroup title={t('help.inCamera')} rows={input} />
        </div>
      </div>
      <div className="help-notes">
        <p>{t('help.scan')}</p>
        <p>{t('help.support')}</p>
        {session !== null && <p className="muted">{t('help.version', { version: session.version, shell: t(`help.shell.${session.shell}`) })}</p>}
      </div>
    </Dialog>
  );
}

type KeyRow = (typeof everywhere)[number] | (typeof onVerdict)[number] | (typeof input)[number];

function KeyGroup({ title, rows }: { readonly title: string; readonly rows: readonly KeyRow[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="key-group">
      <h3>{title}</h3>
      <dl>
        {rows.map(([key, text]) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
