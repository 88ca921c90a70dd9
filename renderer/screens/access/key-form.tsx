import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { watchKeyFile } from './key-file-watch.ts';
import { type KeyEntry, KeyFields, readKeyEntry } from './key-fields.tsx';
import { useAccessCall } from './use-access-call.ts';

interface Entered {
  readonly passphrase: string;
  readonly key: KeyEntry;
}

/** Binds a key of one's own to one's account, or lets go of it. */
export function KeyForm({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { run, problem, isBusy } = useAccessCall();
  const bind = async ({ passphrase, key }: Entered): Promise<void> => {
    const outcome = await run((client) => client.access.bindKey({ passphrase, key: readKeyEntry(key) }));
    if (outcome !== 'done') return;
    watchKeyFile(store, key.kind === 'file' ? (key.file?.source ?? null) : null);
    onDone();
  };
  return (
    <Form<Entered> layout="vertical" requiredMark={false} initialValues={{ key: { kind: 'file' } }} onFinish={(entered) => void bind(entered)} data-testid="bind-key">
      <Form.Item name="passphrase" label={t('access.passphrase')} rules={[{ required: true, message: t('access.required') }]}>
        <Input.Password data-first-focus="" autoComplete="off" data-testid="bind-passphrase" />
      </Form.Item>
      <KeyFields />
      <p className="muted">{t('access.keyNote')}</p>
      {problem !== null && (
        <p className="note note-refused" role="alert" data-testid="access-problem">
          {problem}
        </p>
      )}
      <Button type="primary" htmlType="submit" size="large" block loading={isBusy} data-testid="bind-key-go">
        {t('access.keyBind')}
      </Button>
    </Form>
  );
}
