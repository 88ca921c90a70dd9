import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/**
 * A part of the window whose program is loaded when it is first shown. When that fails (the service was restarted, a disk is at its end) the part
 * says so and offers to try again or to open the page anew: the rest of the window goes on.
 */
export function loadLater<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const kept: { part: ComponentType<Props> | null } = { part: null };
  return function Later(props: Props): ReactNode {
    const [attempt, setAttempt] = useState(0);
    const [state, setState] = useState<'loading' | 'loaded' | 'failed'>(kept.part === null ? 'loading' : 'loaded');
    useEffect(() => {
      if (kept.part !== null) return undefined;
      let current = true;
      load().then(
        (part) => {
          kept.part = part;
          if (current) setState('loaded');
        },
        () => current && setState('failed'),
      );
      return () => {
        current = false;
      };
    }, [attempt]);
    const Part = kept.part;
    if (Part !== null) return <Part {...props} />;
    if (state === 'failed')
      return (
        <NotLoaded
          again={() => {
            setState('loading');
            setAttempt(attempt + 1);
          }}
        />
      );
    return <Loading />;
  };
}

function Loading(): ReactNode {
  const { t } = useTranslation();
  return (
    <p className="empty" role="status">
      {t('general.loading')}
    </p>
  );
}

function NotLoaded({ again }: { readonly again: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="pane pane-failed" role="alert" data-testid="not-loaded">
      <p>{t('general.notLoaded')}</p>
      <button type="button" className="button primary" data-testid="load-again" onClick={again}>
        {t('general.again')}
      </button>
      <button type="button" className="button" onClick={() => location.reload()}>
        {t('general.reload')}
      </button>
    </div>
  );
}
