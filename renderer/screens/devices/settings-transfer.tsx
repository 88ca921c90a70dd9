import { Button } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { saveFile } from '../../documents/saving.ts';

/** The scanner settings of this machine, as a file out and in. */
export function SettingsTransfer(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const file = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<{ readonly text: string; readonly isGood: boolean } | null>(null);
  const exportSettings = async (): Promise<void> => {
    const outcome = await store.call((client) => client.device.exportSettings());
    if (!outcome.ok) return setSaid({ text: t(`failure.${outcome.code}`), isGood: false });
    saveFile(new TextEncoder().encode(outcome.value.json), outcome.value.fileName, 'application/json');
    return setSaid({ text: t('devices.transfer.exported', { file: outcome.value.fileName }), isGood: true });
  };
  const importSettings = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const json = await chosen.text();
    const outcome = await store.call((client) => client.device.importSettings({ json }));
    if (file.current !== null) file.current.value = '';
    if (outcome.ok) await store.refreshSession();
    setSaid(outcome.ok ? { text: t('devices.transfer.imported'), isGood: true } : { text: t(`failure.${outcome.code}`), isGood: false });
  };
  return (
    <div className="settings-transfer" title={t('devices.transfer.note')}>
      <span role="status" className={said?.isGood === false ? 'text-refused' : 'text-verified'} data-testid="transfer-said">
        {said?.text}
      </span>
      <Button onClick={() => void exportSettings()} data-testid="devices-export">
        {t('devices.transfer.export')}
      </Button>
      <Button onClick={() => file.current?.click()}>{t('devices.transfer.import')}</Button>
      <input ref={file} type="file" accept="application/json,.json" hidden aria-label={t('devices.transfer.import')} data-testid="devices-import" onChange={(event) => void importSettings(event.target.files?.[0])} />
    </div>
  );
}
