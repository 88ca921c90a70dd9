import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SerialScannerSettings } from '../../domain/contracts/devices.ts';
import { createHidAccess } from '../../main/devices/hid-access.ts';
import { createScanHub, type Scan } from '../../main/devices/scan-hub.ts';
import type { SerialPortInfo } from '../../main/devices/serial-ports.ts';
import type { OpenSerialLine } from '../../main/devices/serial-scanner.ts';
import { createScanners, type Scanners, type ScannersDeps } from '../../main/scanners.ts';
import { countedReports, createFakeHidLibrary, noHid } from '../fakes/hid-devices.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const setting = (name: string, more: Partial<SerialScannerSettings> = {}): SerialScannerSettings => ({ name, path: `/dev/${name}`, baudRate: 9600, suffix: 'CR', ...more });
const port = (name: string, vendorId: string | null = null): SerialPortInfo => ({ path: `/dev/${name}`, vendor: null, product: vendorId === null ? null : 'X', vendorId, productId: null, serialNumber: null });

describe('the scanners', () => {
  let scans: Scan[] = [];
  let scanners: Scanners;
  let fake = createFakeHidLibrary();
  const start = (more: Partial<ScannersDeps> = {}): ReturnType<typeof createScanHub> => {
    const hub = createScanHub({ now: () => 5, monotonic: () => 0, random: (length) => new Uint8Array(length).map(() => Math.random() * 256), maxInFlight: 1 });
    hub.onScan((scan) => void scans.push(scan));
    scanners = createScanners({ hub, now: () => 7, onChanged: () => {}, listPorts: () => Promise.resolve([]), hid: noHid, ...more });
    return hub;
  };
  beforeEach(() => {
    vi.useFakeTimers();
    scans = [];
    fake = createFakeHidLibrary();
  });
  afterEach(async () => {
    await scanners.close();
    vi.useRealTimers();
  });
  const hid = () => createHidAccess({ platform: 'win32', load: () => Promise.resolve(fake.library) });
  const soon = () => vi.advanceTimersByTimeAsync(1600);

  /** A line that a test writes to, and what was sent back over it. */
  const line = () => {
    const sent: string[] = [];
    let data: (chunk: Uint8Array) => void = () => {};
    const open: OpenSerialLine = () =>
      Promise.resolve({
        onData: (listener) => void (data = listener),
        onClose: () => {},
        write: (command) => Promise.resolve(void sent.push(Buffer.from(command).toString('hex'))),
        close: () => Promise.resolve(),
      });
    return { open, sent, type: (text: string) => data(bytes(text)) };
  };

  test('of settings that come at once the last ones count, and nothing else goes on running', async () => {
    const close = (): Promise<void> => Promise.resolve();
    start({ open: () => Promise.resolve({ onData: () => {}, onClose: () => {}, write: close, close }) });
    const settings = (name: string) => ({ serial: [setting(name)], hid: [] });
    await scanners.use(settings('a'));
    await Promise.all([scanners.use(settings('b')), scanners.use(settings('c'))]);
    expect(scanners.states().map(({ name }) => name)).toEqual(['c']);
  });

  test('list ports with the family they are taken for and what it would be set to', async () => {
    const wire = line();
    start({ open: wire.open, listPorts: () => Promise.resolve([port('ttyACM0', '0C2E'), port('ttyS0'), port('a')]) });
    await scanners.use({ serial: [setting('a', { family: 'zebra' }), setting('gone')], hid: [] });
    await soon();
    const { devices } = await scanners.list();
    expect(devices.map(({ id, use, state, family, familyBy, present }) => [id, use, state, family, familyBy, present])).toEqual([
      ['serial:/dev/a', 'on', 'ready', 'zebra', 'settings', true],
      ['serial:/dev/gone', 'on', 'ready', null, null, true],
      ['serial:/dev/ttyACM0', 'unused', null, 'honeywell', 'vendor-id', true],
      ['serial:/dev/ttyS0', 'unused', null, null, null, true],
    ]);
    expect(devices[2]?.serial).toMatchObject({ path: '/dev/ttyACM0', baudRate: 115_200, suffix: 'CR' });
  });

  test('say in the list why a port does not open', async () => {
    const errors: Record<string, string> = { '/dev/a': 'Error: Resource temporarily unavailable Cannot lock port', '/dev/b': 'Error: Permission denied, cannot open /dev/b', '/dev/c': 'Error: No such file or directory, cannot open /dev/c', '/dev/d': 'Error: Input/output error' };
    start({ open: ({ path }) => Promise.reject(new Error(errors[path])), listPorts: () => Promise.resolve([port('a'), port('b'), port('d')]) });
    await scanners.use({ serial: ['a', 'b', 'c', 'd'].map((name) => setting(name)), hid: [] });
    const { devices } = await scanners.list();
    expect(devices.map(({ state, problem, present }) => [state, problem, present])).toEqual([
      ['busy', 'device/port-busy', true],
      ['not-permitted', 'device/not-permitted', true],
      ['lost', 'device/port-missing', false],
      ['lost', 'device/port-failed', true],
    ]);
  });

  test('read the AIM identifier off, decode as set, and remember everything of the last scan but its content', async () => {
    const wire = line();
    start({ open: wire.open });
    await scanners.use({ serial: [setting('a')], hid: [] });
    wire.type(']Q1HELLO 1\r');
    expect(scans[0]).toMatchObject({ text: 'HELLO 1', symbology: ']Q1', charset: 'utf-8', charsetWhy: 'valid-utf-8', source: 'serial', device: 'a', deviceId: 'serial:/dev/a', trusted: { at: 5, uncertaintyMs: 0 }, unsafe: null });
    wire.type(']Q1HELLO 1\r');
    const [device] = (await scanners.list()).devices;
    expect(device).toMatchObject({ scans: 2, refused: 0, lastScan: { at: 5, symbology: ']Q1', length: 7, charset: 'utf-8', repeat: true } });
    expect(JSON.stringify(device)).not.toContain('HELLO');
    await scanners.use({ serial: [setting('a', { aimIdentifier: 'keep', charset: 'latin-1' })], hid: [] });
    wire.type(']Q1HELLO 2\r');
    expect(scans[1]).toMatchObject({ text: ']Q1HELLO 2', charset: 'latin-1', charsetWhy: 'declared' });
  });

  test('tell the scanner of the verdict only where it is set to be told and knows how', async () => {
    const wire = line();
    start({ open: wire.open });
    await scanners.use({ serial: [setting('a', { family: 'datalogic', signals: true })], hid: [] });
    wire.type('ONE\r');
    scanners.tell(scans[0]?.scanId ?? '', 'bad');
    scanners.tell('another scan', 'good');
    expect(wire.sent).toEqual(['4645']);
    expect(await scanners.signal('serial:/dev/a', 'good')).toEqual({ ok: true, value: null });
    expect(wire.sent).toEqual(['4645', '42']);
    await scanners.use({ serial: [setting('a', { family: 'newland', signals: true })], hid: [] });
    expect(await scanners.signal('serial:/dev/a', 'good')).toMatchObject({ failure: { code: 'device/no-signal' } });
    expect(await scanners.signal('serial:/dev/none', 'good')).toMatchObject({ failure: { code: 'device/port-missing' } });
  });

  test('use a HID scanner as soon as it is plugged in, and again after replugging into another socket', async () => {
    start({ hid: hid() });
    await scanners.use({ serial: [], hid: [] });
    expect(scanners.states()).toEqual([]);
    fake.plug('p1');
    await soon();
    expect(scanners.states()).toEqual([{ id: 'hid:0C2E:0B61:S1', name: 'Voyager', state: 'ready' }]);
    for (const report of countedReports(bytes('A'.repeat(100)))) fake.report('p1', report);
    expect(scans[0]).toMatchObject({ text: 'A'.repeat(100), symbology: ']Q1', source: 'hid', device: 'Voyager', deviceId: 'hid:0C2E:0B61:S1' });
    fake.unplug('p1');
    await soon();
    expect((await scanners.list()).devices).toMatchObject([{ state: 'lost', present: false, problem: 'device/port-missing', scans: 1 }]);
    fake.plug('p2');
    await soon();
    for (const report of countedReports(bytes('B'))) fake.report('p2', report);
    expect(scans[1]?.text).toBe('B');
    expect((await scanners.list()).devices).toMatchObject([{ state: 'ready', present: true, family: 'honeywell', use: 'on' }]);
  });

  test('come back after 200 unplugs within one look, and leave no handle open', async () => {
    start({ hid: hid() });
    await scanners.use({ serial: [], hid: [] });
    for (let i = 0; i < 200; i++) {
      fake.plug('p');
      await soon();
      expect(scanners.states()[0]?.state).toBe('ready');
      expect(fake.opened()).toBe(1);
      if (i % 2 === 0) for (const report of countedReports(bytes('C'.repeat(80))).slice(0, 1)) fake.report('p', report);
      fake.unplug('p');
      await soon();
    }
    expect(fake.opened()).toBe(0);
    expect(scans).toEqual([]);
  });

  test('leave a HID scanner alone that is switched off, and say of one what is wrong', async () => {
    start({ hid: hid() });
    fake.plug('p1');
    fake.plug('p2', { serialNumber: 'S2' });
    fake.break('p2', 'cannot open device with path p2: Permission denied');
    await scanners.use({ serial: [], hid: [{ id: 'hid:0C2E:0B61:S1', use: false }] });
    expect((await scanners.list()).devices.map(({ use, state, problem }) => [use, state, problem])).toEqual([
      ['off', null, null],
      ['on', 'not-permitted', 'device/not-permitted'],
    ]);
    fake.break('p2', null);
    await soon();
    expect(scanners.states()).toMatchObject([{ state: 'ready' }]);
    expect(fake.opened()).toBe(1);
  });

  test('watching tells each change once, and ports that come by themselves', async () => {
    let ports: SerialPortInfo[] = [];
    start({ listPorts: () => Promise.resolve(ports) });
    const stop = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { devices } of scanners.watch(stop.signal)) seen.push(devices.length);
    })();
    await soon();
    ports = [port('ttyACM0')];
    await soon();
    await soon();
    ports = [];
    await soon();
    stop.abort();
    await watching;
    expect(seen).toEqual([0, 1, 0]);
  });
});
