import { expect, test } from 'vitest';
import { createScanHub } from '../../main/devices/scan-hub.ts';
import { createScanners } from '../../main/scanners.ts';

test('of settings that come at once the last ones count, and nothing else goes on running', async () => {
  const hub = createScanHub({ now: () => 0, monotonic: () => 0, random: (length) => new Uint8Array(length), maxInFlight: 1 });
  const close = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));
  const scanners = createScanners({ hub, onChanged: () => {}, open: () => Promise.resolve({ onData: () => {}, onClose: () => {}, close }) });
  const settings = (name: string) => [{ name, path: `/dev/${name}`, baudRate: 9600, suffix: 'CR' as const }];
  await scanners.use(settings('a'));
  await Promise.all([scanners.use(settings('b')), scanners.use(settings('c'))]);
  expect(scanners.states().map(({ name }) => name)).toEqual(['c']);
  await scanners.close();
});
