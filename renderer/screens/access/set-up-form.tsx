import { Button, Form, Input, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewPersonInput } from '../../../domain/contracts/access.ts';
import { administratorRoles } from '../../../domain/roles.ts';
import { sameAs, usePersonRules } from './person-rules.ts';
import { useAccessCall } from './use-access-call.ts';

interface Entered {
  readonly people: readonly (Omit<NewPersonInput, 'role'> & { readonly again: string })[];
}

/** The first set-up: the three administrators, each at their own column; on trial one 值班长 with three fields, if that is enough. */
export function SetUpForm({ isTrial, hasRecords, onProblem }: { readonly isTrial: boolean; readonly hasRecords: boolean; readonly onProblem: (problem: string | null) => void }): ReactNode {
  const { t } = useTranslation();
  const { run, problem, isBusy } = useAccessCall(onProblem);
  const [isAlone, setAlone] = useState(isTrial);
  const held = isAlone ? (['supervisor'] as const) : administratorRoles;
  const setUp = ({ people }: Entered): void =>
    void run((client) => client.access.setUp({ people: people.map(({ id, name, passphrase }, index) => ({ passphrase, id: id.trim(), name: name.trim(), role: held[index] ?? 'supervisor' })) }));
  return (
    <Form<Entered> layout="vertical" requiredMark={false} onFinish={setUp} data-testid="set-up">
      {isTrial && (
        <Segmented
          block
          value={isAlone ? 'one' : 'three'}
          onChange={(value) => setAlone(value === 'one')}
          options={(['one', 'three'] as const).map((value) => ({ value, label: t(`access.trial.${value}`) }))}
          data-testid="trial-people"
        />
      )}
      <p>{t(isAlone ? 'access.setUpTrial' : 'access.setUpFormal')}</p>
      {hasRecords && <p data-testid="records-kept">{t('access.recordsKept')}</p>}
      <div className="door-columns">
        {held.map((role, index) => (
          <fieldset key={role}>
            <legend>{t(`role.${role}`)}</legend>
            <PersonFields index={index} isFirst={index === 0} />
          </fieldset>
        ))}
      </div>
      <p className="muted">{t('access.rules')}</p>
      {problem !== null && (
        <p className="note note-refused" role="alert" data-testid="access-problem">
          {problem}
        </p>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy} data-testid="set-up-go">
        {t('access.setUpGo')}
      </Button>
    </Form>
  );
}

function PersonFields({ index, isFirst }: { readonly index: number; readonly isFirst: boolean }): ReactNode {
  const { t } = useTranslation();
  const rules = usePersonRules(index);
  const required = { required: true, whitespace: true, message: t('access.required') };
  return (
    <>
      <Form.Item name={['people', index, 'name']} label={t('access.name')} rules={[required, rules.name]}>
        <Input data-first-focus={isFirst ? '' : undefined} autoComplete="off" maxLength={40} data-testid={`person-name-${index}`} />
      </Form.Item>
      <Form.Item name={['people', index, 'id']} label={t('access.operatorId')} rules={[required, { pattern: /^\s*[0-9A-Za-z-]{1,20}\s*$/, message: t('access.idForm') }, rules.id]}>
        <Input autoComplete="off" data-testid={`person-id-${index}`} />
      </Form.Item>
      <Form.Item name={['people', index, 'passphrase']} label={t('access.passphrase')} rules={[required, rules.passphrase]}>
        <Input.Password autoComplete="off" data-testid={`person-passphrase-${index}`} />
      </Form.Item>
      <Form.Item name={['people', index, 'again']} label={t('access.repeat')} dependencies={[['people', index, 'passphrase']]} rules={[required, sameAs(['people', index, 'passphrase'], t)]}>
        <Input.Password autoComplete="off" data-testid={`person-again-${index}`} />
      </Form.Item>
    </>
  );
}
