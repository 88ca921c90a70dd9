import { Button, Checkbox, Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteKind } from '../../../domain/contracts/devices.ts';
import { emptyKind, type SiteKindFields, toKindFields, toSiteKind } from './site-kind-fields.ts';

/** What is said of a saving, and whether it was one. */
export interface KindSaid {
  readonly text: string;
  readonly isGood: boolean;
}

interface SiteKindFormProps {
  /** Of the kind, or of the one that is to be. */
  readonly id: string;
  readonly kind: SiteKind | null;
  /** What was said of the last saving; null says nothing. */
  readonly said: KindSaid | null;
  readonly say: (said: KindSaid | null) => void;
  readonly keep: (kind: SiteKind) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
}

const alphabets = ['digits', 'upper-case', 'letters', 'letters-and-digits', 'hex', 'printable-ascii'] as const;
const symbols = ['matrix', 'linear', 'retail', 'gs1'] as const;

/** One kind of the site's own: what it is called, what to ask for instead, and what its content is known by. */
export function SiteKindForm({ id, kind, said, say, keep, remove }: SiteKindFormProps): ReactNode {
  const { t } = useTranslation();
  const submit = async (fields: SiteKindFields): Promise<void> => {
    const made = toSiteKind(id, { ...emptyKind, ...fields });
    if ('wrong' in made) return say({ text: t(`devices.ownKinds.wrong.${made.wrong}`), isGood: false });
    return keep(made.kind);
  };
  return (
    <section className="card device-detail" data-testid="kind-detail">
      <header className="card-head">
        <h2>{kind?.name ?? t('devices.ownKinds.new')}</h2>
      </header>
      <div className="device-body">
        <p className="note">{t('devices.ownKinds.note')}</p>
        <Form<SiteKindFields> layout="vertical" size="small" className="kind-form" initialValues={kind === null ? emptyKind : toKindFields(kind)} onFinish={(fields) => void submit(fields)} onValuesChange={() => say(null)} requiredMark={false}>
          <NameFields />
          <RuleFields />
          <div className="form-end">
            <Button type="primary" size="middle" htmlType="submit" data-testid="kind-save">
              {t(kind === null ? 'devices.ownKinds.create' : 'devices.ownKinds.save')}
            </Button>
            {kind !== null && (
              <Button size="middle" onClick={() => void remove(kind.id)} data-testid="kind-remove">
                {t('devices.ownKinds.remove')}
              </Button>
            )}
            <span role="status" className={said?.isGood === false ? 'text-refused' : 'text-verified'} data-testid="kind-said">
              {said?.text}
            </span>
          </div>
        </Form>
      </div>
    </section>
  );
}

function NameFields(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="name" label={t('devices.ownKinds.name')} className="kind-half">
        <Input maxLength={40} placeholder={t('devices.ownKinds.nameHint')} />
      </Form.Item>
      <Form.Item name="ask" label={t('devices.ownKinds.ask')} className="kind-half">
        <Input maxLength={120} placeholder={t('devices.ownKinds.askHint')} />
      </Form.Item>
    </>
  );
}

function RuleFields(): ReactNode {
  const { t } = useTranslation();
  const any = { value: '', label: t('devices.ownKinds.any') };
  return (
    <>
      <Form.Item name="startsWith" label={t('devices.ownKinds.startsWith')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="endsWith" label={t('devices.ownKinds.endsWith')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="contains" label={t('devices.ownKinds.contains')}>
        <Input maxLength={400} placeholder={t('devices.ownKinds.containsHint')} />
      </Form.Item>
      <Form.Item name="host" label={t('devices.ownKinds.host')}>
        <Input maxLength={100} placeholder="mzt.example.gov.cn" />
      </Form.Item>
      <Form.Item name="characters" label={t('devices.ownKinds.characters')}>
        <Select options={[any, ...alphabets.map((value) => ({ value, label: t(`devices.ownKinds.alphabets.${value}`) }))]} />
      </Form.Item>
      <Form.Item name="symbols" label={t('devices.ownKinds.symbols')}>
        <Select options={[any, ...symbols.map((value) => ({ value, label: t(`devices.ownKinds.symbolKinds.${value}`) }))]} />
      </Form.Item>
      <Form.Item name="minLength" label={t('devices.ownKinds.minLength')}>
        <InputNumber min={1} max={4096} />
      </Form.Item>
      <Form.Item name="maxLength" label={t('devices.ownKinds.maxLength')}>
        <InputNumber min={1} max={4096} />
      </Form.Item>
      <Form.Item name="ignoreCase" valuePropName="checked" className="kind-half">
        <Checkbox>{t('devices.ownKinds.ignoreCase')}</Checkbox>
      </Form.Item>
    </>
  );
}
