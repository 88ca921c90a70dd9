import { Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Two administrators as they typed themselves. */
export interface TwoPeople {
  readonly two: readonly { readonly operatorId: string; readonly passphrase: string }[];
}

/** Number and passphrase of two administrators, side by side; below a form whose values are `TwoPeople`. */
export function TwoPeopleFields(): ReactNode {
  const { t } = useTranslation();
  const required = { required: true, whitespace: true, message: t('access.required') };
  return (
    <div className="door-columns">
      {[0, 1].map((index) => (
        <fieldset key={index}>
          <legend>{t('access.administratorNth', { nth: index + 1 })}</legend>
          <Form.Item name={['two', index, 'operatorId']} label={t('access.operatorId')} rules={[required]}>
            <Input data-first-focus={index === 0 ? '' : undefined} autoComplete="off" maxLength={20} data-testid={`two-id-${index}`} />
          </Form.Item>
          <Form.Item name={['two', index, 'passphrase']} label={t('access.passphrase')} rules={[required]}>
            <Input.Password autoComplete="off" data-testid={`two-passphrase-${index}`} />
          </Form.Item>
        </fieldset>
      ))}
    </div>
  );
}
