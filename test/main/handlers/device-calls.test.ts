import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SelfTestEvent } from '../../../domain/contracts/devices.ts';
import { scannerTestText } from '../../../domain/scanner-test.ts';
import type { App } from '../../../main/app.ts';
import type { OpenSerialLine } from '../../../main/devices/serial-scanner.ts';
import { auditTypes, clientOf, startCounter } from '../running-counter.ts';

let app: App;
let type: (text: string) => void = () => {};
const open: OpenSerialLine = () =>
  Promise.resolve({
    onData: (listener) => void (type = (text) => listener(Uint8Array.from(Buffer.from(text)))),
    onClose: () => {},
    write: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });

beforeEach(async () => {
  app = await startCounter(null, { openSerialLine: open });
});
afterEach(() => app.close());

test('a scanner is set up, changed in its place and forgotten; each is written down', async () => {
  const { device } = clientOf(app);
  const scanner = { path: '/dev/ttyTEST1', baudRate: 9600, suffix: 'CR', name: 'left' };
  expect((await device.setSerial(scanner)).devices[0]).toMatchObject({ id: 'serial:/dev/ttyTEST1', use: 'on', name: 'left' });
  await device.setSerial({ ...scanner, path: '/dev/ttyTEST2', name: 'right' });
  const { devices } = await device.setSerial({ ...scanner, baudRate: 115_200, parity: 'even' });
  expect(devices.slice(0, 2).map(({ serial }) => [serial?.path, serial?.baudRate])).toEqual([['/dev/ttyTEST1', 115_200], ['/dev/ttyTEST2', 9600]]);
  expect((await device.remove({ id: 'serial:/dev/ttyTEST1' })).devices.map(({ id }) => id)).not.toContain('serial:/dev/ttyTEST1');
  expect((await auditTypes(app)).filter((name) => name === 'settings.changed')).toHaveLength(4);
  await expect(device.setSerial({ ...scanner, baudRate: 1 })).rejects.toThrow();
  await expect(device.signal({ id: 'serial:/dev/ttyTEST2', signal: 'good' })).rejects.toMatchObject({ data: { code: 'device/no-signal' } });
});

test('saving other settings keeps the scanners that only the device page knows', async () => {
  const client = clientOf(app);
  await client.device.setHid({ id: 'hid:0C2E:0B61:S1', use: false });
  await client.codeKind.save([{ id: 'site-card', name: '市民卡', ask: '', rule: { startsWith: 'CARD' } }]);
  await client.settings.save(await client.settings.read());
  expect(app.site.current()).toMatchObject({ hid: [{ use: false }], codeKinds: [{ id: 'site-card' }] });
  expect(await client.codeKind.list()).toHaveLength(1);
  await expect(client.codeKind.save([{ id: 'site-all', name: 'x', ask: '', rule: { minLength: 1 } }])).rejects.toThrow();
});

test('settings travel as a file, and a file that is not one changes nothing', async () => {
  const { device } = clientOf(app);
  await device.setSerial({ path: '/dev/ttyTEST1', baudRate: 9600, suffix: 'CR' });
  const { json, fileName } = await device.exportSettings();
  expect(fileName).toMatch(/^counter-devices-[0-9A-Z]+\.json$/);
  expect(json).not.toContain('周敏');
  const other = await startCounter(null, { openSerialLine: open });
  await clientOf(other).device.importSettings({ json });
  expect(other.site.current().serial).toEqual([{ path: '/dev/ttyTEST1', baudRate: 9600, suffix: 'CR' }]);
  const broken: readonly (readonly [string, string])[] = [
    ['', 'file'],
    ['[]', 'format'],
    [json.replace('9600', '"fast"'), 'serial.0.baudRate'],
    [json.replace('counter-devices', 'x'), 'format'],
    [json.replace('"suffix"', '"__proto__"'), 'file'],
  ];
  for (const [text, detail] of broken) {
    await expect(clientOf(other).device.importSettings({ json: text })).rejects.toMatchObject({ data: { code: 'settings/not-readable', detail } });
  }
  expect(other.site.current().serial).toHaveLength(1);
  await other.close();
});

test('a self-test takes every code while it lasts, and gives them back', async () => {
  const client = clientOf(app);
  await client.device.setSerial({ path: '/dev/ttyTEST1', baudRate: 9600, suffix: 'CR', name: 'left' });
  const verified: string[] = [];
  app.hub.onScan((scan) => void verified.push(scan.text));
  const stop = new AbortController();
  const seen: SelfTestEvent[] = [];
  const events = await client.device.selfTest({ symbol: 'code-characters' }, { signal: stop.signal });
  const first = await events.next();
  expect(first.value).toMatchObject({ type: 'started', symbol: 'code-characters' });
  const good = scannerTestText('code-characters');
  // The same symbol twice is two results; the window's own scans take part.
  type(`]Q1${good}\r${good}\r`);
  await client.scan.submit({ source: 'wedge', bytesBase64: Buffer.from(good.toLowerCase()).toString('base64') });
  for (let i = 0; i < 3; i++) seen.push((await events.next()).value as SelfTestEvent);
  expect(seen.map((event) => (event.type === 'scan' ? [event.device, event.result.outcome, event.scan.symbology] : event.type))).toEqual([
    ['left', 'good', ']Q1'],
    ['left', 'good', null],
    ['wedge', 'altered', null],
  ]);
  expect(verified).toEqual([]);
  type('x'.repeat(5000));
  expect((await events.next()).value).toEqual({ type: 'refused', code: 'scan/too-long', device: 'left' });
  stop.abort();
  await events.return?.();
  type(`\r${good}\r`);
  expect(verified).toEqual([good]);
  expect(await auditTypes(app)).not.toContain('scan.verdict');
});

test('a self-test of one device leaves the others at work', async () => {
  const client = clientOf(app);
  await client.device.setSerial({ path: '/dev/ttyTEST1', baudRate: 9600, suffix: 'CR' });
  const verified: string[] = [];
  app.hub.onScan((scan) => void verified.push(scan.source));
  const events = await client.device.selfTest({ symbol: 'long', device: 'serial:/dev/ttyTEST1' });
  await events.next();
  await client.scan.submit({ source: 'wedge', bytesBase64: 'QUJD' });
  type('ABC\r');
  expect((await events.next()).value).toMatchObject({ type: 'scan', source: 'serial', result: { outcome: 'other' } });
  expect(verified).toEqual(['wedge']);
  await events.return?.();
});
