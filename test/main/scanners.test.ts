import { expect, test } from 'vitest';
import { createScanHub } from '../../main/devices/scan-hub.ts';
import { createScanners } from '../../main/scanners.ts';

test('of settings that come at once the last ones count, and nothing else goes on running', async () => {
  const hub = createScanHub({ now: () => 0, monotonic: () => 0, random: (length) => new Uint8Array(length), maxInFlight: 1 });
  const close = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));
  const scanners = createScanners({ hub, now: () => 0, onChanged: () => {}, open: () => Promise.resolve({ onData: () => {}, onClose: () => {}, write: () => Promise.resolve(), close }) });
  const settings = (name: string) => ({ serial: [{ name, path: `/dev/${name}`, baudRate: 9600, suffix: 'CR' }], hid: [] });
  await scanners.use(settings('a'));
  await Promise.all([scanners.use(settings('b')), scanners.use(settings('c'))]);
  expect(scanners.states().map(({ name }) => name)).toEqual(['c']);
  await scanners.close();
});
