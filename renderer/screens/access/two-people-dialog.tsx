import { Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import type { CounterClient } from '../../connection/connect.ts';
import { useAccessCall } from './use-access-call.ts';

/** Two administrators as they typed themselves. */
export interface TwoPeople {
  readonly two: readonly { readonly operatorId: string; readonly passphrase: string }[];
}

interface TwoPeopleDialogProps<More extends object> {
  readonly title: string;
  /** What the two are about to do. */
  readonly note: string;
  readonly confirm: string;
  readonly isDanger?: boolean;
  readonly testId: string;
  readonly act: (client: CounterClient, entered: More & { readonly two: { operatorId: string; passphrase: string }[] }) => Promise<null>;
  readonly onDone?: () => void;
  readonly onClose: () => void;
  /** Fields named by `More`, below those of the two. */
  readonly children?: ReactNode;
}

/** What one administrator alone must not do: two type themselves side by side. It closes once the host has done it, and else says why not. */
export function TwoPeopleDialog<More extends object = object>({ title, note, confirm, isDanger = false, testId, act, onDone, onClose, children }: TwoPeopleDialogProps<More>): ReactNode {
  const { run, problem, isBusy } = useAccessCall();
  const confirmBoth = async (entered: More & TwoPeople): Promise<void> => {
    const two = entered.two.map(({ operatorId, passphrase }) => ({ operatorId: operatorId.trim(), passphrase }));
    const outcome = await run((client) => act(client, { ...entered, two }));
    if (outcome !== 'done') return;
    onClose();
    onDone?.();
  };
  return (
    <Dialog title={title} onClose={onClose} testId={testId}>
      <Form<More & TwoPeople> layout="vertical" requiredMark={false} onFinish={(entered) => void confirmBoth(entered)}>
        <p className="two-people-note">{note}</p>
        <div className="door-columns">
          {[0, 1].map((index) => (
            <PersonFields key={index} index={index} />
          ))}
        </div>
        {children}
        {problem !== null && (
          <p className="note note-refused" role="alert" data-testid="access-problem">
            {problem}
          </p>
        )}
        <Button type="primary" htmlType="submit" danger={isDanger} loading={isBusy} data-testid="two-people-go">
          {confirm}
        </Button>
      </Form>
    </Dialog>
  );
}

function PersonFields({ index }: { readonly index: number }): ReactNode {
  const { t } = useTranslation();
  const required = { required: true, whitespace: true, message: t('access.required') };
  return (
    <fieldset>
      <legend>{t('access.administratorNth', { nth: index + 1 })}</legend>
      <Form.Item name={['two', index, 'operatorId']} label={t('access.operatorId')} rules={[required]}>
        <Input data-first-focus={index === 0 ? '' : undefined} autoComplete="off" maxLength={20} data-testid={`two-id-${index}`} />
      </Form.Item>
      <Form.Item name={['two', index, 'passphrase']} label={t('access.passphrase')} rules={[required]}>
        <Input.Password autoComplete="off" data-testid={`two-passphrase-${index}`} />
      </Form.Item>
    </fieldset>
  );
}
