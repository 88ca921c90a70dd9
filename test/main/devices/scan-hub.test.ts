import { describe, expect, test } from 'vitest';
import { createScanHub, type Scan, type ScanRefusal, type ScanRepeat } from '../../../main/devices/scan-hub.ts';

function start(options: { maxWaitingPerDevice?: number; maxInFlight?: number } = {}) {
  let mono = 0;
  let counter = 0;
  const hub = createScanHub({
    now: () => 1_800_000_000_000 + mono,
    monotonic: () => mono,
    random: (n) => new Uint8Array(n).fill((counter += 1)),
    ...options,
  });
  const scans: Scan[] = [];
  const repeats: ScanRepeat[] = [];
  const refusals: ScanRefusal[] = [];
  hub.onRepeat((repeat) => void repeats.push(repeat));
  hub.onRefused((refusal) => void refusals.push(refusal));
  const submit = (text: string, device = 'a') => hub.submit({ source: 'serial', device, bytes: Buffer.from(text) });
  return { hub, scans, repeats, refusals, submit, pass: (ms: number) => (mono += ms) };
}

describe('the scan hub', () => {
  test('gives every new code an id and a time', () => {
    const { hub, scans, submit } = start();
    hub.onScan((scan) => void scans.push(scan));
    const result = submit('one');
    expect(scans).toHaveLength(1);
    expect(scans[0]).toMatchObject({ device: 'a', source: 'serial', receivedAt: 1_800_000_000_000 });
    expect(scans[0]?.scanId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(result).toEqual({ ok: true, value: { scanId: scans[0]?.scanId, repeat: false } });
  });

  test('one scan as long as the phone stays under the scanner, a new one 4 s after it was last seen', () => {
    const { hub, scans, repeats, submit, pass } = start();
    hub.onScan((scan) => void scans.push(scan));
    submit('one');
    for (let i = 0; i < 10; i++) {
      pass(3999);
      expect(submit('one', i % 2 === 0 ? 'a' : 'camera')).toMatchObject({ ok: true, value: { repeat: true } });
    }
    expect([scans.length, repeats.length]).toEqual([1, 10]);
    expect(repeats.every((repeat) => repeat.scanId === scans[0]?.scanId)).toBe(true);
    pass(4000);
    submit('one');
    expect(scans).toHaveLength(2);
  });

  test('another code in between does not end the repeat window, the next person does', () => {
    const { hub, scans, submit } = start();
    hub.onScan((scan) => void scans.push(scan));
    for (const text of ['one', 'two', 'one']) submit(text);
    expect(scans).toHaveLength(2);
    hub.forgetRepeats();
    submit('one');
    expect(scans).toHaveLength(3);
  });

  test('refuses what is too long or empty without looking at it, and says so once a second', () => {
    const { hub, scans, refusals, submit, pass } = start();
    hub.onScan((scan) => void scans.push(scan));
    expect(submit('x'.repeat(4096)).ok).toBe(true);
    for (let i = 0; i < 5; i++) expect(submit('x'.repeat(4097))).toEqual({ ok: false, failure: { code: 'scan/too-long' } });
    expect(submit('').ok).toBe(false);
    expect(refusals).toHaveLength(1);
    pass(1000);
    submit('x'.repeat(5000));
    expect(refusals).toHaveLength(2);
    expect(scans).toHaveLength(1);
  });

  test('a stuck scanner starves only itself, and its newest code survives', async () => {
    const { hub, refusals, submit } = start({ maxInFlight: 1, maxWaitingPerDevice: 2 });
    const done: string[] = [];
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    hub.onScan(async (scan) => {
      await gate;
      done.push(`${scan.device}:${Buffer.from(scan.bytes).toString()}`);
    });
    for (let i = 0; i < 50; i++) submit(`garbage ${i}`, 'mad');
    submit('good 1', 'good');
    release();
    await hub.idle();
    expect(done).toEqual(['mad:garbage 0', 'mad:garbage 48', 'good:good 1', 'mad:garbage 49']);
    expect(refusals).toEqual([{ code: 'scan/busy', source: 'serial', device: 'mad' }]);
  });

  test('a listener that fails does not stop the next scan', async () => {
    const { hub, scans, submit } = start({ maxInFlight: 1 });
    hub.onScan(async (scan) => {
      scans.push(scan);
      await Promise.reject(new Error('a bug'));
    });
    submit('one');
    submit('two');
    await hub.idle();
    expect(scans).toHaveLength(2);
  });

  test('a listener that has left hears nothing', () => {
    const { hub, scans, submit } = start();
    hub.onScan((scan) => void scans.push(scan))();
    submit('one');
    expect(scans).toEqual([]);
  });

  test('a code that was given up unverified is no repeat when it is shown again', async () => {
    const { hub, scans, submit } = start({ maxWaitingPerDevice: 1, maxInFlight: 1 });
    const finish: (() => void)[] = [];
    hub.onScan((scan) => {
      scans.push(scan);
      return new Promise((resolve) => finish.push(resolve));
    });
    for (const text of ['one', 'two', 'three']) submit(text);
    expect(submit('two')).toMatchObject({ value: { repeat: false } });
    expect(submit('one')).toMatchObject({ value: { repeat: true } });
  });

  test('what waits when the next person comes is not read for that person', async () => {
    const { hub, scans, submit } = start({ maxInFlight: 1 });
    let finish = (): void => {};
    hub.onScan((scan) => {
      scans.push(scan);
      return new Promise((resolve) => (finish = resolve));
    });
    submit('one');
    submit('two');
    hub.dropWaiting();
    finish();
    await hub.idle();
    expect(scans).toHaveLength(1);
  });
});
