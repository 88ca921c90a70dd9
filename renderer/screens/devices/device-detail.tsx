import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../../domain/contracts/devices.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { findFamily } from '../../../domain/scanner-family.ts';
import { useCounterTools } from '../../counter/counter-context.tsx';
import { printClock } from '../../i18n/durations.ts';
import { isBuiltInPort, levelOf, type RunCall, wordOf } from './devices.ts';
import { HidForm } from './hid-form.tsx';
import { SerialForm } from './serial-form.tsx';

/** One device: how it is and why, what it read last, its settings and what can be tried. */
export function DeviceDetail({ device, test }: { readonly device: Device; readonly test: (id: string) => void }): ReactNode {
  const { t } = useTranslation();
  const { store, now } = useCounterTools();
  const [said, setSaid] = useState<{ readonly text: string } | { readonly code: FailureCode } | null>(null);
  const run: RunCall = (call, done) => {
    setSaid(null);
    void store.call(call).then((outcome) => setSaid(outcome.ok ? { text: done } : { code: outcome.code }));
  };
  const word = wordOf(device);
  const saved = (): string => t('devices.form.saved', { time: printClock(now()) });
  return (
    <section className="card device-detail" data-testid="device-detail" data-state={word}>
      <header className="card-head">
        <h2>{device.use === 'unused' ? (device.product ?? device.name) : device.name}</h2>
        <span className="buttons">
          {device.use === 'on' && <Button onClick={() => test(device.id)}>{t('devices.check.go.selfTest')}</Button>}
          {device.signals.map((signal) => (
            <Button key={signal} onClick={() => run((client) => client.device.signal({ id: device.id, signal }), t('devices.form.signalSent'))}>
              {t(signal === 'good' ? 'devices.form.signalGood' : 'devices.form.signalBad')}
            </Button>
          ))}
        </span>
      </header>
      <div className="device-body">
        <p className={levelOf(word) === 'plain' ? 'note' : `note note-${levelOf(word)}`} data-testid="device-state">
          <span>
            <strong>{t(`devices.state.${word}`)}</strong>
            {device.stateSinceAt !== null && ` · ${t('devices.since', { time: printClock(device.stateSinceAt) })}`} · {t(`devices.stateWords.${isBuiltInPort(device) ? 'builtIn' : word}`)}
          </span>
        </p>
        <DeviceFacts device={device} />
        {device.serial !== null && <SerialForm key={device.id} device={device} settings={device.serial} run={run} saved={saved} />}
        {device.connection === 'hid' && <HidForm key={device.id} device={device} run={run} saved={saved} />}
        <p role="status" data-testid="device-said">
          {said !== null && ('text' in said ? <span className="text-verified">{said.text}</span> : <span className="text-refused">{t(`failure.${said.code}`)}</span>)}
        </p>
      </div>
    </section>
  );
}

function DeviceFacts({ device }: { readonly device: Device }): ReactNode {
  const { t } = useTranslation();
  const { connection, path, vendor, product, vendorId, productId, family, familyBy, scans, refused } = device;
  const usb = vendorId === null ? '' : ` (${vendorId}:${productId ?? ''})`;
  const rows = [
    ['connection', `${t(`devices.kinds.${connection}`)} ${path ?? ''}`],
    ['product', `${[vendor, product].filter(Boolean).join(' ') || t('general.dash')}${usb}`],
    ['family', family === null || familyBy === null ? t('devices.facts.familyNone') : `${findFamily(family)?.name ?? family} · ${t(`devices.facts.familyBy.${familyBy}`)}`],
    ...(device.use === 'unused' ? [] : ([['lastScan', <LastScan key="last" device={device} />], ['counts', t('devices.facts.countsText', { scans, refused })]] as const)),
  ] as const;
  return (
    <dl className="facts device-facts">
      {rows.map(([name, value]) => (
        <div className="fact" key={name}>
          <dt>{t(`devices.facts.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function LastScan({ device: { lastScan } }: { readonly device: Device }): ReactNode {
  const { t } = useTranslation();
  if (lastScan === null) return t('devices.facts.lastScanNone');
  const { at, length, symbology, charset, charsetWhy, repeat } = lastScan;
  return (
    <span data-testid="last-scan">
      {t('general.aside', { what: t('devices.facts.scanText', { time: printClock(at), length, charset: t(`devices.facts.charset.${charset}`) }), aside: t(`devices.facts.charsetWhy.${charsetWhy}`) })}
      {symbology !== null && ` · ${symbology}`}
      {repeat && ` · ${t('devices.facts.repeat')}`}
    </span>
  );
}
