import { Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface WedgeFieldsProps {
  /** The member of the form's values that holds them; absent when they are the form's own. */
  readonly under?: string;
  /** What an empty prefix is shown as. */
  readonly noPrefix?: string;
}

/** The settings of a keyboard-wedge scanner as form items: prefix, suffix, and the gap between keys in milliseconds. */
export function WedgeFields({ under, noPrefix = '' }: WedgeFieldsProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = (field: string): string | string[] => (under === undefined ? field : [under, field]);
  return (
    <>
      <Form.Item name={nameOf('prefix')} label={t('settings.prefix')}>
        <Input maxLength={8} placeholder={noPrefix} />
      </Form.Item>
      <Form.Item name={nameOf('suffix')} label={t('settings.suffix')}>
        <Select
          options={[
            { value: '\r', label: t('settings.suffixEnter') },
            { value: '\t', label: t('settings.suffixTab') },
            { value: '', label: t('notice.none') },
          ]}
        />
      </Form.Item>
      <Form.Item name={nameOf('gapMs')} label={t('general.aside', { what: t('settings.gap'), aside: t('settings.gapUnit') })}>
        <InputNumber min={5} max={100} />
      </Form.Item>
    </>
  );
}
