import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '../../../domain/contracts/access.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TwoPeopleFields, type TwoPeople } from '../access/two-people-fields.tsx';
import { useAccessCall } from '../access/use-access-call.ts';

interface Entered extends TwoPeople {
  readonly passphrase: string;
}

/** An administrator forgot their passphrase: the two others give them a first one, here and now. */
export function AdministratorReset({ person, onClose }: { readonly person: PersonView; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { run, problem, isBusy } = useAccessCall();
  const reset = async ({ passphrase, two }: Entered): Promise<void> => {
    const outcome = await run((client) => client.person.resetAdministrator({ id: person.id, passphrase, two: [...two] }));
    if (outcome === 'done') onClose();
  };
  return (
    <Dialog title={t('people.resetOf', { name: person.name })} onClose={onClose} testId="administrator-reset">
      <Form<Entered> layout="vertical" requiredMark={false} onFinish={(entered) => void reset(entered)}>
        <p>{t('people.resetByTwo')}</p>
        <TwoPeopleFields />
        <Form.Item name="passphrase" label={t('people.firstPassphrase')} extra={t('people.firstNote')} rules={[{ required: true, message: t('access.required') }]}>
          <Input.Password autoComplete="off" data-testid="reset-passphrase" />
        </Form.Item>
        {problem !== null && (
          <p className="note note-refused" role="alert" data-testid="access-problem">
            {problem}
          </p>
        )}
        <Button type="primary" htmlType="submit" loading={isBusy} data-testid="administrator-reset-go">
          {t('people.resetGo')}
        </Button>
      </Form>
    </Dialog>
  );
}
