import { Button } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyKeepingView } from '../../../domain/contracts/access.ts';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { useAccessCall } from '../access/use-access-call.ts';

const known = ['file', 'secret-service', 'keychain', 'dpapi', 'safe-storage'] as const;

/** Where this machine's keys lie; the system administrator moves the device key into the operating system's store and back. */
export function KeySettings(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { run, problem, isBusy } = useAccessCall();
  const mayMove = useCounter((state) => state.session?.operator.role === 'administrator');
  const [view, setView] = useState<KeyKeepingView | null>(null);
  useEffect(() => {
    let isShown = true;
    void store.call((client) => client.machineKey.show()).then((outcome) => isShown && outcome.ok && setView(outcome.value));
    return () => {
      isShown = false;
    };
  }, [store]);
  if (view === null) return null;
  const isGuarded = view.deviceKey !== 'file';
  const move = (): Promise<unknown> =>
    run(async (client) => {
      setView(await client.machineKey.guard({ isGuarded: !isGuarded }));
      return null;
    });
  const nameOf = (backend: string): string => t(`machineKey.places.${known.find((one) => one === backend) ?? 'file'}`);
  return (
    <section className="card page-card" data-testid="key-settings">
      <header className="card-head">
        <h2>{t('machineKey.title')}</h2>
        <span data-testid="device-key-place">{nameOf(view.deviceKey)}</span>
      </header>
      <p className="card-text">{isGuarded ? t('machineKey.guarded') : view.available === null ? t('machineKey.none') : t('machineKey.plain', { store: nameOf(view.available) })}</p>
      <p className="card-text muted">{t(view.hasUsbKeys ? 'machineKey.usb' : 'machineKey.noUsb')}</p>
      {problem !== null && (
        <p className="note note-refused" role="alert" data-testid="access-problem">
          {problem}
        </p>
      )}
      {mayMove && (isGuarded || view.available !== null) && (
        <div className="card-text">
          <Button loading={isBusy} onClick={() => void move()} data-testid="device-key-move">
            {t(isGuarded ? 'machineKey.release' : 'machineKey.guard')}
          </Button>
        </div>
      )}
    </section>
  );
}
