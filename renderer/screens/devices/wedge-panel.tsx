import { Button, Form } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../domain/contracts/counter.ts';
import { WedgeFields } from '../../components/wedge-fields.tsx';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import { printClock } from '../../i18n/durations.ts';
import { useWindow } from '../../window-state.tsx';
import { PacePicture } from './pace-picture.tsx';

/** The keyboard scanner: how it is recognised, and at what pace it has typed. */
export function WedgePanel({ test }: { readonly test: () => void }): ReactNode {
  const { t } = useTranslation();
  const { wedgeTraces } = useWindow();
  const wedge = useCounter((state) => state.session?.wedge ?? null);
  const word = wedgeTraces.length > 0 ? 'proved' : 'waiting';
  return (
    <section className="card device-detail" data-testid="wedge-detail" data-state={word}>
      <header className="card-head">
        <h2>{t('devices.wedgeName')}</h2>
        <Button onClick={test}>{t('devices.check.go.selfTest')}</Button>
      </header>
      <div className="device-body">
        <p className={word === 'proved' ? 'note note-verified' : 'note'}>
          <span>
            <strong>{t(`devices.state.${word}`)}</strong> {t(`devices.stateWords.${word}`)}
          </span>
        </p>
        <p className="muted">{t('devices.wedge.note')}</p>
        {wedge !== null && <PacePicture traces={wedgeTraces} gapMs={wedge.gapMs} />}
        {wedge !== null && <WedgeForm wedge={wedge} />}
      </div>
    </section>
  );
}

function WedgeForm({ wedge }: { readonly wedge: Session['wedge'] }): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const [said, setSaid] = useState('');
  const save = async (fields: Session['wedge']): Promise<void> => {
    const current = await store.call((client) => client.settings.read());
    const outcome = current.ok ? await store.saveSettings({ ...current.value, wedge: fields }) : current;
    setSaid(outcome.ok ? t('devices.form.saved', { time: printClock(now()) }) : t(`failure.${outcome.code}`));
  };
  return (
    <Form layout="vertical" size="small" className="device-form" initialValues={wedge} onFinish={(fields: Session['wedge']) => void save(fields)} onValuesChange={() => setSaid('')} requiredMark={false} data-testid="wedge-form">
      <WedgeFields noPrefix={t('devices.form.suffixes.none')} />
      <div className="form-end">
        <Button type="primary" size="middle" htmlType="submit" data-testid="wedge-save">
          {t('devices.wedge.save')}
        </Button>
        <span role="status" className="text-verified">
          {said}
        </span>
      </div>
    </Form>
  );
}
