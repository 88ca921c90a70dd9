import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { watchKeyFile } from './key-file-watch.ts';
import { KeyFields, type KeyEntry, readKeyEntry } from './key-fields.tsx';
import { useAccessCall } from './use-access-call.ts';

interface Entered {
  readonly operatorId: string;
  readonly passphrase: string;
  readonly key: KeyEntry;
}

/** Number and passphrase; after a lock only the passphrase of whoever was here. */
export function LogInForm({ lastOperatorId }: { readonly lastOperatorId: string | null }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { run, problem, isBusy } = useAccessCall();
  const [form] = Form.useForm<Entered>();
  const enter = async ({ operatorId, passphrase, key }: Entered): Promise<void> => {
    const outcome = await run((client) => client.access.logIn({ operatorId, passphrase, key: readKeyEntry(key) }));
    if (outcome === 'done') watchKeyFile(store, key.kind === 'file' ? (key.file?.source ?? null) : null, { operatorId });
    if (outcome !== 'refused') return;
    // Emptied, not reset: a reset puts another field in its place, and the focus is lost with the old one.
    form.setFieldValue('passphrase', '');
    form.focusField('passphrase');
  };
  return (
    <Form<Entered> form={form} layout="vertical" requiredMark={false} initialValues={{ operatorId: lastOperatorId ?? '', key: { kind: 'none' } }} onFinish={(entered) => void enter(entered)} data-testid="log-in">
      <Form.Item name="operatorId" label={t('access.operatorId')} rules={[{ required: true, message: t('access.required') }]}>
        <Input size="large" data-first-focus={lastOperatorId === null ? '' : undefined} autoComplete="off" data-testid="operator-id" />
      </Form.Item>
      <Form.Item name="passphrase" label={t('access.passphrase')} rules={[{ required: true, message: t('access.required') }]}>
        <Input.Password size="large" data-first-focus={lastOperatorId === null ? undefined : ''} autoComplete="off" data-testid="passphrase" />
      </Form.Item>
      <KeyFields />
      {problem !== null && (
        <p className="note note-refused" role="alert" data-testid="access-problem">
          {problem}
        </p>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy} data-testid="log-in-go">
        {t('access.logIn')}
      </Button>
      <p className="muted">{t('access.secondFactor')}</p>
    </Form>
  );
}
