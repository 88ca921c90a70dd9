import { Form, Input, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresentedKeyInput } from '../../../domain/contracts/access.ts';
import { useCounter } from '../../counter/counter-context.tsx';

/** A key of one's own as it stands in a form, under the name `key`. */
export interface KeyEntry {
  readonly kind: 'none' | PresentedKeyInput['kind'];
  readonly pin?: string;
  readonly file?: ChosenFile | undefined;
}

/** A file with its text, and where it can be looked for again. */
interface ChosenFile {
  readonly text: string;
  readonly source: File;
}

/** What is held out by what was entered; null for no key. */
export function readKeyEntry({ kind, pin = '', file }: KeyEntry): PresentedKeyInput | null {
  if (kind === 'none') return null;
  return kind === 'usb' ? { kind, pin } : { kind, pin, file: file?.text ?? '' };
}

/** Which key of one's own, with its file and passphrase or its PIN; within a form whose values have a `KeyEntry` as `key`. */
export function KeyFields(): ReactNode {
  const { t } = useTranslation();
  const kind = Form.useWatch<KeyEntry['kind'] | undefined>(['key', 'kind']) ?? 'none';
  const hasUsbKeys = useCounter((state) => state.access?.hasUsbKeys ?? false);
  const required = { required: true, message: t('access.required') };
  const options = [
    { value: 'none', label: t('access.keyNone') },
    { value: 'file', label: t('access.keyFile') },
    ...(hasUsbKeys ? [{ value: 'usb', label: t('access.keyUsb') }] : []),
  ];
  return (
    <>
      <Form.Item name={['key', 'kind']} label={t('access.key')}>
        <Radio.Group options={options} data-testid="key-kind" />
      </Form.Item>
      {kind === 'file' && (
        <Form.Item name={['key', 'file']} label={t('access.keyFilePick')} rules={[required]}>
          <KeyFileInput />
        </Form.Item>
      )}
      {kind !== 'none' && (
        <Form.Item name={['key', 'pin']} label={t(kind === 'usb' ? 'access.keyUsbPin' : 'access.keyPin')} rules={[required]}>
          <Input.Password size="large" autoComplete="off" data-testid="key-pin" />
        </Form.Item>
      )}
    </>
  );
}

/** Bytes; a key file has about 600. */
const longestFile = 8192;

/** A field whose value is the chosen file with its text. Its words are ours: the browser's own field speaks the browser's language. */
function KeyFileInput({ id, onChange }: { readonly id?: string; readonly onChange?: (file: ChosenFile | undefined) => void }): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState<string | null>(null);
  const take = async (file: File | undefined): Promise<void> => {
    const isFit = file !== undefined && file.size <= longestFile;
    setName(isFit ? file.name : null);
    onChange?.(isFit ? { text: await file.text(), source: file } : undefined);
  };
  return (
    <div className="key-file">
      <label className="button">
        {t('access.keyFileBrowse')}
        <input id={id} type="file" className="for-readers" accept=".json,application/json" aria-label={t('access.keyFilePick')} onChange={(event) => void take(event.target.files?.[0])} data-testid="key-file" />
      </label>
      <span>{name ?? t('access.keyFileNone')}</span>
    </div>
  );
}
