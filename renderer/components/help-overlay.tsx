import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounter } from '../counter/counter-context.tsx';
import { type CommandKey, type SearchKey, type ViewerControlKey, type ViewerKey, windowKeys } from '../keys.ts';
import { useWindow } from '../window-state.tsx';
import { Dialog } from './dialog.tsx';
import { Kbd } from './icon.tsx';

interface KeyRow {
  readonly key: string;
  readonly text: `command.${CommandKey}` | `paste` | `viewer.${ViewerKey | ViewerControlKey | SearchKey}`;
}

const viewerKeys: Readonly<Record<ViewerKey | ViewerControlKey | SearchKey, string>> = {
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Home: 'Home',
  End: 'End',
  ArrowUp: 'Ctrl ↑',
  ArrowDown: 'Ctrl ↓',
  ArrowLeft: 'Ctrl ←',
  ArrowRight: 'Ctrl →',
  KeyF: 'Ctrl F',
};
const viewerRows: readonly KeyRow[] = (Object.keys(viewerKeys) as (keyof typeof viewerKeys)[]).map((name) => ({ key: viewerKeys[name], text: `viewer.${name}` }));

/** Every key of the window. */
export function HelpOverlay(): ReactNode {
  const { t } = useTranslation();
  const { close } = useWindow();
  const session = useCounter((state) => state.session);
  return (
    <Dialog title={t('help.title')} onClose={close} size="medium" testId="help">
      <div className="help">
        <div className="column">
          <KeyGroup title={t('help.everywhere')} rows={rowsOf('everywhere')} />
          <KeyGroup title={t('help.inCamera')} rows={[...rowsOf('input'), { key: 'Ctrl V', text: 'paste' }]} />
        </div>
        <div className="column">
          <KeyGroup title={t('help.onVerdict')} rows={rowsOf('onVerdict')} />
          <KeyGroup title={t('help.onCertificate')} rows={viewerRows} />
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

function rowsOf(group: (typeof windowKeys)[number]['group']): readonly KeyRow[] {
  return windowKeys.filter((row) => row.group === group).map(({ key, command }) => ({ key: key === 'Escape' ? 'Esc' : key, text: `command.${command}` }));
}

function KeyGroup({ title, rows }: { readonly title: string; readonly rows: readonly KeyRow[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="key-group">
      <h3>{title}</h3>
      <dl>
        {rows.map(({ key, text }) => (
          <div key={key}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{t(`help.${text}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
