import { Component, type ReactNode } from 'react';
import { Translation } from 'react-i18next';

/** Catches a bug in a screen: says so, and that the checks themselves go on; reloading brings the window back. */
export class CrashNet extends Component<{ readonly children: ReactNode }, { readonly crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { readonly crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return (
      <Translation>
        {(t) => (
          <div className="crash" role="alert">
            <h1>{t('general.crashed')}</h1>
            <button type="button" className="button primary large" onClick={() => location.reload()}>
              {t('general.reload')}
            </button>
          </div>
        )}
      </Translation>
    );
  }
}
