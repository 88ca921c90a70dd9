import { Button, Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Device, scanCharsets, type SerialScannerSettings } from '../../../domain/contracts/devices.ts';
import { factorySerial } from '../../../domain/scanner-family.ts';
import { scannerFamilies } from '../../../domain/scanner-family.table.ts';
import type { RunCall } from './devices.ts';

const baudRates = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];
const endings = ['CR', 'LF', 'CRLF', 'TAB', 'ETX', 'none'] as const;

/** What stands in the form: everything that may be left out has a word for it. */
type Fields = Omit<SerialScannerSettings, 'path' | 'family' | 'idleGapMs' | 'signals'> & { readonly family: string; readonly idleGapMs: number | null; readonly signals: boolean };

interface SerialFormProps {
  readonly device: Device;
  readonly settings: SerialScannerSettings;
  readonly run: RunCall;
  readonly saved: () => string;
}

/** How a serial port is read; a port that is not used yet begins with what its family is known for. */
export function SerialForm({ device, settings, run, saved }: SerialFormProps): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const isUsed = device.use === 'on';
  const save = (fields: Fields): void => run((client) => client.device.setSerial(toSettings(settings.path, fields)), saved());
  const changed = (part: Partial<Fields>): void => {
    // Another family leaves the factory with other settings.
    const family = scannerFamilies.find(({ id }) => id === part.family);
    if (family !== undefined) form.setFieldsValue(factorySerial(family.id));
  };
  return (
    <Form form={form} layout="vertical" size="small" className="device-form" initialValues={toFields(settings)} onFinish={save} onValuesChange={changed} requiredMark={false} data-testid="serial-form">
      <MainFields device={device} />
      <LineFields />
      <div className="form-end">
        <Button type="primary" size="middle" htmlType="submit" data-testid="serial-save">
          {t(isUsed ? 'devices.form.save' : 'devices.form.enable')}
        </Button>
        {isUsed && (
          <Button size="middle" onClick={() => run((client) => client.device.remove({ id: device.id }), saved())} data-testid="serial-remove">
            {t('devices.form.remove')}
          </Button>
        )}
      </div>
    </Form>
  );
}

function MainFields({ device }: { readonly device: Device }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="name" label={t('devices.form.name')}>
        <Input maxLength={60} placeholder={device.product ?? device.name} />
      </Form.Item>
      <Form.Item name="family" label={t('devices.form.family')}>
        <Select options={[{ value: '', label: t('devices.form.familyAuto') }, ...scannerFamilies.map(({ id, name }) => ({ value: id, label: name }))]} />
      </Form.Item>
      <Form.Item name="baudRate" label={t('devices.form.baudRate')}>
        <Select options={baudRates.map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name="suffix" label={t('devices.form.suffix')}>
        <Select options={endings.map((value) => ({ value, label: t(`devices.form.suffixes.${value}`) }))} />
      </Form.Item>
      <Form.Item name="prefix" label={t('devices.form.prefix')}>
        <Input maxLength={16} placeholder={t('devices.form.suffixes.none')} />
      </Form.Item>
      <Form.Item name="charset" label={t('devices.form.charset')}>
        <Select options={scanCharsets.map((value) => ({ value, label: t(`devices.form.charsets.${value}`) }))} />
      </Form.Item>
    </>
  );
}

function LineFields(): ReactNode {
  const { t } = useTranslation();
  const choice = <T extends string>(values: readonly T[], words: (value: T) => string) => values.map((value) => ({ value, label: words(value) }));
  return (
    <>
      <Form.Item name="dataBits" label={t('devices.form.dataBits')}>
        <Select options={[8, 7].map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name="parity" label={t('devices.form.parity')}>
        <Select options={choice(['none', 'even', 'odd'] as const, (value) => t(`devices.form.parities.${value}`))} />
      </Form.Item>
      <Form.Item name="stopBits" label={t('devices.form.stopBits')}>
        <Select options={[1, 2].map((value) => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name="flow" label={t('devices.form.flow')}>
        <Select options={choice(['none', 'rts-cts', 'xon-xoff'] as const, (value) => t(`devices.form.flows.${value}`))} />
      </Form.Item>
      <Form.Item name="idleGapMs" label={t('devices.form.idleGap')}>
        <InputNumber min={5} max={5000} placeholder={t('devices.form.automatic')} />
      </Form.Item>
      <Form.Item name="aimIdentifier" label={t('devices.form.aim')}>
        <Select options={choice(['take-off', 'keep'] as const, (value) => t(`devices.form.aims.${value}`))} />
      </Form.Item>
      <Form.Item name="signals" label={t('devices.form.signals')}>
        <Select options={[true, false].map((value) => ({ value, label: t(value ? 'devices.form.on' : 'devices.form.off') }))} />
      </Form.Item>
    </>
  );
}

function toFields(settings: SerialScannerSettings): Fields {
  const { baudRate, suffix, name = '', family = '', prefix = '', dataBits = 8, stopBits = 1, parity = 'none', flow = 'none', charset = 'auto', aimIdentifier = 'take-off', idleGapMs = null, signals = false } = settings;
  return { baudRate, suffix, name, family, prefix, dataBits, stopBits, parity, flow, charset, aimIdentifier, idleGapMs, signals };
}

/** What the person left as it usually is stays out of the settings. */
function toSettings(path: string, { name, family, prefix, idleGapMs, ...rest }: Fields): SerialScannerSettings {
  const known = scannerFamilies.find(({ id }) => id === family);
  return {
    path,
    ...rest,
    ...(name === undefined || name.trim() === '' ? {} : { name: name.trim() }),
    ...(known === undefined ? {} : { family: known.id }),
    ...(prefix === undefined || prefix === '' ? {} : { prefix }),
    ...(idleGapMs === null ? {} : { idleGapMs }),
  };
}
