import { Button, Form, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Device, type HidScannerSettings, scanCharsets } from '../../../domain/contracts/devices.ts';
import type { RunCall } from './devices.ts';

interface HidFormProps {
  readonly device: Device;
  readonly run: RunCall;
  readonly saved: () => string;
}

/** A HID scanner is used as soon as it is plugged in: here it is named or switched off. */
export function HidForm({ device, run, saved }: HidFormProps): ReactNode {
  const { t } = useTranslation();
  const { name = '', charset = 'auto', signals = false } = device.hid ?? {};
  const isOn = device.use === 'on';
  const set = (part: Partial<HidScannerSettings>): void => run((client) => client.device.setHid({ ...device.hid, id: device.id, use: isOn, ...part }), saved());
  return (
    <Form layout="vertical" size="small" className="device-form" initialValues={{ name, charset, signals }} requiredMark={false} onFinish={set} data-testid="hid-form">
      <Form.Item name="name" label={t('devices.form.name')}>
        <Input maxLength={60} placeholder={device.product ?? device.name} />
      </Form.Item>
      <Form.Item name="charset" label={t('devices.form.charset')}>
        <Select options={scanCharsets.map((value) => ({ value, label: t(`devices.form.charsets.${value}`) }))} />
      </Form.Item>
      <Form.Item name="signals" label={t('devices.form.signals')}>
        <Select options={[true, false].map((value) => ({ value, label: t(value ? 'devices.form.on' : 'devices.form.off') }))} />
      </Form.Item>
      <div className="form-end">
        <Button type="primary" size="middle" htmlType="submit">
          {t('devices.form.save')}
        </Button>
        <Button size="middle" onClick={() => set({ use: !isOn })} data-testid="hid-toggle">
          {t(isOn ? 'devices.form.remove' : 'devices.form.enable')}
        </Button>
      </div>
    </Form>
  );
}
