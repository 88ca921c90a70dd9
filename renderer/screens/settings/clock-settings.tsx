import { Button, Form, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClock, useCounter } from '../../counter/counter-context.tsx';
import { printDayClock } from '../../i18n/durations.ts';
import { TwoPeopleDialog } from '../access/two-people-dialog.tsx';

/** What is known of this machine's clock; where it went back, two administrators may say that it is right now. */
export function ClockSettings(): ReactNode {
  const { t } = useTranslation();
  const clock = useCounter((state) => state.status?.clock ?? null);
  const [isOpen, setOpen] = useState(false);
  const now = useClock(1000);
  if (clock === null) return null;
  return (
    <section className="card page-card" data-testid="clock-settings">
      <header className="card-head">
        <h2>{t('clock.title')}</h2>
        <span>{t(`clock.state.${clock.state}`)}</span>
      </header>
      <p className="card-text">{t('clock.now', { time: printDayClock(now) })}</p>
      <p className="card-text muted">{t('clock.note')}</p>
      <div className="card-text">
        <Button disabled={clock.state !== 'wrong'} onClick={() => setOpen(true)} data-testid="clock-override">
          {t('clock.override')}
        </Button>
      </div>
      {isOpen && <ClockOverride onClose={() => setOpen(false)} />}
    </section>
  );
}

function ClockOverride({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <TwoPeopleDialog<{ readonly reason: string }>
      title={t('clock.override')}
      note={t('clock.overrideNote')}
      confirm={t('clock.overrideGo')}
      isDanger
      testId="clock-override-dialog"
      act={(client, { reason, two }) => client.clock.override({ reason, two })}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t('clock.reason')} rules={[{ required: true, whitespace: true, message: t('access.required') }]}>
        <Input autoComplete="off" maxLength={200} data-testid="clock-reason" />
      </Form.Item>
    </TwoPeopleDialog>
  );
}
