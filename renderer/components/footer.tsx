import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministratorRole } from '../../domain/roles.ts';
import { useCommands } from '../commands.tsx';
import { useCounter } from '../counter/counter-context.tsx';
import type { CommandKey } from '../keys.ts';
import { Kbd } from './icon.tsx';

const keys = ['f1', 'f2', 'f3', 'f4', 'f5', 'f8', 'f9'] as const satisfies readonly CommandKey[];

/** The keys that work here, and what the chain recorded last. */
export function Footer(): ReactNode {
  const { t } = useTranslation();
  const commands = useCommands();
  // Where nobody logs in, nothing locks.
  const attended = useCounter((state) => state.access?.state === 'open');
  return (
    <footer className="footer">
      <ul className="legend" aria-label={t('footer.label')}>
        {keys.filter((key) => key !== 'f9' || attended).map((key) => (
          <li key={key}>
            <button type="button" disabled={!commands.enabled[key]} onClick={() => commands.run(key)} data-testid={`key-${key}`}>
              <Kbd>{key.toUpperCase()}</Kbd> {t(`footer.${key}`)}
            </button>
          </li>
        ))}
      </ul>
      <ChainText />
    </footer>
  );
}

function ChainText(): ReactNode {
  const { t } = useTranslation();
  const audit = useCounter((state) => state.status?.audit ?? null);
  const newest = useCounter((state) => state.lastEntry?.seq ?? 0);
  const ready = useCounter((state) => state.connection === 'open' && state.openCase !== null);
  const serves = useCounter((state) => state.session === null || !isAdministratorRole(state.session.operator.role));
  if (audit === null) return <p className="chain-text" data-testid="chain" />;
  const seq = Math.max(audit.seq, newest);
  if (audit.state !== 'ok')
    return (
      <p className="chain-text bad" role="alert" data-testid="chain" data-seq={seq}>
        {t(audit.state === 'broken' ? 'footer.chainBroken' : 'footer.cannotRecord')}
      </p>
    );
  return (
    <p className="chain-text" data-testid="chain" data-seq={seq}>
      {serves && `${t(ready ? 'footer.ready' : 'footer.notReady')} · `}
      {seq === 0 ? t('footer.chainEmpty') : t('footer.chained', { seq: seq.toLocaleString('en-US') })}
    </p>
  );
}
