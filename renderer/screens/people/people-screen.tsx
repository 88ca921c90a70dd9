import { Button, Form, Input, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewPersonInput, PersonView } from '../../../domain/contracts/access.ts';
import { isAdministratorRole } from '../../../domain/roles.ts';
import { AntdTheme } from '../../components/antd-theme.tsx';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { AdministratorReset } from './administrator-reset.tsx';
import { RecoveryCodeRenewal } from './recovery-code-renewal.tsx';
import { useAccessCall } from '../access/use-access-call.ts';

/** Who may work here; for the security administrator. */
export function PeopleScreen(): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const [people, setPeople] = useState<readonly PersonView[]>([]);
  const call = useAccessCall();
  const load = async (): Promise<void> => {
    const outcome = await store.call((client) => client.person.list());
    if (outcome.ok) setPeople(outcome.value);
  };
  useEffect(() => {
    let isShown = true;
    void store.call((client) => client.person.list()).then((outcome) => isShown && outcome.ok && setPeople(outcome.value));
    return () => {
      isShown = false;
    };
  }, [store]);
  const run: typeof call.run = async (use) => {
    const outcome = await call.run(use);
    await load();
    return outcome;
  };
  return (
    <AntdTheme>
      <div className="page-columns" data-testid="people">
        <section className="card page-card">
          <header className="card-head">
            <h1>{t('people.title')}</h1>
            <span>{t('people.count', { count: people.filter(({ isActive }) => isActive).length })}</span>
            <RecoveryCodeRenewal />
          </header>
          {call.problem !== null && (
            <p className="note note-refused" role="alert">
              {call.problem}
            </p>
          )}
          <ul className="people">
            {people.map((person) => (
              <PersonRow key={person.id} person={person} run={run} onReset={() => void load()} />
            ))}
          </ul>
        </section>
        <AddPerson run={run} />
      </div>
    </AntdTheme>
  );
}

type Run = ReturnType<typeof useAccessCall>['run'];

function PersonRow({ person, run, onReset }: { readonly person: PersonView; readonly run: Run; readonly onReset: () => void }): ReactNode {
  const { t } = useTranslation();
  const [isResetting, setResetting] = useState(false);
  const { id, name, role, isActive, isLockedOut, mustChange } = person;
  const marks = [isActive ? null : 'disabled', isLockedOut ? 'lockedOut' : null, mustChange ? 'mustChange' : null] as const;
  const reset = async ({ passphrase }: { readonly passphrase: string }): Promise<void> => {
    const outcome = await run((client) => client.person.reset({ id, passphrase }));
    if (outcome === 'done') setResetting(false);
  };
  return (
    <li data-testid={`person-${id}`}>
      <strong>{name}</strong>
      <span>{id}</span>
      <span>{t(`role.${role}`)}</span>
      <span className="marks">{marks.map((mark) => mark !== null && <em key={mark}>{t(`people.${mark}`)}</em>)}</span>
      {isAdministratorRole(role) ? (
        <span className="acts">
          <Button size="small" onClick={() => setResetting(true)} data-testid={`reset-${id}`}>
            {t('people.reset')}
          </Button>
        </span>
      ) : (
        <span className="acts">
          <Button size="small" onClick={() => setResetting(!isResetting)}>
            {t('people.reset')}
          </Button>
          <Button size="small" danger={isActive} onClick={() => void run((client) => client.person.setActive({ id, isActive: !isActive }))}>
            {t(isActive ? 'people.disable' : 'people.enable')}
          </Button>
        </span>
      )}
      {isResetting && isAdministratorRole(role) && <AdministratorReset person={person} onDone={onReset} onClose={() => setResetting(false)} />}
      {isResetting && !isAdministratorRole(role) && (
        <Form<{ passphrase: string }> layout="inline" onFinish={(entered) => void reset(entered)}>
          <Form.Item name="passphrase" rules={[{ required: true, message: t('access.required') }]}>
            <Input.Password placeholder={t('people.firstPassphrase')} autoComplete="off" />
          </Form.Item>
          <Button htmlType="submit" type="primary">
            {t('people.resetGo')}
          </Button>
        </Form>
      )}
    </li>
  );
}

function AddPerson({ run }: { readonly run: Run }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<NewPersonInput>();
  const add = async (person: NewPersonInput): Promise<void> => {
    const outcome = await run((client) => client.person.add(person));
    if (outcome === 'done') form.resetFields();
  };
  const required = { required: true, whitespace: true, message: t('access.required') };
  return (
    <section className="card page-card">
      <header className="card-head">
        <h2>{t('people.add')}</h2>
      </header>
      <Form<NewPersonInput> form={form} layout="vertical" className="form" requiredMark={false} initialValues={{ role: 'operator' }} onFinish={(person) => void add(person)} data-testid="add-person">
        <Form.Item name="name" label={t('access.name')} rules={[required]}>
          <Input autoComplete="off" maxLength={40} data-testid="new-name" />
        </Form.Item>
        <Form.Item name="id" label={t('access.operatorId')} rules={[required, { pattern: /^[0-9A-Za-z-]{1,20}$/, message: t('access.idForm') }]}>
          <Input autoComplete="off" data-testid="new-id" />
        </Form.Item>
        <Form.Item name="role" label={t('people.role')}>
          <Select options={(['operator', 'supervisor'] as const).map((value) => ({ value, label: t(`role.${value}`) }))} />
        </Form.Item>
        <Form.Item name="passphrase" label={t('people.firstPassphrase')} extra={t('people.firstNote')} rules={[required]}>
          <Input.Password autoComplete="off" data-testid="new-first-passphrase" />
        </Form.Item>
        <Button type="primary" htmlType="submit" data-testid="add-person-go">
          {t('people.addGo')}
        </Button>
      </Form>
    </section>
  );
}
