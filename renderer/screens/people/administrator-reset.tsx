import { Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonView } from '../../../domain/contracts/access.ts';
import { TwoPeopleDialog } from '../access/two-people-dialog.tsx';

interface AdministratorResetProps {
  readonly person: PersonView;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** An administrator forgot their passphrase: the two others give them a first one, here and now. */
export function AdministratorReset({ person: { id, name }, onDone, onClose }: AdministratorResetProps): ReactNode {
  const { t } = useTranslation();
  return (
    <TwoPeopleDialog<{ readonly passphrase: string }>
      title={t('people.resetOf', { name })}
      note={t('people.resetByTwo')}
      confirm={t('people.resetGo')}
      testId="administrator-reset"
      act={(client, { passphrase, two }) => client.person.resetAdministrator({ id, passphrase, two })}
      onDone={onDone}
      onClose={onClose}
    >
      <Form.Item name="passphrase" label={t('people.firstPassphraseOf', { name })} extra={t('people.firstNote')} rules={[{ required: true, message: t('access.required') }]}>
        <Input.Password autoComplete="new-password" data-testid="reset-passphrase" />
      </Form.Item>
    </TwoPeopleDialog>
  );
}
