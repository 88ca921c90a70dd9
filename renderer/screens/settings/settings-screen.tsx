import { Button, Form, Input, Segmented } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../domain/contracts/counter.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { isAdministratorRole } from '../../../domain/roles.ts';
import { useLocalTools, usePreferences } from '../../application-providers.tsx';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { WedgeFields } from '../../components/wedge-fields.tsx';
import { useCounter, useCounterTools } from '../../counter/counter-context.tsx';
import type { CounterStore } from '../../counter/counter-store.ts';
import { printClock } from '../../i18n/durations.ts';
import { languages } from '../../i18n/language.ts';
import type { Preferences } from '../../preferences.ts';
import { ClockSettings } from './clock-settings.tsx';
import { OfflineRuleSettings } from './offline-rule-settings.tsx';
import { OfflineSettings } from './offline-settings.tsx';
import { KeySettings } from './key-settings.tsx';
import { RetentionSettings } from './retention-settings.tsx';
import { TrustSettings } from './trust-settings.tsx';
import { themeChoices } from '../../preferences.ts';

/** Who sits here, how the scanner types, how the window looks. */
export function SettingsScreen(): ReactNode {
  const role = useCounter((state) => state.session?.operator.role ?? 'operator');
  return (
    <AntdTheme>
      <div className="page-columns" data-testid="settings">
        {isAdministratorRole(role) ? (
          <div className="column">
            {role === 'administrator' && <HostSettings />}
            <RetentionSettings />
          </div>
        ) : (
          <HostSettings />
        )}
        <div className="column">
          {(role === 'administrator' || !isAdministratorRole(role)) && <OfflineSettings />}
          <OfflineRuleSettings />
          <LookSettings />
          {isAdministratorRole(role) && <ClockSettings />}
          {isAdministratorRole(role) && <KeySettings />}
          <TrustSettings />
        </div>
      </div>
    </AntdTheme>
  );
}

function HostSettings(): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const { settings, problem } = useSettings(store);
  const [saved, setSaved] = useState<string | null>(null);
  const [failed, setFailed] = useState<FailureCode | null>(null);
  const save = async (part: Partial<Settings>): Promise<void> => {
    if (settings === null) return;
    const outcome = await store.saveSettings({ ...settings, ...part });
    setFailed(outcome.ok ? null : outcome.code);
    setSaved(outcome.ok ? t('settings.saved', { time: printClock(now()) }) : null);
  };
  return (
    <section className="card page-card">
      <header className="card-head">
        <h1>{t('settings.title')}</h1>
      </header>
      {problem !== null && <p className="note note-refused">{t(`failure.${problem}`)}</p>}
      {settings === null ? (
        <p className="empty">{t('settings.loading')}</p>
      ) : (
        <Form<Omit<Settings, 'serial'>> layout="vertical" className="form" initialValues={settings} onFinish={(values) => void save(values)} onValuesChange={() => setSaved(t('settings.unsaved'))} requiredMark={false}>
          <SiteFields />
          <WedgeGroup />
          <div className="form-end">
            <Button type="primary" htmlType="submit" size="large" data-testid="settings-save">
              {t('settings.save')}
            </Button>
            <span role="status" data-testid="settings-state">
              {failed === null ? saved : t(`failure.${failed}`)}
            </span>
          </div>
        </Form>
      )}
    </section>
  );
}

function useSettings(store: CounterStore): { readonly settings: Settings | null; readonly problem: FailureCode | null } {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  useEffect(() => {
    void store.call((client) => client.settings.read()).then((outcome) => {
      if (outcome.ok) setSettings(outcome.value);
      else setProblem(outcome.code);
    });
  }, [store]);
  return { settings, problem };
}

/** Where people log in, who works here is not a setting. */
function SiteFields(): ReactNode {
  const { t } = useTranslation();
  const operator = useCounter(({ access, session }) => (access?.state === 'open' ? (session?.operator ?? null) : null));
  const required = [{ required: true, whitespace: true, max: 400, message: t('settings.required') }];
  return (
    <div className="form-group" role="group" aria-label={t('settings.site')}>
      <h2>{t('settings.site')}</h2>
      <Form.Item name={['site', 'hall']} label={t('settings.hall')} rules={required}>
        <Input />
      </Form.Item>
      <Form.Item name={['site', 'window']} label={t('settings.window')} rules={required}>
        <Input />
      </Form.Item>
      <Form.Item name={['site', 'organisation']} label={t('settings.organisation')} rules={required}>
        <Input />
      </Form.Item>
      <Form.Item name={['site', 'orgCode']} label={t('settings.orgCode')} rules={required}>
        <Input />
      </Form.Item>
      {operator !== null && <p className="muted" data-testid="operator-logged-in">{t('settings.operatorLoggedIn', { name: operator.name, id: operator.id })}</p>}
      {operator === null && (
        <>
          <Form.Item name={['operator', 'name']} label={t('settings.operatorName')} rules={required}>
            <Input data-testid="operator-name" />
          </Form.Item>
          <Form.Item name={['operator', 'id']} label={t('settings.operatorId')} rules={required}>
            <Input />
          </Form.Item>
        </>
      )}
    </div>
  );
}

function WedgeGroup(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="form-group thirds" role="group" aria-label={t('settings.wedge')}>
      <h2>{t('settings.wedge')}</h2>
      <WedgeFields under="wedge" />
    </div>
  );
}

function LookSettings(): ReactNode {
  const { t } = useTranslation();
  const { preferences, speaker } = useLocalTools();
  const chosen = usePreferences();
  const change = (part: Partial<Preferences>): void => preferences.change(part);
  return (
    <section className="card page-card">
      <header className="card-head">
        <h2>{t('settings.look')}</h2>
      </header>
      <div className="form">
        <Labelled text={t('settings.theme')}>
          <Segmented value={chosen.theme} onChange={(theme) => change({ theme })} options={themeChoices.map((value) => ({ value, label: t(`settings.themes.${value}`) }))} />
        </Labelled>
        <Labelled text={t('settings.language')}>
          <Segmented
            value={chosen.language}
            onChange={(language) => change({ language })}
            options={languages.map((value) => ({ value, label: value === 'en' ? 'English' : '中文' }))}
          />
        </Labelled>
        <Labelled text={t('settings.sound')}>
          <Segmented
            value={chosen.sound ? 'on' : 'off'}
            onChange={(value) => change({ sound: value === 'on' })}
            options={[
              { value: 'on', label: t('settings.soundOn') },
              { value: 'off', label: t('settings.soundOff') },
            ]}
          />
          <div className="sound-tries">
            {(['verified', 'expired', 'provisional', 'not-a-service-code'] as const).map((state) => (
              <Button key={state} disabled={!chosen.sound} onClick={() => speaker.play(state)}>
                {t('settings.soundTry')} · {t(`state.${state}.short`)}
              </Button>
            ))}
          </div>
        </Labelled>
        <p className="muted">{t('settings.localNote')}</p>
      </div>
    </section>
  );
}

function Labelled({ text, children }: { readonly text: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="labelled" role="group" aria-label={text}>
      <span>{text}</span>
      <div>{children}</div>
    </div>
  );
}
