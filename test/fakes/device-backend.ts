import { EventPublisher, implement } from '@orpc/server';
import { counterContract } from '../../domain/contracts/counter.ts';
import type { Device, DeviceList, SelfTestEvent, SiteKind } from '../../domain/contracts/devices.ts';
import { judgeScannerTest, scannerTestText } from '../../domain/scanner-test.ts';

/** What a test may do to the fake's devices. */
export interface DeviceBackend {
  readonly list: () => DeviceList;
  /** Changes one device and tells the watchers. */
  readonly change: (id: string, part: Partial<Device>) => void;
  /** What a running self-test receives, as if a scanner had read it; without text, the test's own symbol. */
  readonly selfTestScan: (text?: string) => void;
  /** The kinds that the window has saved. */
  readonly codeKinds: () => readonly SiteKind[];
}

/** A scanner in use, a free port and a HID scanner. */
export function sampleDevices(now: number): Device[] {
  const bare = { vendorId: null, productId: null, problem: null, hid: null, lastScan: null, scans: 0, refused: 0, signals: [] };
  return [
    {
      ...bare,
      ...{ id: 'serial:/dev/ttyUSB0', connection: 'serial', name: 'NLS-FM430', path: '/dev/ttyUSB0', vendor: 'Newland', product: 'NLS-FM430' },
      ...{ vendorId: '1EAB', productId: '0106', family: 'newland', familyBy: 'vendor-id', present: true, use: 'on', state: 'ready' },
      stateSinceAt: now - 3_600_000,
      serial: { path: '/dev/ttyUSB0', baudRate: 9600, suffix: 'CR', name: 'NLS-FM430' },
      lastScan: { at: now - 61_000, symbology: ']Q1', length: 237, charset: 'utf-8', charsetWhy: 'valid-utf-8', repeat: false },
      scans: 41,
    },
    {
      ...bare,
      ...{ id: 'hid:0C2E:0B61:S1', connection: 'hid', name: 'Voyager', path: null, vendor: 'Honeywell', product: 'Voyager' },
      ...{ vendorId: '0C2E', productId: '0B61', family: 'honeywell', familyBy: 'vendor-id', present: true, use: 'on', state: 'ready' },
      stateSinceAt: now - 60_000,
      serial: null,
      hid: { id: 'hid:0C2E:0B61:S1', use: true },
      signals: ['good'],
    },
    {
      ...bare,
      ...{ id: 'serial:/dev/ttyS0', connection: 'serial', name: '/dev/ttyS0', path: '/dev/ttyS0', vendor: null, product: null },
      ...{ family: null, familyBy: null, present: true, use: 'unused', state: null, stateSinceAt: null },
      serial: { path: '/dev/ttyS0', baudRate: 9600, suffix: 'CR' },
    },
  ];
}

/** The calls about devices over a list in memory. */
export function createDeviceBackend({ now, record }: { readonly now: () => number; readonly record: (call: string) => void }) {
  const contract = implement(counterContract);
  const publisher = new EventPublisher<{ list: DeviceList; test: SelfTestEvent }>();
  let devices = sampleDevices(now());
  let codeKinds: SiteKind[] = [];
  let symbol: Extract<SelfTestEvent, { type: 'started' }>['symbol'] | null = null;
  const list = (): DeviceList => ({ devices, hidAvailable: true });
  const replace = (id: string, next: (device: Device) => Device): DeviceList => {
    devices = devices.map((device) => (device.id === id ? next(device) : device));
    publisher.publish('list', list());
    return list();
  };
  const { device, codeKind } = contract;
  const calls = {
    list: device.list.handler(list),
    watch: device.watch.handler(async function* ({ signal }) {
      yield list();
      yield* publisher.subscribe('list', signal === undefined ? {} : { signal });
    }),
    setSerial: device.setSerial.handler(({ input }) => {
      record(`device.setSerial ${input.path} ${input.baudRate}`);
      return replace(`serial:${input.path}`, (old) => ({ ...old, name: input.name ?? old.name, serial: input, use: 'on', state: 'ready', stateSinceAt: now() }));
    }),
    setHid: device.setHid.handler(({ input }) => replace(input.id, (old) => ({ ...old, hid: input, use: input.use ? 'on' : 'off', state: input.use ? 'ready' : null }))),
    remove: device.remove.handler(({ input }) => {
      record(`device.remove ${input.id}`);
      return replace(input.id, (old) => ({ ...old, use: 'unused', state: null, stateSinceAt: null, problem: null }));
    }),
    signal: device.signal.handler(({ input }) => {
      record(`device.signal ${input.id} ${input.signal}`);
      return { sent: true as const };
    }),
    selfTest: device.selfTest.handler(async function* ({ input, signal }) {
      symbol = input.symbol;
      const news = publisher.subscribe('test', signal === undefined ? {} : { signal });
      yield { type: 'started' as const, symbol: input.symbol, endsAt: now() + 180_000 };
      yield* news;
    }),
    machine: device.machine.handler(() => ({ diskFreeBytes: 84 * 1024 ** 3 })),
    exportSettings: device.exportSettings.handler(() => ({ fileName: 'counter-devices.json', json: '{}' })),
    importSettings: device.importSettings.handler(list),
  };
  const backend: DeviceBackend = {
    list,
    codeKinds: () => codeKinds,
    change: (id, part) => void replace(id, (old) => ({ ...old, ...part })),
    selfTestScan: (text) => {
      if (symbol === null) return;
      const received = text ?? scannerTestText(symbol);
      const scan = { at: now(), symbology: null, length: received.length, charset: 'utf-8', charsetWhy: 'valid-utf-8', repeat: false } as const;
      publisher.publish('test', { type: 'scan', source: 'serial', device: 'NLS-FM430', scan, result: judgeScannerTest(symbol, received) });
    },
  };
  return {
    calls,
    kindCalls: {
      list: codeKind.list.handler(() => codeKinds),
      save: codeKind.save.handler(({ input }) => (codeKinds = input)),
    },
    backend,
  };
}
