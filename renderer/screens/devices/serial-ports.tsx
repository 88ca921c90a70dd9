import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../domain/contracts/counter.ts';
import type { FailureCode } from '../../../domain/failure.ts';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { useCounterTools } from '../../counter/counter-context.tsx';
import type { CounterStore } from '../../counter/counter-store.ts';

interface Port {
  readonly path: string;
  readonly vendor: string | null;
  readonly product: string | null;
  readonly configured: boolean;
}

/** What nearly every serial scanner is set to when it leaves the factory. */
const factorySerial = { baudRate: 9600, suffix: '\r' };

/** The serial ports of this machine, and which of them are scanners. */
export function SerialPorts({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  const { t } = useTranslation();
  const { store } = useCounterTools();
  const { ports, problem, setProblem } = usePorts(store);
  const toggle = async (port: Port): Promise<void> => {
    const outcome = await togglePort(store, port);
    if (outcome === null) onChanged();
    else setProblem(outcome);
  };
  return (
    <section className="card grow" data-testid="serial-ports">
      <header className="card-head">
        <h2>{t('devices.ports')}</h2>
        <Button size="small" onClick={onChanged}>
          {t('devices.refresh')}
        </Button>
      </header>
      {problem !== null && <p className="note note-refused">{t(`failure.${problem}`)}</p>}
      <DataTable
        label={t('devices.ports')}
        columns={makeColumns(t, (port) => void toggle(port))}
        rows={ports ?? (problem === null ? null : [])}
        rowKey={(port) => port.path}
        loading={t('general.loading')}
        empty={t('devices.portsEmpty')}
      />
    </section>
  );
}

function usePorts(store: CounterStore): {
  readonly ports: readonly Port[] | null;
  readonly problem: FailureCode | null;
  readonly setProblem: (code: FailureCode | null) => void;
} {
  const [ports, setPorts] = useState<readonly Port[] | null>(null);
  const [problem, setProblem] = useState<FailureCode | null>(null);
  useEffect(() => {
    void store.call((client) => client.device.listSerial()).then((outcome) => {
      if (outcome.ok) setPorts(outcome.value);
      else setProblem(outcome.code);
    });
  }, [store]);
  return { ports, problem, setProblem };
}

async function togglePort(store: CounterStore, port: Port): Promise<FailureCode | null> {
  const current = await store.call((client) => client.settings.read());
  if (!current.ok) return current.code;
  const outcome = await store.saveSettings({ ...current.value, serial: toggleSerial(current.value.serial, port) });
  return outcome.ok ? null : outcome.code;
}

/** The serial settings without the port when it was in them, else with it, at factory settings. */
export function toggleSerial(serial: Settings['serial'], { path, product }: Pick<Port, 'path' | 'product'>): Settings['serial'] {
  const without = serial.filter((entry) => entry.path !== path);
  if (without.length < serial.length) return without;
  return [...without, { path, ...factorySerial, ...(product === null ? {} : { name: product }) }];
}

function makeColumns(t: TFunction, toggle: (port: Port) => void): readonly DataColumn<Port>[] {
  return [
    { id: 'path', title: t('devices.path'), cell: ({ path }) => <code>{path}</code> },
    { id: 'vendor', title: t('devices.vendor'), cell: ({ vendor }) => vendor ?? t('general.dash') },
    { id: 'product', title: t('devices.product'), cell: ({ product }) => product ?? t('general.dash') },
    {
      id: 'toggle',
      title: t('devices.use'),
      align: 'right',
      cell: (port) => (
        <Button size="small" type={port.configured ? 'default' : 'primary'} onClick={() => toggle(port)}>
          {t(port.configured ? 'devices.disable' : 'devices.enable')}
        </Button>
      ),
    },
  ];
}
