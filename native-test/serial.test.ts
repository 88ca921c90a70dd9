import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemRandom } from '../domain/crypto/random.ts';
import { createScanHub, type Scan, type ScanRefusal, type ScanRepeat } from '../main/devices/scan-hub.ts';
import { createSerialScanner, type SerialScanner, type SerialSettings, type SerialState } from '../main/devices/serial-scanner.ts';
import { createScanners } from '../main/scanners.ts';
import { zhCn } from '../renderer/i18n/zh-cn.ts';
import { noHid } from '../test/fakes/hid-devices.ts';
import { pause, plugWire, runFrames, runReplugs, until, type Wire, write } from '../test/soak/scan-runs.ts';

const code = (n: number): string => `91310000MA1K${String(n).padStart(6, '0')}`.repeat(12);

describe('a serial scanner on a real line', () => {
  let folder = '';
  let stops: (() => Promise<void>)[] = [];
  let scans: Scan[] = [];
  let repeats: ScanRepeat[] = [];
  let refusals: ScanRefusal[] = [];
  const hub = () => {
    const created = createScanHub({ now: () => 1_800_000_000_000, monotonic: () => performance.now(), random: systemRandom });
    created.onScan((scan) => void scans.push(scan));
    created.onRepeat((repeat) => void repeats.push(repeat));
    created.onRefused((refusal) => void refusals.push(refusal));
    return created;
  };
  const texts = (): string[] => scans.map((scan) => Buffer.from(scan.bytes).toString());

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'serial-'));
    [stops, scans, repeats, refusals] = [[], [], [], []];
  });
  afterEach(async () => {
    for (const stop of stops.toReversed()) await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const plug = async (name = 'a'): Promise<Wire> => {
    const wire = await plugWire(folder, name);
    stops.push(wire.unplug);
    return wire;
  };

  const listen = async (scanHub: ReturnType<typeof hub>, wire: Wire, settings: Partial<SerialSettings> = {}) => {
    const states: SerialState[] = [];
    const scanner: SerialScanner = createSerialScanner({
      settings: { path: wire.port, baudRate: 9600, suffix: 'CR', ...settings },
      submit: (bytes) => void scanHub.submit({ source: 'serial', device: scanner.id, bytes }),
      refuse: (refused) => scanHub.refuse({ code: refused, source: 'serial', device: scanner.id }),
      onState: (state) => states.push(state),
    });
    scanner.start();
    stops.push(() => scanner.stop());
    await until(() => scanner.state() === 'ready');
    return { scanner, states };
  };

  test('puts fragments together and understands every line end', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    await listen(scanHub, wire);
    for (const piece of [code(1).slice(0, 5), code(1).slice(5, 100), `${code(1).slice(100)}\r`]) {
      await write(wire.device, piece);
      await pause(30);
    }
    await write(wire.device, `${code(2)}\r\n${code(3)}\r\n`);
    await until(() => scans.length === 3);
    expect(texts()).toEqual([code(1), code(2), code(3)]);
    expect(refusals).toEqual([]);
  });

  test('without a suffix a pause ends the code', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    await listen(scanHub, wire, { suffix: 'none', idleGapMs: 60 });
    await write(wire.device, code(1));
    await until(() => scans.length === 1);
    await write(wire.device, code(2));
    await until(() => scans.length === 2);
    expect(texts()).toEqual([code(1), code(2)]);
  });

  test('takes prefix and another suffix off', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    await listen(scanHub, wire, { prefix: '\u0002', suffix: '\u0003' });
    await write(wire.device, `\u0002${code(1)}\u0003`);
    await until(() => scans.length === 1);
    expect(texts()).toEqual([code(1)]);
  });

  test('the same code twice is one scan and a repeat', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    await listen(scanHub, wire);
    await write(wire.device, `${code(1)}\r${code(1)}\r`);
    await until(() => repeats.length === 1);
    expect(scans).toHaveLength(1);
    expect(repeats[0]?.scanId).toBe(scans[0]?.scanId);
  });

  test('300 KB of garbage is refused once, and the next good code reads', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    await listen(scanHub, wire);
    const garbage = randomBytes(300_000).map((byte) => (byte === 0x0d ? 0x0e : byte));
    await write(wire.device, garbage);
    await write(wire.device, `\r${code(7)}\r`);
    await until(() => scans.length > 0, 20_000);
    expect(texts()).toEqual([code(7)]);
    expect(refusals).toEqual([{ code: 'scan/too-long', source: 'serial', device: `serial:${wire.port}` }]);
  }, 60_000);

  test('300 KB of garbage full of line ends starves nobody', async () => {
    const [mad, good, scanHub] = [await plug('mad'), await plug('good'), hub()];
    await listen(scanHub, mad);
    await listen(scanHub, good);
    const writing = write(mad.device, randomBytes(300_000));
    await write(good.device, `${code(1)}\r`);
    await until(() => texts().includes(code(1)), 20_000);
    await writing;
    await write(mad.device, `\r${code(2)}\r`);
    await until(() => texts().includes(code(2)), 20_000);
    expect(scans.find((scan) => Buffer.from(scan.bytes).toString() === code(1))?.device).toBe(`serial:${good.port}`);
  }, 60_000);

  test('comes back by itself after the plug is put in again', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    const { scanner, states } = await listen(scanHub, wire);
    await write(wire.device, code(1).slice(0, 50));
    await pause(50);
    await wire.unplug();
    await until(() => scanner.state() === 'lost', 20_000);
    const again = await plug();
    await until(() => scanner.state() === 'ready', 20_000);
    await write(again.device, `${code(2)}\r`);
    await until(() => scans.length === 1);
    // The half that was on the wire at the unplug is in no code.
    expect(texts()).toEqual([code(2)]);
    expect(states).toEqual(['ready', 'lost', 'ready']);
  });

  test('says in words that another program has the port, and takes it when it is free', async () => {
    const [wire, scanHub] = [await plug(), hub()];
    const program = path.join(import.meta.dirname, 'programs', 'port-holder.ts');
    const holder = spawn(process.execPath, [program, wire.port], { stdio: ['ignore', 'pipe', 'inherit'] });
    stops.push(async () => void holder.kill('SIGKILL'));
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const scanners = createScanners({ hub: scanHub, now: () => 0, onChanged: () => {}, hid: noHid });
    stops.push(scanners.close);
    await scanners.use({ serial: [{ path: wire.port, baudRate: 9600, suffix: 'CR', name: 'left' }], hid: [] });
    await until(() => scanners.states()[0]?.state === 'busy');
    const [device] = (await scanners.list()).devices;
    expect(device).toMatchObject({ name: 'left', state: 'busy', problem: 'device/port-busy', present: true });
    expect([zhCn.failure['device/port-busy'], zhCn.chip.scannerState.busy]).toEqual([expect.stringContaining('占用'), expect.stringContaining('占用')]);
    holder.kill('SIGKILL');
    await until(() => scanners.states()[0]?.state === 'ready');
    await write(wire.device, `${code(1)}\r`);
    await until(() => scans.length === 1);
  });

  test.each(['suffix', 'both'] as const)('2,000 frames in bursts, split at every place, with noise between (%s): none lost, merged or invented', async (marks) => {
    const count = await runFrames({ folder, frames: 2000, marks });
    expect(count).toMatchObject({ sent: 2000, lost: 0, invented: 0, outOfOrder: 0 });
    expect(count.splitsSeen).toBeGreaterThan(100);
    expect(count.noiseBytes).toBeGreaterThan(2000);
  }, 120_000);

  test('8 times unplugged in the middle of a code: back within 3 s, nothing invented, no handle left', async () => {
    const count = await runReplugs({ folder, cycles: 8 });
    expect(count).toMatchObject({ cycles: 8, lateBeyond3s: 0, codesRead: 8, invented: 0 });
    expect(count.handlesAfter).toBe(count.handlesBefore);
  }, 120_000);

  test('a port that is not there is lost, and found when it comes', async () => {
    const scanner = createSerialScanner({
      settings: { path: path.join(folder, 'a-port'), baudRate: 9600, suffix: 'CR' },
      submit: () => {},
      refuse: () => {},
      reconnectMs: 100,
    });
    stops.push(() => scanner.stop());
    scanner.start();
    await until(() => scanner.state() === 'lost');
    await plug();
    await until(() => scanner.state() === 'ready');
  });
});
