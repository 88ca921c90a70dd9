import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sameAs } from './person-rules.ts';
import { useAccessCall } from './use-access-call.ts';

interface Entered {
  readonly oldPassphrase: string;
  readonly newPassphrase: string;
  readonly again: string;
}

/** Changes one's own passphrase. */
export function PassphraseForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { run, problem, isBusy } = useAccessCall();
  const change = async ({ oldPassphrase, newPassphrase }: Entered): Promise<void> => {
    const outcome = await run((client) => client.access.changePassphrase({ oldPassphrase, newPassphrase }));
    if (outcome === 'done') onDone();
  };
  const required = { required: true, message: t('access.required') };
  return (
    <Form<Entered> layout="vertical" requiredMark={false} onFinish={(entered) => void change(entered)} data-testid="change-passphrase">
      <Form.Item name="oldPassphrase" label={t('access.oldPassphrase')} rules={[required]}>
        <Input.Password data-first-focus="" autoComplete="off" data-testid="old-passphrase" />
      </Form.Item>
      <Form.Item name="newPassphrase" label={t('access.newPassphrase')} extra={t('access.rules')} rules={[required]}>
        <Input.Password autoComplete="off" data-testid="new-passphrase" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('access.again')}
        dependencies={['newPassphrase']}
        rules={[required, sameAs('newPassphrase', t)]}
      >
        <Input.Password autoComplete="off" data-testid="new-passphrase-again" />
      </Form.Item>
      {problem !== null && (
        <p className="note note-refused" role="alert" data-testid="access-problem">
          {problem}
        </p>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy} data-testid="change-passphrase-go">
        {t('access.change')}
      </Button>
    </Form>
  );
}
